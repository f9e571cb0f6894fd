"""The form by which conversations are judged, as data/review.yml gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_POINTS = 10
MOST_EACH = 20
MOST_CRITERIA = 20


class BadForm(ValueError):
    """The form cannot be used; the message names the entry and the fix.

    kind: "none", "criterion", "points" or "number"; values: what its words name.
    """

    def __init__(self, message: str, kind: str, **values: object) -> None:
        super().__init__(message)
        self.kind = kind
        self.values = values


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is judged, with nought to `points` points.

    grave: nought in it makes the whole review nought.
    """

    id: str
    title: str
    hint: str = ""
    points: int = 5
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What is judged. each: of how many conversations of each agent one draw takes.

    pass_share: per cent of the points from which on a conversation went well.
    """

    criteria: tuple[Criterion, ...] = ()
    each: int = 2
    pass_share: int = 80

    @classmethod
    def of(cls, raw: Any) -> Form:
        """Take what the file says; raises BadForm."""
        said = raw.get("criteria") if isinstance(raw, dict) else None
        if not isinstance(said, dict) or not 1 <= len(said) <= MOST_CRITERIA:
            raise BadForm(f"criteria: write 1 to {MOST_CRITERIA} of them", "none")
        criteria = tuple(_criterion(str(name), entry) for name, entry in said.items())
        each = _whole("each", raw.get("each", 2), MOST_EACH)
        share = _whole("pass_share", raw.get("pass_share", 80), 100)
        return cls(criteria, each, share)

    @property
    def most(self) -> int:
        """Give the most points that can be had."""
        return sum(one.points for one in self.criteria)

    def share(self, given: Mapping[str, int]) -> int:
        """Return the per cent of the points that were given, nought after a grave nought."""
        if any(one.grave and given[one.id] == 0 for one in self.criteria):
            return 0
        return round(100 * sum(given[one.id] for one in self.criteria) / self.most)


def _criterion(name: str, entry: Any) -> Criterion:
    said = entry if isinstance(entry, dict) else {}
    title, hint, grave = said.get("title"), said.get("hint", ""), said.get("grave", False)
    words = isinstance(title, str) and title.strip() and isinstance(hint, str)
    unknown = set(said) - {"title", "hint", "points", "grave"}
    if not words or not isinstance(grave, bool) or unknown:
        raise BadForm(
            f"{name}: write title, points and, if wanted, hint, grave", "criterion", name=name
        )
    points = said.get("points", 5)
    if not _is_whole(points, MOST_POINTS):
        message = f"{name}: {points!r} points are no whole number from 1 to {MOST_POINTS}"
        raise BadForm(message, "points", name=name, value=points, most=MOST_POINTS)
    return Criterion(name, str(title).strip(), hint.strip(), points, grave)


def _whole(name: str, value: Any, most: int) -> int:
    if not _is_whole(value, most):
        message = f"{name}: {value!r} is no whole number from 1 to {most}"
        raise BadForm(message, "number", name=name, value=value, most=most)
    return int(value)


def _is_whole(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most
