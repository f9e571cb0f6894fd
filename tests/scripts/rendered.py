"""The modules that web makes from templates and tables, written out for the type checker.

    python -m tests.scripts.rendered        writes them to var/scripts

What settings and content change while web runs (places, flow words) is declared in web/types.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask, render_template

from faq import brand
from web.widget.face import face_of
from web.widget.views import MADE, blueprint

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "scripts"


def write(folder: Path = FOLDER) -> None:
    """Write each made module of the chat under its own name."""
    folder.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__)
    app.register_blueprint(blueprint)
    app.context_processor(lambda: {"brand": brand.plain()})
    with app.app_context():
        words = render_template("widget/words.js", face=face_of(None))
        for name, text in {
            "words.js": words,
            **{name: make() for name, make in MADE.items()},
        }.items():
            (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
