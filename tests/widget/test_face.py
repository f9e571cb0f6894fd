"""The face in the chat is the company's own logo, or a plain one; never another company's."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.widget.face import LARGEST, face_of

ROOT = Path(__file__).resolve().parents[2]
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'
DOT = '<circle cx="5" cy="5" r="4" fill="#123456"/>'


def test_the_shapes_of_a_logo_are_drawn_in_its_own_box(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(DRAWING.format(f"<title>云筐</title>{DOT}"), encoding="utf-8")
    found = face_of(logo)
    assert found.box == "0 0 10 10"
    assert found.shapes == (("circle", {"cx": "5", "cy": "5", "r": "4", "fill": "#123456"}),)


def test_the_logo_that_ships_is_drawn() -> None:
    assert face_of(ROOT / "data" / "brand" / "logo.svg") != face_of(None)


@pytest.mark.parametrize(
    "inside",
    [
        '<script>alert("小林")</script>',
        '<circle r="4" onload="alert(1)"/>',
        '<circle r="4" fill="url(https://elsewhere.example/x)"/>',
        '<image href="https://elsewhere.example/x.png"/>',
        f"<g>{DOT}</g>",
        "<text>云筐</text>",
        f"<!-- {DOT} -->{DOT}",
        f"<path d='{'M0 0' * LARGEST}'/>",
        "",
        "<circle",
    ],
)
def test_a_logo_that_is_more_than_shapes_leaves_the_plain_face(tmp_path: Path, inside: str) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(DRAWING.format(inside), encoding="utf-8")
    assert face_of(logo) == face_of(None)


def test_a_logo_that_is_gone_or_no_drawing_leaves_the_plain_face(tmp_path: Path) -> None:
    picture = tmp_path / "logo.png"
    picture.write_bytes(b"\x89PNG")
    assert face_of(tmp_path / "gone.svg") == face_of(picture) == face_of(None)
