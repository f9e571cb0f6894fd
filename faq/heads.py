"""Which column of a table holds what: by the heads that people write, else by what is in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from faq import words
from faq.errors import BadTable
from faq.sheets import Sheet

TITLES = 12  # rows above the heads, at most
NEEDED = ("question", "answer")
SAME = re.compile(r"^同(左|前|上)[。.]?$")  # "as on the left"
_ASKS = re.compile(r"[?？吗呢]\s*$|怎么|如何|什么|多少|多久|哪|能不能|可以.*吗|咋|为什么")
_TIDY = re.compile(r"[\s*＊:：()（）【】\[\]]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a table lies.

    head: the row of the heads, counted from 1; 0 where there is none. of: column name → places of
    its cells from the left, from 0; the first that is filled counts. guessed: told by what is in
    them, not by their heads.
    """

    sheet: Sheet
    head: int
    of: Mapping[str, tuple[int, ...]]
    guessed: bool

    def told(self) -> list[tuple[str, str]]:
        """List (column name, the head it was told by or its letter)."""
        heads = self.sheet.rows[self.head - 1] if self.head else []
        return [
            (name, "、".join(_shown(heads, place) for place in places))
            for name, places in self.of.items()
        ]

    def rows(self) -> list[tuple[int, dict[str, str]]]:
        """Give the rows that ask or answer something, by column name, with their numbers."""
        found = []
        category = ""
        for number, row in enumerate(self.sheet.rows[self.head :], self.head + 1):
            said = {name: self._cell(row, places) for name, places in self.of.items()}
            asks = bool(said.get("question") or said.get("answer"))
            if "category" in said and asks:
                # A blank one goes on with the category above: merged, or written once.
                category = said["category"] = said["category"] or category
            if asks or (
                len(self.of) > len(NEEDED) and any(said.values()) and not self._is_note(row)
            ):
                found.append((number, said))
        return found

    def _cell(self, row: list[str], places: tuple[int, ...]) -> str:
        for place in places:
            text = row[place].strip() if place < len(row) else ""
            if text and not SAME.match(text):
                return row[place]
        return ""

    def _is_note(self, row: list[str]) -> bool:
        """Tell a line below or between, of one cell alone."""
        return sum(bool(cell.strip()) for cell in row) <= 1


def find(
    sheets: list[Sheet], known: Mapping[str, str], said: Mapping[str, str] | None = None
) -> Columns:
    """Find the table of questions and answers; raises BadTable.

    known: what our own heads say, by column name. said: by column name, the head or the letter
    (C) that somebody says it has; it goes before what is guessed.
    """
    if said:
        return _as_said(sheets, known, said)
    found = [
        one
        for sheet in sheets
        for one in (_by_heads(sheet, known), _by_both(sheet, known), _by_content(sheet))
        if one
    ]
    if not found:
        missing = "、".join(known[name] for name in NEEDED)
        raise BadTable(words.say("table.errors.header", missing=missing))
    return max(found, key=lambda one: (not one.guessed, len(one.of), len(one.sheet.rows)))


def _as_said(sheets: list[Sheet], known: Mapping[str, str], said: Mapping[str, str]) -> Columns:
    """Find the table with the heads that somebody says; the other columns are guessed."""
    best: Columns | None = None
    for sheet in sheets:
        guess = _by_heads(sheet, known, needed=()) or _by_content(sheet)
        for number in range(min(TITLES, len(sheet.rows)) + 1):
            row = sheet.rows[number - 1] if number else []
            places = {name: _place(row, head) for name, head in said.items()}
            if any(place is None for place in places.values()):
                continue
            of = dict(guess.of) if guess is not None and guess.head in (0, number) else {}
            of = {name: at for name, at in of.items() if name not in said}
            of |= {name: (place,) for name, place in places.items() if place is not None}
            if all(name in of for name in NEEDED) and (best is None or len(of) > len(best.of)):
                head = number or (guess.head if guess is not None else 0)
                best = Columns(sheet, head, of, guessed=False)
    if best is None:
        heads = "、".join(f"{known.get(name, name)}={head}" for name, head in said.items())
        shown = "、".join(_heads_of(sheets))
        raise BadTable(words.say("table.errors.said", heads=heads, shown=shown))
    return best


