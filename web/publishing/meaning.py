"""What a draft of the desk's own files comes to, in sentences: goals, reviews, days of keeping."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from faq import kinds, retention, words
from faq.editable import Editable
from web.publishing.rehearsal import Told

# How much of each class is older than these days allow.
Due = Callable[[retention.Retention], Mapping[str, int]]


def means(file: Editable, text: str, data: Path, due: Due) -> list[Told]:
    """Say what a draft means; raises BadContent."""
    return [Told("note", said) for said in _SAID[file.name](data / file.name, text.encode(), due)]


def _goals(path: Path, raw: bytes, _due: Due) -> Iterator[str]:
    goals = asdict(kinds.read_goals(path, raw))
    yield from (words.say(f"rehearsal.goals-{one}", **goals) for one in ("answer", "wait", "kept"))


def _review(path: Path, raw: bytes, _due: Due) -> Iterator[str]:
    form = kinds.read_review(path, raw)
    enough = -(-form.most * form.pass_share // 100)
    yield words.say("rehearsal.review-all", most=form.most, enough=enough, each=form.each)
    for one in form.criteria:
        name = "review-grave" if one.grave else "review-one"
        yield words.say(f"rehearsal.{name}", title=one.title, points=one.points, hint=one.hint)


def _kept(path: Path, raw: bytes, due: Due) -> Iterator[str]:
    kept = retention.read(path, raw)
    gone = due(kept)
    for name, days in asdict(kept).items():
        called, count = words.name("kept", name), gone.get(name, 0)
        what = "kept-all" if days is None else "kept-days" if count else "kept-none"
        yield words.say(f"rehearsal.{what}", name=called, days=days, count=count)


_SAID: Mapping[str, Callable[[Path, bytes, Due], Iterator[str]]] = {
    kinds.GOALS: _goals,
    kinds.REVIEW: _review,
    retention.FILE: _kept,
}
