"""What differs between two versions of a file, in the words that customers or editors read.

An article is compared as it is rendered, paragraph by paragraph and step by step; other files are
compared entry by entry, under the names that lead to them.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from faq import words
from faq.kinds import HOURS
from search.documents import LOADER, Faq, read_faq
from search.fields import DECLARED
from web.publishing.paragraphs import Block, blocks

Op = Literal["same", "gone", "new"]
Render = Callable[[str], str]
CLOSE = 0.35  # likeness from which two paragraphs are one that was changed


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, step or entry. kind: its tag, or `line`. parts: its text, piece by piece.

    mark: what stands before it: a step's number, a dot, an entry's name.
    """

    kind: str
    parts: tuple[tuple[Op, str], ...]
    mark: str = ""

    @property
    def changed(self) -> bool:
        """Tell whether anything of it differs."""
        return any(op != "same" for op, _ in self.parts)


@dataclass(frozen=True, slots=True)
class Part:
    """A field of an article, or a whole other file, with its lines in order.

    name: of the field, "" for a file. title: as editors call it.
    """

    name: str
    title: str
    lines: tuple[Line, ...]

    @property
    def changed(self) -> bool:
        """Tell whether anything of it differs."""
        return any(line.changed for line in self.lines)


def compare(
    name: str, before: str | None, after: str | None, variables: Mapping[str, str], render: Render
) -> list[Part]:
    """Compare two versions of a file; None is one that is not there.

    render: Markdown to HTML as on the customers' page.
    """
    if name.startswith("announcements/"):
        return _parts(_notice(before, render), _notice(after, render))
    if name.endswith(".md"):
        known = frozenset(variables)
        return _parts(_article(name, before, known, render), _article(name, after, known, render))
    return _parts({"": _entries(name, before)}, {"": _entries(name, after)})


def is_changed(parts: Sequence[Part]) -> bool:
    """Tell whether two versions differ in anything that is shown."""
    return any(part.changed for part in parts)


def worth_showing(parts: Sequence[Part]) -> list[Part]:
    """Leave out what did not change and is no part of the answer as customers read it."""
    found = []
    for part in parts:
        if part.name in ("question", "answer"):
            found.append(part)
        elif part.changed:
            lines = tuple(line for line in part.lines if line.changed)
            found.append(Part(part.name, part.title, lines))
    return found


def _article(
    name: str, text: str | None, known: frozenset[str], render: Render
) -> dict[str, list[Block]]:
    if text is None:
        return {}
    faq, _ = read_faq(Path(name), text, known)
    if faq is None:  # from before it was moved, it has another id or category than its name now
        faq, _ = read_faq(_place(text), text, known)
    if faq is None:  # written badly by hand: there is nothing to render
        return {"": [("line", "", line) for line in text.splitlines()]}
    found: dict[str, list[Block]] = {"question": [("h2", "", faq.question)]}
    found["answer"] = blocks(render(faq.answer))
    for item in DECLARED:
        if item.attribute not in ("id", "category", "question", "answer", "updated"):
            found[item.attribute] = _field(faq, item.attribute)
    return found


def _place(text: str) -> Path:
    """Return where an FAQ says that it lies."""
    head = text.partition("---\n")[2].partition("\n---\n")[0]
    said = {
        key: value.strip() for key, _, value in (line.partition(":") for line in head.split("\n"))
    }
    return Path("faq", said.get("category", ""), f"{said.get('id', '')}.md")


def _field(faq: Faq, attribute: str) -> list[Block]:
    value = getattr(faq, attribute)
    if value in (None, "", (), False):
        return []
    if value is True:
        return [("line", "", words.say("table.yes"))]
    if isinstance(value, tuple):
        pairs = (one if isinstance(one, tuple) else ("", one) for one in value)
        return [("line", mark, str(text)) for mark, text in pairs]
    return [("line", "", str(value))]


def _notice(text: str | None, render: Render) -> dict[str, list[Block]]:
    if text is None:
        return {}
    head, _, body = text.partition("---\n")[2].partition("\n---\n")
    pairs = (line.partition(":") for line in head.splitlines())
    lines: list[Block] = [("line", name.strip(), value.strip()) for name, _, value in pairs]
    return {"": lines, "answer": blocks(render(body))}


