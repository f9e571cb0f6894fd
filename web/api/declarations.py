"""The API's models as TypeScript declarations, from which the scripts are typed.

    python -m web.api.declarations          writes web/types/api.d.ts anew

The file is made from the OpenAPI document and checked in; a test says when it is stale.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from web.api.openapi import document

FILE = Path(__file__).resolve().parents[1] / "types" / "api.d.ts"
HEAD = """\
// Made from the OpenAPI document by `python -m web.api.declarations`; not to be edited.
// What the API takes and gives, for JSDoc: {Api.EventOut}.

declare namespace Api {
"""
SIMPLE = {
    "string": "string", "integer": "number", "number": "number", "boolean": "boolean",
    "null": "null",
}  # fmt: skip


def declarations(schemas: Mapping[str, Mapping[str, Any]], head: str = HEAD) -> str:
    """Write an interface for each schema of a document's components; raises on what it can't read.

    A field that is not required, or has a default, may be left out. head: what stands above them,
    with the namespace that is opened.
    """
    parts = [_interface(name, schemas[name]) for name in sorted(schemas)]
    return head + textwrap.indent("\n".join(parts), "  ") + "}\n"


def _interface(name: str, schema: Mapping[str, Any]) -> str:
    required = schema.get("required", [])
    lines = [_note(schema.get("description")), f"interface {name} {{\n"]
    for field, told in schema["properties"].items():
        mark = "" if field in required else "?"
        lines.append(textwrap.indent(_note(told.get("description")), "  "))
        lines.append(f"  {field}{mark}: {kind_of(told)};\n")
    return "".join([*lines, "}\n"])


def _note(text: str | None) -> str:
    return f"/** {' '.join(text.split())} */\n" if text else ""


def kind_of(schema: Mapping[str, Any]) -> str:
    """Write the type of a value."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in values)
    if "anyOf" in schema:
        return " | ".join(kind_of(one) for one in schema["anyOf"])
    kind = schema.get("type")
    if kind == "array":
        item = kind_of(schema["items"])
        return f"({item})[]" if " | " in item else f"{item}[]"
    if kind == "object":
        held = schema.get("additionalProperties")
        return f"Record<string, {kind_of(held) if isinstance(held, dict) else 'any'}>"
    return SIMPLE[kind]  # type: ignore[index]  # a schema without a type is refused here


def made() -> str:
    """Return the declarations of today's document."""
    return declarations(document()["components"]["schemas"])


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(made(), encoding="utf-8")
