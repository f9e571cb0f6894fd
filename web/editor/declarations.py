"""What the editors' pages send as TypeScript declarations, from which their scripts are typed.

    python -m web.editor.declarations       writes web/types/editor.d.ts anew

The file is made from the models that check it, and checked in; a test says when it is stale.
"""

from __future__ import annotations

from pathlib import Path

from pydantic.json_schema import models_json_schema

from web.api.declarations import declarations
from web.editor.bodies import DraftBody, NoticeBody
from web.editor.flowbodies import FlowForm
from web.editor.furtherpages import PointForm

FILE = Path(__file__).resolve().parents[1] / "types" / "editor.d.ts"
HEAD = """\
// Made from the models of web/editor by `python -m web.editor.declarations`; not to be edited.
// What the editors' pages send, for JSDoc: {Editor.FlowForm}.

declare namespace Editor {
"""
SENT = (DraftBody, FlowForm, NoticeBody, PointForm)


def made() -> str:
    """Return the declarations of today's models."""
    _, schema = models_json_schema([(model, "validation") for model in SENT])
    return declarations(schema["$defs"], HEAD)


if __name__ == "__main__":
    FILE.write_text(made(), encoding="utf-8")
