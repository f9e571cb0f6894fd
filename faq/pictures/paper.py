"""The one look of all drawings: sizes, colours in light and dark, marks."""

from __future__ import annotations

from html import escape

from faq.pictures import lettering

WIDTH, EDGE = 360, 18
LEFT, RIGHT = 30, 330  # of what stands on the phone's screen
INNER = RIGHT - LEFT
FONTS = (
    "'PingFang SC','HarmonyOS Sans SC',MiSans,'Microsoft YaHei','Noto Sans SC',"
    "'Noto Sans CJK SC',system-ui,sans-serif"
)
LIGHT = {
    "ground": "#f4ede7", "screen": "#fff", "frame": "#8c7a6e", "ink": "#2a1a12", "soft": "#66564c",
    "bone": "#e7ded7", "rule": "#e9e1da", "accent": "#b83c08", "on": "#fff", "halo": "#fdeee4",
    "tag": "#2a1a12", "tagged": "#fff",
}  # fmt: skip
DARK = {
    "ground": "#2e2621", "screen": "#1b1613", "frame": "#8c7a6e", "ink": "#f5ece5",
    "soft": "#c4b6ac", "bone": "#41362f", "rule": "#3d332d", "accent": "#ff9a5c", "on": "#2a1408",
    "halo": "#3a2417", "tag": "#f5ece5", "tagged": "#2a1a12",
}  # fmt: skip


def _colours(of: dict[str, str]) -> str:
    """Write the colours of every mark."""
    return (
        ".ground,.out{{fill:{ground};stop-color:{ground}}}"
        ".frame{{fill:{screen};stroke:{frame};stroke-width:2.5}}"
        ".camera{{fill:{frame}}}.tag{{fill:{tag}}}.tagged{{fill:{tagged}}}"
        ".ink{{fill:{ink}}}.soft{{fill:{soft}}}.named{{fill:{accent}}}"
        ".bone,.glyph{{fill:{bone}}}.lit,.full{{fill:{accent}}}.on{{fill:{on}}}"
        ".rule{{stroke:{rule};stroke-width:1.5;fill:none}}"
        ".sign{{stroke:{soft}}}.seen{{stroke:{ink}}}.mark{{stroke:{on}}}"
        ".input{{fill:{screen};stroke:{frame};stroke-width:1.5}}"
        ".card{{fill:{screen};stroke:{frame};stroke-width:1.5}}"
        ".hole{{fill:{screen}}}.said{{fill:{bone}}}.ring{{stroke:{accent};fill:none;stroke-width:3}}"
        ".halo{{fill:{halo}}}.edge{{stroke:{screen};stroke-width:2.5;fill:{accent}}}"
    ).format(**of)


STYLE = (
    f"text{{font-family:{FONTS}}}.bold{{font-weight:600}}"
    ".sign,.seen,.mark{fill:none;stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}"
    f"{_colours(LIGHT)}@media(prefers-color-scheme:dark){{{_colours(DARK)}}}"
)


class Paper:
    """Marks in the order in which they lie above each other; rings lie above all of them."""

    def __init__(self) -> None:
        self.marks: list[str] = []
        self.rings: list[str] = []

    def box(self, style: str, x: int, y: int, wide: int, high: int, round_: int = 0) -> None:
        """Draw a rectangle with round corners."""
        corners = f' rx="{round_}"' if round_ else ""
        self.marks.append(
            f'<rect class="{style}" x="{x}" y="{y}" width="{wide}" height="{high}"{corners}/>'
        )

    def bone(self, x: int, y: int, wide: int, high: int = 12) -> None:
        """Draw the grey bar that stands for what has no name here."""
        self.box("bone", x, y, wide, high, high // 2)

    def disc(self, style: str, x: int, y: int, radius: int) -> None:
        """Draw a full circle."""
        self.marks.append(f'<circle class="{style}" cx="{x}" cy="{y}" r="{radius}"/>')

    def path(self, style: str, shape: str) -> None:
        """Draw a line."""
        self.marks.append(f'<path class="{style}" d="{shape}"/>')

    def text(
        self, said: str, x: int, y: int, size: int, style: str,
        *, middle: bool = False, end: bool = False, most: int | None = None,
    ) -> None:  # fmt: skip
        """Write a line. most: how wide it may be; raises TooWide."""
        if most is not None:
            lettering.fit(said, size, most)
        anchor = ' text-anchor="middle"' if middle else ' text-anchor="end"' if end else ""
        self.marks.append(
            f'<text class="{style}" x="{x}" y="{y}" font-size="{size}"{anchor}>'
            f"{escape(said, quote=False)}</text>"
        )

    def ring(
        self,
        tap: int,
        x: int,
        y: int,
        wide: int,
        high: int,
        round_: int = 12,
        *,
        corner: bool = False,
    ) -> None:
        """Put what is to be tapped into a numbered ring; nothing without a number.

        corner: the number stands at the upper left corner, else at the left edge.
        """
        if not tap:
            return
        self.rings.append(
            f'<rect class="ring" x="{x}" y="{y}" width="{wide}" height="{high}" rx="{round_}"/>'
        )
        self.number(tap, x + 3 if corner else x, y + 3 if corner else y + high // 2)

    def number(self, tap: int, x: int, y: int) -> None:
        """Write a number into a full disc."""
        self.rings.append(
            f'<circle class="edge" cx="{x}" cy="{y}" r="13"/><text class="on bold" x="{x}" '
            f'y="{y + 6}" font-size="17" text-anchor="middle">{tap}</text>'
        )
