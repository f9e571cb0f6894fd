"""Codes on a drawn screen: what looks like one leads nowhere."""

from __future__ import annotations

from faq.pictures.paper import WIDTH, Paper
from faq.pictures.screens import Part


def scan(paper: Paper, part: Part, y: int) -> int:
    """Draw the frame that a code is held into; returns how high it is."""
    x, side = WIDTH // 2 - 70, 140
    for left, top, shape in (
        (x, y + 16, "v28m0-28h28"), (x + side, y + 16, "v28m0-28h-28"),
        (x, y + 16 + side, "v-28m0 28h28"), (x + side, y + 16 + side, "v-28m0 28h-28"),
    ):  # fmt: skip
        paper.path("seen", f"M{left} {top}{shape}")
    _pattern(paper, x + 26, y + 42, 8)
    paper.ring(part.spot.tap, x - 12, y + 4, side + 24, side + 24, 20, corner=True)
    return side + 34


def code(paper: Paper, part: Part, y: int) -> int:
    """Draw a card with a code; returns how high it is."""
    x = WIDTH // 2 - 66
    paper.box("card", x - 12, y + 14, 156, 156, 14)
    _pattern(paper, x, y + 26, 12)
    paper.ring(part.spot.tap, x - 20, y + 6, 172, 172, 20, corner=True)
    return 188


def _pattern(paper: Paper, x: int, y: int, cell: int) -> None:
    """Draw what looks like a code and is none: it leads nowhere."""
    for left, top in ((0, 0), (8, 0), (0, 8)):
        paper.box("ink", x + left * cell, y + top * cell, 3 * cell, 3 * cell, cell // 2)
        inner = cell * 3 // 5
        paper.box(
            "hole", x + left * cell + inner, y + top * cell + inner,
            3 * cell - 2 * inner, 3 * cell - 2 * inner, cell // 4,
        )  # fmt: skip
    for row in range(11):
        for column in range(11):
            eye = (row < 4 and (column < 4 or column > 6)) or (row > 6 and column < 4)
            if not eye and (row * 7 + column * 5 + row * column) % 3 == 0:
                paper.box("ink", x + column * cell, y + row * cell, cell, cell)
