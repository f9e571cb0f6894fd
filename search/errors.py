"""What can go wrong in search; every message names the value and the fix."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class SearchError(Exception):
    """Root of every error that search raises."""


class UnknownFaq(SearchError):
    """An FAQ id that no loaded file has."""

    def __init__(self, faq_id: str) -> None:
        super().__init__(f"no FAQ has the id {faq_id!r}: take one of data/faq/<category>/<id>.md")
        self.faq_id = faq_id


class IndexUnusable(SearchError):
    """The index folder can be neither opened nor built."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in a content file, with its place and its fix."""

    path: Path
    line: int
    reason: str
    fix: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}; {self.fix}"


class BadContent(SearchError):
    """Content files that may not go live; `problems` says where and why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
