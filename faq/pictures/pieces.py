"""The pieces of a screen: rows, tiles, fields, buttons, questions, chats; codes are in codes.py."""

from __future__ import annotations

from collections.abc import Callable

from faq.pictures import codes, lettering
from faq.pictures.paper import INNER, LEFT, RIGHT, WIDTH, Paper
from faq.pictures.screens import Part, Spot

BARS = (128, 92, 150, 108)  # widths of grey bars, in turn
TEXT = 19


def draw(paper: Paper, part: Part, y: int) -> int:
    """Draw a part from y on; returns how high it is."""
    return PIECES[part.kind](paper, part, y)


def _row(paper: Paper, part: Part, y: int) -> int:
    high, spot = 54, part.spot
    _halo(paper, spot, LEFT, y + 4, INNER, high - 8)
    paper.box("lit" if spot.tap else "bone", LEFT + 18, y + 14, 26, 26, 8)
    value = part.more.get("value")
    if value:
        paper.text(str(value), RIGHT - 30, y + 33, 17, "soft", end=True)
    room = INNER - 100 - (round(lettering.width(str(value), 17)) if value else 0)
    _named(paper, spot, LEFT + 56, y + 34, room)
    paper.path("sign", f"M{RIGHT - 18} {y + 20}l7 7-7 7")
    _under(paper, y + high)
    paper.ring(spot.tap, LEFT, y + 4, INNER, high - 8)
    return high


def _tiles(paper: Paper, part: Part, y: int) -> int:
    high = 92
    wide = INNER // max(1, len(part.spots))
    for place, spot in enumerate(part.spots):
        x = LEFT + place * wide
        middle = x + wide // 2
        _halo(paper, spot, x + 4, y + 6, wide - 8, high - 12)
        paper.box("lit" if spot.tap else "bone", middle - 19, y + 14, 38, 38, 12)
        if spot.name is None:
            paper.bone(middle - 20, y + 64, 40, 11)
        else:
            style = "named bold" if spot.tap else "ink"
            size = 17 if len(spot.name) <= 4 else 15
            paper.text(spot.name, middle, y + 75, size, style, middle=True, most=wide - 12)
        paper.ring(spot.tap, x + 4, y + 6, wide - 8, high - 12, corner=True)
    return high


def _field(paper: Paper, part: Part, y: int) -> int:
    spot = part.spot
    if spot.name is None:
        paper.bone(LEFT + 18, y + 15, 74, 11)
    else:
        paper.text(spot.name, LEFT + 18, y + 26, 17, "soft", most=INNER - 28)
    paper.box("input", LEFT + 5, y + 41, INNER - 10, 44, 9)
    value = part.more.get("value")
    if value:
        paper.text(str(value), LEFT + 26, y + 70, TEXT, "ink", most=INNER - 60)
    else:
        paper.bone(LEFT + 26, y + 57, 110)
    paper.ring(spot.tap, LEFT, y + 36, INNER, 54)
    return 92