def _entries(name: str, text: str | None) -> list[Block]:
    """List a file's texts with the names that lead to them."""
    if text is None:
        return []
    try:
        if name.endswith(".yml"):
            found = yaml.load(text, Loader=LOADER)  # noqa: S506 - a SafeLoader
            lines = leaves(found)
            if name == HOURS:
                lines = [(_named(path), _days(value)) for path, value in lines]
            return [("line", " › ".join(path), value) for path, value in lines]
        if name.endswith(".jsonl"):
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
            return [("line", str(row["faq"]), str(row["text"])) for row in rows]
    except (yaml.YAMLError, ValueError, KeyError, TypeError):
        pass  # not what it should be: shown as it is written
    return [("line", "", line) for line in text.splitlines()]


def _named(path: Sequence[str]) -> tuple[str, ...]:
    """Call what leads to a line of the opening hours as their page does."""
    known = {**words.table("hours.weeks"), **words.table("hours.parts")}
    return tuple(known.get(one) or _days(one) for one in path if one != "channels")


def _days(text: str) -> str:
    """Read a weekday or a range of them; anything else is left as it is."""
    known = words.table("hours.days")
    first, _, last = text.partition("-")
    if first not in known or (last or first) not in known:
        return text
    both = {"first": known[first], "last": known.get(last)}
    return words.say("hours.range", **both) if last else str(known[first])


def leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    """List the texts of a YAML value with the names that lead to each.

    Entries of a list are told apart by `id`, `name`, `title` or `collect` where they have one.
    """
    if isinstance(value, Mapping):
        return [leaf for key, one in value.items() for leaf in leaves(one, (*path, str(key)))]
    if isinstance(value, (list, tuple)):
        found = []
        for one in value:
            called = next(
                (one[key] for key in ("id", "name", "title", "collect") if key in one), None
            ) if isinstance(one, Mapping) else None  # fmt: skip
            found += leaves(one, (*path, str(called)) if called is not None else path)
        return found
    return [(path, "" if value is None else str(value))]


def _parts(before: dict[str, list[Block]], after: dict[str, list[Block]]) -> list[Part]:
    names = list(dict.fromkeys([*after, *before]))
    found = []
    for name in names:
        lines = _lines(before.get(name, []), after.get(name, []))
        if lines:
            found.append(Part(name, words.say(f"fields.{name}") if name else "", tuple(lines)))
    return found


def _lines(before: list[Block], after: list[Block]) -> list[Line]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    found: list[Line] = []
    for op, a, b, c, d in matcher.get_opcodes():
        if op == "equal":
            found += [Line(kind, (("same", text),), mark) for kind, mark, text in after[c:d]]
        else:
            found += _changed(before[a:b], after[c:d])
    return found


def _changed(before: list[Block], after: list[Block]) -> list[Line]:
    """Pair what was changed with what it was; the rest is gone or new."""
    found: list[Line] = []
    left = list(before)
    for kind, mark, text in after:
        near = [(_likeness(one, (kind, mark, text)), place) for place, one in enumerate(left)]
        best, place = max(near, default=(0.0, 0), key=lambda item: (item[0], -item[1]))
        if best < CLOSE:
            found.append(Line(kind, (("new", text),), mark))
            continue
        found += [Line(one[0], (("gone", one[2]),), one[1]) for one in left[:place]]
        found.append(Line(kind, _within(left[place][2], text), mark))
        left = left[place + 1 :]
    return [*found, *(Line(one[0], (("gone", one[2]),), one[1]) for one in left)]


def _likeness(one: Block, other: Block) -> float:
    if one[0] == other[0] == "line" and one[1] and other[1] and one[1] != other[1]:
        return 0.0  # what is said of another day, or under another name, is something else
    same_name = bool(one[1]) and one[1] == other[1]
    ratio = difflib.SequenceMatcher(None, one[2], other[2], autojunk=False).ratio()
    return max(ratio, CLOSE if same_name and one[0] == other[0] == "line" else 0.0)


def _within(before: str, after: str) -> tuple[tuple[Op, str], ...]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    found: list[tuple[Op, str]] = []
    for op, a, b, c, d in matcher.get_opcodes():
        if op == "equal":
            found.append(("same", after[c:d]))
            continue
        if b > a:
            found.append(("gone", before[a:b]))
        if d > c:
            found.append(("new", after[c:d]))
    return tuple(found)
