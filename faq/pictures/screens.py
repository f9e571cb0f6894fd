"""What a drawing shows: a screen of the App as a small YAML file beside the drawing describes it.

Only what has a name in our sources is named; anything else of a screen stays a grey bar, `~`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search.errors import BadContent, Problem
from search.kept import load_mapping

KEYS = ("title", "bar", "back", "parts", "nav", "steps")
# kind of a part → what else it may say; every part may say which tap it is.
PARTS: Mapping[str, tuple[str, ...]] = {
    "row": ("value",),
    "tiles": (),
    "field": ("value",),
    "button": (),
    "link": (),
    "dialog": ("answers",),
    "entry": (),
    "fact": ("value",),
    "search": (),
    "heading": (),
    "switch": ("set",),
    "choice": ("chosen",),
    "bubble": ("mine",),
    "composer": (),
    "notice": (),
    "scan": (),
    "code": (),
    "blank": (),
}
LISTED = ("tiles", "nav", "answers")  # hold several places to tap, told as {name: tap}
MOST_PARTS, MOST_STEPS = 7, 4


@dataclass(frozen=True, slots=True)
class Spot:
    """Something with a name (None: a grey bar) that may be tapped. tap: its number, 0 for none."""

    name: str | None = None
    tap: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a screen, from top to bottom. spots: of a kind that holds several."""

    kind: str
    spot: Spot
    spots: tuple[Spot, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Screen:
    """A described screen. title: what it shows; bar: its heading; steps: what each tap does."""

    title: str
    bar: str
    back: bool
    parts: tuple[Part, ...]
    nav: tuple[Spot, ...]
    steps: tuple[str, ...]


def read(path: Path, raw: bytes) -> Screen:
    """Read a description; raises BadContent, which names every fault."""
    found = load_mapping(path, raw)
    problems: list[Problem] = []

    def bad(reason: str, fix: str) -> None:
        problems.append(Problem(path, 1, reason, fix))

    for key in found:
        if key not in KEYS:
            bad(f"unknown field {key!r}", f"use {', '.join(KEYS)}")
    texts = {}
    for key in ("title", "bar"):
        value = found.get(key, "")
        if not isinstance(value, str) or not value.strip():
            bad(f"{key} is missing", f"write `{key}:`")
        texts[key] = str(value).strip()
    parts = [_part(one, bad) for one in _list(found, "parts", bad)]
    nav = tuple(_spot(one, bad) for one in _list(found, "nav", bad))
    steps = tuple(str(one).strip() for one in _list(found, "steps", bad))
    if not 1 <= len(parts) <= MOST_PARTS or len(steps) > MOST_STEPS:
        bad("parts or steps are too many or none", f"{MOST_PARTS} parts, {MOST_STEPS} steps")
    spots = [spot for part in parts for spot in (part.spot, *part.spots)] + list(nav)
    taps = sorted(spot.tap for spot in spots if spot.tap)
    if taps != list(range(1, len(steps) + 1)):
        bad(f"taps {taps} do not go with {len(steps)} steps", "number the taps as the steps are")
    if problems:
        raise BadContent(tuple(problems))
    return Screen(texts["title"], texts["bar"], found.get("back") is True, tuple(parts), nav, steps)


def _part(value: Any, bad: Any) -> Part:
    """Read `- row: 交易记录`, with what else the part says."""
    if isinstance(value, str):
        value = {value: None}
    kinds = [key for key in value if key in PARTS] if isinstance(value, dict) else []
    if len(kinds) != 1:
        bad(f"no part of a screen: {value!r}", f"use one of {', '.join(PARTS)}")
        return Part("blank", Spot())
    kind = kinds[0]
    more = {key: said for key, said in value.items() if key not in (kind, "tap")}
    for key in more:
        if key not in PARTS[kind]:
            bad(f"{kind} says {key!r}", f"{kind} may say {', '.join((*PARTS[kind], 'tap'))}")
    said, tap = value[kind], value.get("tap", 0)
    listed = said if kind == "tiles" else more.pop("answers", [])
    spots = tuple(_spot(one, bad) for one in (listed if isinstance(listed, list) else []))
    name = said if isinstance(said, str) else None
    if not isinstance(tap, int) or (said is not None and not isinstance(said, str | list)):
        bad(f"{kind} is {said!r}", "write a text, or ~ for a grey bar")
        tap = 0
    return Part(kind, Spot(name, tap), spots, more)


def _spot(value: Any, bad: Any) -> Spot:
    """Read a name, ~, or {name: tap}."""
    if isinstance(value, dict) and len(value) == 1:
        ((name, tap),) = value.items()
        if isinstance(name, str) and isinstance(tap, int):
            return Spot(name, tap)
    if value is not None and not isinstance(value, str):
        bad(f"no place to tap: {value!r}", "write a name, ~ or {name: 1}")
        return Spot()
    return Spot(value)


def _list(found: Mapping[str, Any], key: str, bad: Any) -> list[Any]:
    value = found.get(key, [])
    if not isinstance(value, list):
        bad(f"{key} is no list", "write one `- …` line per entry")
        return []
    return value
