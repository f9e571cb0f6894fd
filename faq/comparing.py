"""`faq diff`: which questions are answered differently on the two sides of a change."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faq import golden, words
from faq.errors import NoRevision
from search import Engine, Settings, open_engine
from search.generation import Progress


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose answer differs. before, after: (band, FAQ id or None).

    expected: the FAQ that golden.jsonl names for it, None for a customer's question.
    """

    text: str
    before: tuple[str, str | None]
    after: tuple[str, str | None]
    expected: str | None

    @property
    def worse(self) -> bool:
        """Tell whether a golden question lost its FAQ."""
        return self.expected is not None and self.after[1] != self.expected == self.before[1]

    @property
    def better(self) -> bool:
        """Tell whether a golden question got its FAQ."""
        return self.expected is not None and self.before[1] != self.expected == self.after[1]

    def as_json(self) -> dict[str, Any]:
        """Show the change to programs."""
        sides = {
            side: {"band": band, "faq": faq}
            for side, (band, faq) in (("before", self.before), ("after", self.after))
        }
        return {
            "text": self.text,
            "expected": self.expected,
            **sides,
            "worse": self.worse,
            "better": self.better,
        }


def compare(
    before: Engine, after: Engine, goldens: Iterable[golden.Golden], asked: Iterable[str]
) -> tuple[list[Change], int]:
    """Rank golden and customers' questions on both sides; returns the changes and the number."""
    wanted = {entry.text: entry.faq for entry in goldens}
    texts: dict[str, str | None] = {**dict.fromkeys(asked), **wanted}
    changes = []
    for text, expected in texts.items():
        was, now = _answer(before, text), _answer(after, text)
        if was != now:
            changes.append(Change(text, was, now, expected))
    changes.sort(key=lambda change: (not change.worse, not change.better, change.text))
    return changes, len(texts)


def lines(changes: list[Change], total: int, before: Engine, after: Engine) -> list[str]:
    """Put changes into lines to read, lost golden questions first."""
    if not changes:
        return [words.say("diff.same", count=total)]
    found = []
    for change in changes:
        if change.worse:
            found.append(
                words.say(
                    "diff.regression",
                    text=change.text,
                    expected=_title(after, change.expected),
                    after=_title(after, change.after[1]),
                    after_id=change.after[1],
                )
            )
        elif change.better:
            title = _title(after, change.expected)
            found.append(words.say("diff.fixed", text=change.text, expected=title))
        else:
            sides = {
                side: words.say(
                    "diff.band",
                    question=_title(engine, faq),
                    band=words.name("diff.bands", band),
                )
                for side, engine, (band, faq) in (
                    ("before", before, change.before),
                    ("after", after, change.after),
                )
            }
            found.append(words.say("diff.changed", text=change.text, **sides))
    worse = sum(change.worse for change in changes)
    better = sum(change.better for change in changes)
    found.append(
        words.say("diff.summary", count=total, changed=len(changes), worse=worse, better=better)
    )
    return found


def checkout(data: Path, revision: str, target: Path) -> Path:
    """Write the content folder as a git revision has it under `target`; raises NoRevision."""
    top = _said(_git(data, "rev-parse", "--show-toplevel"))
    if not top:
        raise NoRevision(words.say("diff.errors.repository", folder=data))
    if not _said(_git(data, "rev-parse", "--verify", "--end-of-options", revision + "^{tree}")):
        raise NoRevision(words.say("diff.errors.revision", revision=revision))
    # `:./` is the content folder, be it the repository or a part of it.
    tree = _said(_git(data, "rev-parse", "--verify", "--end-of-options", revision + ":./"))
    # From the top: elsewhere archive would look for the folder inside the folder.
    archive = _git(Path(top), "archive", tree) if tree else None
    if archive is None or archive.returncode:
        raise NoRevision(words.say("diff.errors.folder", revision=revision, folder=data))
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(  # noqa: S603
        ["tar", "-x", "-C", str(target)],  # noqa: S607
        input=archive.stdout,
        check=True,
    )
    return target


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(folder), *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise NoRevision(words.say("diff.errors.git")) from None


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return what git printed; nothing when it failed."""
    return "" if done.returncode else done.stdout.decode().strip()


@contextlib.contextmanager
def revision_engine(settings: Settings, revision: str, progress: Progress) -> Iterator[Engine]:
    """Open an engine on the content of a git revision; its index goes again at the end."""
    with tempfile.TemporaryDirectory(prefix="faq-diff-") as name:
        data = checkout(settings.data.resolve(), revision, Path(name) / "data")
        yield open_engine(Settings(data, Path(name) / "index"), progress=progress)


def _answer(engine: Engine, text: str) -> tuple[str, str | None]:
    ranking = engine.rank(text, limit=1)
    if ranking.topic is not None and ranking.topic != "human":
        return ranking.band, None
    return ranking.band, ranking.hits[0].id if ranking.hits else None


def _title(engine: Engine, faq_id: str | None) -> str:
    if faq_id is None:
        return words.say("diff.nothing")
    faq = engine.generation.content.faqs.get(faq_id)
    return faq.question if faq is not None else faq_id
