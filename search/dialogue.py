"""What the bot reads of the lexicon beside the ranking: details to pick up, replies to understand.

The bot uses the values, as they were when last good; `faq check` and the running web only see that
the files have their shape.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

from search.errors import BadContent, Problem
from search.kept import ACCEPTED, Kept, load_mapping
from search.reasons import because
from search.settings import Settings

Value = TypeVar("Value")

DETAILS = "lexicon/details.yml"
REPLIES = "lexicon/replies.yml"
KINDS = ("error_text", "order_number", "amount", "time")
ASIDE = "aside"  # what is taken off a message with a detail, so its patterns keep nothing
COMMON = ("solved", "solved_after", "still", "unknown", "skip", "stop", "yes", "no")
LISTS = (
    "secret_marks", "secret_words", "human_within", "human_within_not", "question_marks",
    "particles",
)  # fmt: skip
_FIX_LIST = "write one `- …` line per entry"


class Made(Generic[Value]):
    """Calling it gives what is made of both files, made anew when one of them changed."""

    def __init__(self, make: Callable[[dict[str, Any], dict[str, Any]], Value]) -> None:
        self._make = make
        self._of: tuple[dict[str, Any], dict[str, Any]] | None = None
        self._value: Value | None = None

    def __call__(self) -> Value:
        """Return the value; raises BadContent where a file never was good."""
        details, replies = _followed(Settings.from_env())
        now = details(), replies()
        before = self._of
        if before is None or now[0] is not before[0] or now[1] is not before[1]:
            self._value, self._of = self._make(*now), now
        assert self._value is not None  # noqa: S101 - made just now, or before
        return self._value


@functools.lru_cache(maxsize=4)
def _followed(settings: Settings) -> tuple[Kept[dict[str, Any]], Kept[dict[str, Any]]]:
    own = settings.index.parent / ACCEPTED
    return (
        Kept(settings.data / DETAILS, read_details, own / DETAILS),
        Kept(settings.data / REPLIES, read_replies, own / REPLIES),
    )


def read_details(path: Path, raw: bytes) -> dict[str, dict[str, list[str]]]:
    """Read the patterns of each detail: detail → "anywhere" and "bare" → patterns.

    Raises BadContent.
    """
    found = load_mapping(path, raw)
    kinds = dict.fromkeys((*KINDS, ASIDE, *found))
    problems = [one for kind in kinds for one in _detail(path, kind, found.get(kind))]
    return _good(found, problems)


def read_replies(path: Path, raw: bytes) -> dict[str, Any]:
    """Read the words of replies; raises BadContent."""
    found = load_mapping(path, raw)
    problems = [*_lists(path, found, LISTS)]
    if not isinstance(found.get("common"), dict):
        problems.append(
            Problem(path, 1, because("no-mapping", field="common"), "write `name: …` lines")
        )
    if not problems:
        problems += _lists(path, found["common"], tuple(dict.fromkeys((*COMMON, *found["common"]))))
    return _good(found, problems)


def _good(found: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    if problems:
        raise BadContent(tuple(problems))
    return found


def _detail(path: Path, kind: str, said: object) -> Iterator[Problem]:
    if not isinstance(said, dict):
        yield Problem(path, 1, because("no-mapping", field=kind), "write `name: …` lines")
        return
    yield from _lists(path, said, tuple(dict.fromkeys(("anywhere", "bare", *said))))
    for patterns in said.values():
        for pattern in patterns if isinstance(patterns, list) else ():
            try:
                groups = re.compile(str(pattern)).groupindex
            except re.error as error:
                yield Problem(
                    path, 1, because("bad-pattern", pattern=pattern, detail=error), "correct it"
                )
                continue
            if kind != ASIDE and "value" not in groups:
                fix = "mark what is kept as (?P<value>…)"
                yield Problem(path, 1, because("keeps-nothing", pattern=pattern), fix)


def _lists(path: Path, found: dict[str, Any], names: tuple[str, ...]) -> Iterator[Problem]:
    for name in names:
        entries = found.get(name)
        if not isinstance(entries, list):
            yield Problem(path, 1, because("no-list", field=name), _FIX_LIST)
        elif not all(_is_text(entry) for entry in entries):
            yield Problem(path, 1, because("holds-no-text", field=name), "put the entry in quotes")


def _is_text(entry: object) -> bool:
    return isinstance(entry, (str, int)) and not isinstance(entry, bool)
