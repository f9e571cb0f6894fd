"""A described screen as an SVG: a phone, what to tap in a numbered ring, and what each tap does."""

from __future__ import annotations

from html import escape

from faq import words
from faq.pictures import lettering, pieces
from faq.pictures.paper import EDGE, INNER, LEFT, RIGHT, STYLE, WIDTH, Paper
from faq.pictures.screens import Screen, Spot

TOP = 44  # of the phone, below the line that says what this is
BAR, NAV, FADE = 52, 66, 30
STEP = 18  # size of the steps' letters
DISC = 13


def draw(screen: Screen) -> str:
    """Return the drawing; raises TooWide where a text does not fit its place."""
    paper = Paper()
    y = TOP + 20 + BAR + 4
    for part in screen.parts:
        y += pieces.draw(paper, part, y)
    closed = bool(screen.nav)
    floor = y + (NAV if closed else FADE - 6)
    front = Paper()
    if closed:
        _navigation(front, screen.nav, y)
    floor += 0 if closed else 4
    below, height = _steps(screen.steps, floor + 26)
    body = [
        _head(),
        _phone(screen, floor, closed=closed),
        *paper.marks,
        *front.marks,
        *([] if closed else [_fade(floor)]),
        *paper.rings,
        *front.rings,
        *below,
    ]
    title = escape(f"{words.say('drawing.mark')}：{screen.title}", quote=False)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" role="img">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n"
        f'<rect class="ground" width="{WIDTH}" height="{height}" rx="18"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def _head() -> str:
    """Say that this is a drawing, not the App."""
    mark, caution = words.say("drawing.mark"), words.say("drawing.caution")
    paper = Paper()
    wide = round(lettering.width(mark, 14)) + 18
    paper.box("tag", EDGE, 11, wide, 24, 12)
    paper.text(mark, EDGE + wide // 2, 28, 14, "tagged", middle=True)
    paper.text(caution, EDGE + wide + 9, 28, 14, "soft", most=WIDTH - EDGE * 2 - wide - 9)
    return "\n".join(paper.marks)


def _phone(screen: Screen, floor: int, *, closed: bool) -> str:
    paper = Paper()
    left, right = LEFT - 8, RIGHT + 8
    wide = right - left
    if closed:
        paper.box("frame", left, TOP, wide, floor - TOP, 26)
    else:
        shape = (
            f"M{left} {floor}V{TOP + 26}a26 26 0 0 1 26-26H{right - 26}a26 26 0 0 1 26 26V{floor}"
        )
        paper.path("frame", shape)
    paper.box("camera", WIDTH // 2 - 24, TOP + 9, 48, 7, 3)
    middle = TOP + 20 + BAR // 2
    if screen.back:
        paper.path("sign", f"M{LEFT + 20} {middle - 8}l-8 8 8 8")
    bar = lettering.fit(screen.bar, 19, INNER - 80)
    paper.text(bar, WIDTH // 2, middle + 7, 19, "ink bold", middle=True)
    paper.path("rule", f"M{left} {TOP + 20 + BAR}H{right}")
    return "\n".join(paper.marks)


def _fade(floor: int) -> str:
    """Let the phone run out below, where it goes on."""
    return (
        '<defs><linearGradient id="f" x1="0" y1="0" x2="0" y2="1"><stop class="out" offset="0" '
        'stop-opacity="0"/><stop class="out" offset="1"/></linearGradient></defs>\n'
        f'<rect x="0" y="{floor - FADE}" width="{WIDTH}" height="{FADE + 2}" fill="url(#f)"/>'
    )


def _navigation(paper: Paper, spots: tuple[Spot, ...], y: int) -> None:
    left, right = LEFT - 8, RIGHT + 8
    paper.path("rule", f"M{left} {y}H{right}")
    wide = (right - left) // len(spots)
    for place, spot in enumerate(spots):
        x = left + place * wide
        paper.disc("glyph lit" if spot.tap else "glyph", x + wide // 2, y + 21, 11)
        if spot.name is None:
            paper.bone(x + wide // 2 - 18, y + 42, 36, 10)
        else:
            style = "named bold" if spot.tap else "ink"
            paper.text(spot.name, x + wide // 2, y + 53, 15, style, middle=True, most=wide - 6)
        paper.ring(spot.tap, x + 6, y + 3, wide - 12, NAV - 8, corner=True)


def _steps(steps: tuple[str, ...], y: int) -> tuple[list[str], int]:
    """Write what each tap does; returns the marks and where the picture ends."""
    paper = Paper()
    for number, step in enumerate(steps, 1):
        paper.number(number, EDGE + DISC, y + 2)
        for line in lettering.lines(step, STEP, WIDTH - EDGE * 2 - DISC * 2 - 10):
            paper.text(line, EDGE + DISC * 2 + 10, y + 8, STEP, "ink")
            y += 26
        y += 6
    return paper.marks + paper.rings, y - 4
