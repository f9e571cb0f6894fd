"""Problems of content files in editors' words: which file, which line, why, how to fix it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from faq import words
from search.documents import Faq
from search.errors import Problem
from search.reasons import Reason

# Of an FAQ that is gone: others name it, and voices may still be kept for it.
SERVED = frozenset(("related-unknown", "no-voice-owner"))


@dataclass(frozen=True, slots=True)
class Trouble:
    """One problem.

    file: below the content folder. faq: the id of the FAQ whose page fixes it.
    served: all is live all the same; it only names an FAQ that is gone, or holds ways of asking
    for one.
    """

    file: str
    line: int
    why: str
    fix: str
    faq: str | None
    served: bool


def tell(problems: Iterable[Problem], data: Path, faqs: Mapping[str, Faq]) -> list[Trouble]:
    """Put problems into editors' words, without the server's own paths."""
    return [_told(problem, data, faqs) for problem in problems]


def below(data: Path, text: str) -> str:
    """Shorten the content folder's paths in a text to what lies below it."""
    return text.replace(f"{data}/", "")


def _told(problem: Problem, data: Path, faqs: Mapping[str, Faq]) -> Trouble:
    why, fix = words.translate(problem.reason, problem.fix)
    reason = problem.reason
    known = faqs.get(problem.path.stem)
    faq = known.id if known is not None and known.path == problem.path else None
    served = isinstance(reason, Reason) and reason.code in SERVED
    name = below(data, str(problem.path))
    return Trouble(name, problem.line, below(data, why), fix, faq, served)