def _place(row: list[str], head: str) -> int | None:
    """Return where a head stands in a row, or the column of a letter; None where it does not."""
    for place, cell in enumerate(row):
        if _TIDY.sub("", cell).lower() == _TIDY.sub("", head).lower():
            return place
    return ord(head.upper()) - ord("A") if re.fullmatch("[A-Za-z]", head) else None


def _heads_of(sheets: list[Sheet]) -> list[str]:
    """List what stands in the widest of each sheet's first rows, for somebody to choose from."""
    return [
        cell.strip()
        for sheet in sheets
        for cell in max(sheet.rows[:TITLES], key=lambda row: sum(bool(one.strip()) for one in row))
        if cell.strip()
    ]


def _by_heads(
    sheet: Sheet, known: Mapping[str, str], needed: tuple[str, ...] = NEEDED
) -> Columns | None:
    best: Columns | None = None
    for number, row in enumerate(sheet.rows[:TITLES], 1):
        of: dict[str, list[tuple[int, int]]] = {}
        for place, cell in enumerate(row):
            named = _named(cell, known)
            if named is not None:
                of.setdefault(named[0], []).append((named[1], place))
        if of and all(name in of for name in needed) and (best is None or len(of) > len(best.of)):
            # The better the head says it, the sooner the cell is taken.
            places = {name: tuple(at for _, at in sorted(found)) for name, found in of.items()}
            best = Columns(sheet, number, places, guessed=False)
    return best


def _by_both(sheet: Sheet, known: Mapping[str, str]) -> Columns | None:
    """Take the heads that are known; what is asked or answered, if not by a head, by content."""
    heads = _by_heads(sheet, known, needed=())
    if heads is None or len(heads.of) < len(NEEDED) or not any(name in heads.of for name in NEEDED):
        return None
    below = sheet.rows[heads.head :]
    guess = _by_content(Sheet(sheet.name, below)) if below else None
    if guess is None or any(_ASKS.search(cell) for cell in sheet.rows[heads.head - 1]):
        return None
    taken = {place for places in heads.of.values() for place in places}
    lacking = {name: guess.of[name] for name in NEEDED if name not in heads.of}
    if any(place in taken for places in lacking.values() for place in places):
        return None
    return Columns(sheet, heads.head, lacking | dict(heads.of), guessed=False)


def _named(head: str, known: Mapping[str, str]) -> tuple[str, int] | None:
    """Say which column a head names, and how well (0 best); None for none."""
    bare = _TIDY.sub("", head).lower()
    if not bare:
        return None
    for name, own in known.items():
        if bare in (_TIDY.sub("", own).lower(), name):
            return name, 0
    heads: Mapping[str, list[str]] = words.table("table.heads")
    for name, spellings in heads.items():
        for rank, spelling in enumerate(spellings, 1):
            if bare == spelling:
                return name, rank
    for name, spellings in heads.items():
        for rank, spelling in enumerate(spellings, 1):
            if len(spelling) > 1 and spelling in bare and len(bare) <= len(spelling) + 6:
                return name, 100 + rank
    return None


def _by_content(sheet: Sheet) -> Columns | None:
    """Take the column that asks for the questions and the longest one for the answers."""
    width = max(len(row) for row in sheet.rows)
    cells = [
        [row[place].strip() for row in sheet.rows if place < len(row) and row[place].strip()]
        for place in range(width)
    ]
    asks = [sum(bool(_ASKS.search(text)) for text in column) for column in cells]
    question = max(range(width), key=lambda place: asks[place])
    if asks[question] * 2 < len(cells[question]) or not asks[question]:
        return None
    others = [place for place in range(width) if place != question and cells[place]]
    if not others:
        return None
    answer = max(others, key=lambda place: sum(map(len, cells[place])) / len(cells[place]))
    of = {"question": (question,), "answer": (answer,)}
    # Few words that come again and again, to the left of the question, are its category.
    for place in (at for at in others if at < question and at != answer):
        column = cells[place]
        if len(set(column)) * 2 <= len(column) and max(map(len, column)) <= 12:
            of["category"] = (place,)
    return Columns(sheet, 0, of, guessed=True)


def _shown(heads: list[str], place: int) -> str:
    head = heads[place].strip() if place < len(heads) else ""
    return head or (chr(ord("A") + place) if place < 26 else str(place + 1))