def _button(paper: Paper, part: Part, y: int) -> int:
    spot = part.spot
    paper.box("full" if spot.tap else "said", LEFT + 7, y + 14, INNER - 14, 46, 23)
    name = lettering.fit(spot.name or "", TEXT, INNER - 90)
    if name:
        style = "on bold" if spot.tap else "ink bold"
        paper.text(name, WIDTH // 2, y + 44, TEXT, style, middle=True)
    else:
        paper.box("ground", WIDTH // 2 - 40, y + 31, 80, 12, 6)
    paper.ring(spot.tap, LEFT, y + 7, INNER, 60, 30)
    return 74


def _link(paper: Paper, part: Part, y: int) -> int:
    spot = part.spot
    name = spot.name or ""
    wide = round(lettering.width(lettering.fit(name, 18, INNER - 70), 18))
    paper.text(name, WIDTH // 2, y + 29, 18, "named bold", middle=True)
    paper.ring(spot.tap, WIDTH // 2 - wide // 2 - 22, y + 4, wide + 44, 38, 19)
    return 48


def _dialog(paper: Paper, part: Part, y: int) -> int:
    said = lettering.lines(part.spot.name or "", 18, INNER - 72)
    high = 34 + 26 * len(said) + 54
    x, wide = LEFT + 14, INNER - 28
    paper.box("card", x, y + 14, wide, high, 16)
    for place, line in enumerate(said):
        paper.text(line, WIDTH // 2, y + 46 + 26 * place, 18, "ink", middle=True)
    top = y + 14 + high - 54
    paper.path("rule", f"M{x + 1} {top}H{x + wide - 1}")
    each = wide // max(1, len(part.spots))
    for place, spot in enumerate(part.spots):
        left = x + place * each
        if place:
            paper.path("rule", f"M{left} {top}v54")
        if spot.name is None:
            paper.bone(left + each // 2 - 26, top + 21, 52)
        else:
            style = "named bold" if spot.tap else "ink"
            paper.text(
                spot.name, left + each // 2, top + 34, TEXT, style, middle=True, most=each - 16
            )
        paper.ring(spot.tap, left + 5, top + 5, each - 10, 44, corner=True)
    return high + 30


def _entry(paper: Paper, part: Part, y: int) -> int:
    high, spot = 66, part.spot
    _halo(paper, spot, LEFT, y + 4, INNER, high - 8)
    paper.disc("lit" if spot.tap else "bone", LEFT + 36, y + 33, 17)
    if spot.name is None:
        paper.bone(LEFT + 66, y + 19, _bar(y))
    else:
        style = "named bold" if spot.tap else "ink"
        paper.text(spot.name, LEFT + 66, y + 31, 18, style, most=INNER - 146)
    paper.bone(LEFT + 66, y + 41, 78, 9)
    paper.bone(RIGHT - 66, y + 27, 52)
    _under(paper, y + high)
    paper.ring(spot.tap, LEFT, y + 4, INNER, high - 8)
    return high


def _fact(paper: Paper, part: Part, y: int) -> int:
    high, spot = 42, part.spot
    _halo(paper, spot, LEFT, y + 3, INNER, high - 6)
    value = part.more.get("value")
    if spot.name is None:
        paper.bone(LEFT + 18, y + 16, 62, 11)
    else:
        style = "named bold" if spot.tap else "soft"
        paper.text(spot.name, LEFT + 18, y + 27, 17, style, most=130)
    if value:
        paper.text(str(value), RIGHT - 16, y + 27, 17, "ink", end=True, most=130)
    else:
        wide = _bar(y)
        paper.bone(RIGHT - 16 - wide, y + 16, wide, 11)
    paper.ring(spot.tap, LEFT, y + 3, INNER, high - 6)
    return high


def _search(paper: Paper, part: Part, y: int) -> int:
    paper.box("input", LEFT + 5, y + 12, INNER - 10, 44, 22)
    x = LEFT + 28
    paper.path("sign", f"M{x + 6} {y + 38}l6 6M{x + 1} {y + 26}a7 7 0 1 0 .1 0z")
    if part.spot.name is None:
        paper.bone(x + 22, y + 28, 120)
    else:
        paper.text(part.spot.name, x + 22, y + 41, 18, "ink", most=INNER - 90)
    paper.ring(part.spot.tap, LEFT, y + 7, INNER, 54, 27)
    return 68


def _heading(paper: Paper, part: Part, y: int) -> int:
    if part.spot.name is None:
        paper.bone(LEFT + 16, y + 17, 84, 11)
    else:
        paper.text(part.spot.name, LEFT + 16, y + 28, 17, "soft", most=INNER - 32)
    return 38


def _switch(paper: Paper, part: Part, y: int) -> int:
    high, spot = 56, part.spot
    _halo(paper, spot, LEFT, y + 4, INNER, high - 8)
    _named(paper, spot, LEFT + 20, y + 35, INNER - 100)
    on = part.more.get("set") is True
    paper.box("lit" if on else "bone", RIGHT - 64, y + 15, 48, 26, 13)
    paper.disc("on", RIGHT - (29 if on else 51), y + 28, 10)
    _under(paper, y + high)
    paper.ring(spot.tap, LEFT, y + 4, INNER, high - 8)
    return high


def _choice(paper: Paper, part: Part, y: int) -> int:
    high, spot = 52, part.spot
    chosen = part.more.get("chosen") is True
    _halo(paper, spot, LEFT, y + 4, INNER, high - 8)
    paper.disc("lit" if chosen else "input", LEFT + 32, y + 26, 11)
    if chosen:
        paper.path("mark", f"M{LEFT + 27} {y + 26}l4 4 7-8")
    _named(paper, spot, LEFT + 56, y + 33, INNER - 76)
    _under(paper, y + high)
    paper.ring(spot.tap, LEFT, y + 4, INNER, high - 8)
    return high


def _bubble(paper: Paper, part: Part, y: int) -> int:
    mine = part.more.get("mine") is True
    if part.spot.name is None:
        high, wide, said = 54, 190, []
    else:
        said = lettering.lines(part.spot.name, 18, INNER - 96)
        high = 20 + 26 * len(said)
        wide = round(max(lettering.width(line, 18) for line in said)) + 32
    x = RIGHT - 10 - wide if mine else LEFT + 10
    paper.box("halo" if mine else "said", x, y + 10, wide, high, 16)
    for place, line in enumerate(said):
        paper.text(line, x + 16, y + 38 + 26 * place, 18, "ink")
    if not said:
        for place, bar in enumerate((150, 108)):
            paper.box("ground", x + 18, y + 24 + 18 * place, bar, 10, 5)
    paper.ring(part.spot.tap, x - 5, y + 5, wide + 10, high + 10, 20, corner=True)
    return high + 16


def _composer(paper: Paper, part: Part, y: int) -> int:
    paper.path("rule", f"M{LEFT - 8} {y + 10}H{RIGHT + 8}")
    paper.box("input", LEFT + 6, y + 22, INNER - 66, 44, 22)
    if part.spot.name is None:
        paper.bone(LEFT + 26, y + 38, 90)
    else:
        paper.text(part.spot.name, LEFT + 24, y + 51, 18, "ink", most=INNER - 110)
    paper.disc("lit", RIGHT - 28, y + 44, 21)
    paper.path("mark", f"M{RIGHT - 28} {y + 53}v-18M{RIGHT - 36} {y + 43}l8-8 8 8")
    paper.ring(part.spot.tap, LEFT + 1, y + 17, INNER - 56, 54, 27, corner=True)
    return 80


def _notice(paper: Paper, part: Part, y: int) -> int:
    high, spot = 50, part.spot
    paper.box("halo", LEFT + 5, y + 8, INNER - 10, 44, 9)
    x, middle = LEFT + 32, y + 30
    paper.path("seen", f"M{x - 8} {middle - 4}v8h5l8 6v-20l-8 6zM{x + 11} {middle - 4}q3 4 0 8")
    if spot.name is None:
        paper.bone(x + 26, y + 24, 150)
    else:
        style = "named bold" if spot.tap else "ink"
        paper.text(spot.name, x + 26, y + 37, 18, style, most=INNER - 80)
    paper.ring(spot.tap, LEFT, y + 3, INNER, 54)
    return high + 10


def _blank(paper: Paper, part: Part, y: int) -> int:
    paper.box("bone", LEFT + 8, y + 12, INNER - 16, 62, 14)
    return 82


def _named(paper: Paper, spot: Spot, x: int, y: int, room: int) -> None:
    if spot.name is None:
        paper.bone(x, y - 13, _bar(y))
    else:
        paper.text(spot.name, x, y, TEXT, "named bold" if spot.tap else "ink", most=room)


def _halo(paper: Paper, spot: Spot, x: int, y: int, wide: int, high: int) -> None:
    if spot.tap:
        paper.box("halo", x, y, wide, high, 12)


def _under(paper: Paper, y: int) -> None:
    paper.path("rule", f"M{LEFT + 12} {y}H{RIGHT - 12}")


def _bar(y: int) -> int:
    return BARS[y // 10 % len(BARS)]


PIECES: dict[str, Callable[[Paper, Part, int], int]] = {
    "row": _row, "tiles": _tiles, "field": _field, "button": _button, "link": _link,
    "dialog": _dialog, "entry": _entry, "fact": _fact, "search": _search, "heading": _heading,
    "switch": _switch, "choice": _choice, "bubble": _bubble, "composer": _composer,
    "notice": _notice, "scan": codes.scan, "code": codes.code, "blank": _blank,
}  # fmt: skip
