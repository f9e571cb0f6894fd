"""FAQs that were deleted, with what they held last; git and our own versions alike."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from faq.errors import NoRevision
from faq.store import Store
from search.documents import Faq, read_faq

SHOWN = 50
_NAME = re.compile(r"faq/[a-z0-9-]+/[a-z0-9]+(?:-[a-z0-9]+)*\.md")


@dataclass(frozen=True, slots=True)
class Deleted:
    """A deleted FAQ.

    revision and text: its last version. faq: what that says, None where it cannot be read.
    at and who: of the deletion.
    """

    id: str
    category: str
    revision: str
    text: str
    faq: Faq | None
    at: dt.datetime
    who: str


def every(data: Path, store: Store, variables: frozenset[str]) -> list[Deleted]:
    """List the deleted FAQs, the latest first."""
    names = store.history.deleted()
    # An FAQ that only went to another category is still there.
    present = {path.stem for path in (data / "faq").glob("*/*.md")}
    names = [name for name in names if _NAME.fullmatch(name) and Path(name).stem not in present]
    found = [_last(data, store, name, variables) for name in names[:SHOWN]]
    return sorted((gone for gone in found if gone), key=lambda gone: gone.at, reverse=True)


def one(
    data: Path, store: Store, category: str, faq_id: str, variables: frozenset[str]
) -> Deleted | None:
    """Return one deleted FAQ, None where there was none."""
    name = f"faq/{category}/{faq_id}.md"
    if not _NAME.fullmatch(name) or (data / name).exists():
        return None
    return _last(data, store, name, variables)


def _last(data: Path, store: Store, name: str, variables: frozenset[str]) -> Deleted | None:
    versions = store.versions(name)
    for version in versions:
        try:
            text = store.text_of(name, version.revision)
        except NoRevision:
            continue  # the deletion itself
        faq, _ = read_faq(data / name, text, variables)
        path = Path(name)
        gone = versions[0]
        return Deleted(path.stem, path.parent.name, version.revision, text, faq, gone.at, gone.who)
    return None
