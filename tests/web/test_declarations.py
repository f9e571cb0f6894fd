"""What the scripts are typed from is what the API publishes today."""

from __future__ import annotations

import pytest

from web.api.declarations import FILE, declarations, made


def test_the_scripts_types_are_those_of_todays_document() -> None:
    assert FILE.read_text(encoding="utf-8") == made(), (
        "the API has changed: run `python -m web.api.declarations`, then `make check`"
    )


def test_a_field_that_may_be_left_out_and_one_that_may_be_null_are_told_apart() -> None:
    schema = {
        "description": "A slot.\nFor a call.",
        "properties": {
            "start": {"type": "string", "description": "UTC"},
            "load": {"enum": ["quiet", "busy"], "type": "string"},
            "ends": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "more": {"type": "array", "items": {"anyOf": [{"$ref": "#/x/Slot"}, {"type": "null"}]}},
        },
        "required": ["start", "load", "ends"],
    }
    assert declarations({"Slot": schema}).split("declare namespace Api {\n")[1] == (
        "  /** A slot. For a call. */\n"
        "  interface Slot {\n"
        "    /** UTC */\n"
        "    start: string;\n"
        '    load: "quiet" | "busy";\n'
        "    ends: string | null;\n"
        "    more?: (Slot | null)[];\n"
        "  }\n"
        "}\n"
    )


def test_a_shape_that_nobody_has_written_before_is_refused() -> None:
    with pytest.raises(KeyError):
        declarations({"Odd": {"properties": {"x": {"type": "tuple"}}}})
