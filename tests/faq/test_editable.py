"""Every file of the content folder has its page, or is named with why it has none."""

from __future__ import annotations

from fnmatch import fnmatch

from faq.editable import EDITABLE, PARTS, is_words, pageless, said
from tests.faq.conftest import ROOT

DATA = ROOT / "data"
NAMES = sorted(
    path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()
)  # fmt: skip


def test_every_file_has_a_page_or_the_reason_why_not() -> None:
    articles = ("faq/*.md", "announcements/*.md")
    for name in NAMES:
        paged = is_words(name) or any(fnmatch(name, pattern) for pattern in articles)
        named = [pattern for pattern in pageless() if fnmatch(name, pattern)]
        assert paged != bool(named), name
        assert len(named) <= 1, name
    assert all(len(why) > 10 for why in pageless().values())


def test_every_page_has_its_file_and_its_words() -> None:
    for name, file in EDITABLE.items():
        assert name in NAMES
        assert file.title
        assert file.hint
        assert file.part in PARTS
    assert set(said()["files"]) == set(EDITABLE)
    assert set(said()["parts"]) == set(PARTS)
