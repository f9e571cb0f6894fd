"""What the editors' scripts are typed from is what the server takes today."""

from __future__ import annotations

from web.editor.declarations import FILE, made


def test_the_editors_scripts_types_are_those_of_todays_models() -> None:
    assert FILE.read_text(encoding="utf-8") == made(), (
        "what the editors' pages send has changed: run `python -m web.editor.declarations`"
    )
