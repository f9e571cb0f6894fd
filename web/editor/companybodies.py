"""What the page of a new company sends beside the table."""

from __future__ import annotations

from typing import Annotated

import pydantic
from pydantic import StringConstraints

from web.editor.bodies import Body, Id, Line

Company = Annotated[
    str, StringConstraints(max_length=40, strip_whitespace=True, pattern=r"^[^/\\\x00-\x1f]*$")
]
Column = Annotated[str, StringConstraints(max_length=40)]


class CompanyBody(Body):
    """columns: by our name, the head or letter that it has. more: ways of asking by id."""

    name: Company = ""
    columns: dict[Column, Column] = pydantic.Field(default_factory=dict)
    more: dict[Id, Annotated[list[Line], pydantic.Field(max_length=50)]] = pydantic.Field(
        default_factory=dict, max_length=500
    )
