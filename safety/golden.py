"""The sentences that the words of safety must hear, and must not: data/safety/golden.jsonl."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from safety.fraud import Fraud
from safety.life import Life

NONE = "none"


@dataclass(frozen=True, slots=True)
class Case:
    """A message and what it must be heard as.

    file: `life` or `fraud`. wanted: `cry`, a stage of fraud, or `none`.
    """

    text: str
    file: str
    wanted: str


class Golden:
    """All cases."""

    def __init__(self, cases: tuple[Case, ...]) -> None:
        self.cases = cases

    @classmethod
    def read(cls, path: Path) -> Golden:
        """Read golden.jsonl; raises ValueError or KeyError for a line that is no case."""
        rows = map(json.loads, filter(str.strip, path.read_text(encoding="utf-8").splitlines()))
        return cls(tuple(Case(row["text"], row["file"], row["wanted"]) for row in rows))

    def missed(
        self,
        path: Path,
        normalise: Callable[[str], str],
        stories: Path | None = None,
        kept: Path | None = None,
    ) -> Iterator[tuple[Case, str]]:
        """List the cases that a life.yml or fraud.yml gets wrong, and what it hears instead.

        stories, kept: as for `Fraud.read`. Raises what reading the file raises.
        """
        hear = _hearing(path, normalise, stories, kept)
        for case in self.cases:
            if case.file == path.stem and (heard := hear(case.text)) != case.wanted:
                yield case, heard


def _hearing(
    path: Path, normalise: Callable[[str], str], stories: Path | None, kept: Path | None
) -> Callable[[str], str]:
    if path.stem == "life":
        life = Life.read(path, normalise)
        return lambda text: "cry" if life.cries_for_help(text) else NONE
    fraud = Fraud.read(path, normalise, stories, kept)
    return lambda text: fraud.stage_of(text).id if fraud.is_told_by(text) else NONE
