"""/api/docs: the API's page, made from its OpenAPI document; for people who build on it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, render_template

from web.api.declarations import kind_of
from web.api.openapi import document, examples
from web.assets import Assets
from web.helpcenter import site
from web.helpcenter.views import assets as pages

HERE = Path(__file__).parent
blueprint = Blueprint("reference", __name__, url_prefix="/api/docs", template_folder="templates")
style = Assets(HERE / "static")
# What stands for a parameter in an example.
GIVEN = {
    "faq_id": "pay-twice", "conversation_id": "5d7e2b9c41f04a6d8c3e", "call_id": "8a1f0c55d2e94b7c",
    "attachment_id": "12", "client_id": "3f0c9a64d1b24e5f",
    "Xiaohu-File-Name": "bill.png", "q": "退款", "limit": "5", "after": "3",
    "Last-Event-ID": "3", "epoch": "1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a model, or a parameter: its name, its type in words, whether it must be given."""

    name: str
    kind: str
    needed: bool
    about: str
    model: str | None = None  # the model that the type names, to lead there


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation may answer."""

    status: str
    about: str
    model: str | None
    example: str | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; call: how curl would do it."""

    id: str
    method: str
    path: str
    about: str
    parameters: list[Field]
    takes: str | None
    call: str
    answers: list[Answer]


@blueprint.get("")
def show() -> Response:
    """Show the page."""
    told = document()
    page = render_template(
        "api/reference.html",
        groups=groups(told),
        models=models(told),
        problem=_written(examples()["ProblemOut"]),
        style_revision=style.revision(),
        asset_revision=pages.revision(),
        **site.context(),
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/<revision>/reference.css")
def sheet(revision: str) -> Response:
    """Serve the page's own style."""
    return style.send(revision, "reference.css")


def groups(told: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """Read the document's operations, by their tags in its order."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in told["tags"]}
    base = told["servers"][0]["url"]
    for path, methods in told["paths"].items():
        for method, one in methods.items():
            found[one["tags"][0]].append(_operation(base, path, method, one))
    return found


def models(told: Mapping[str, Any]) -> dict[str, tuple[str, list[Field]]]:
    """Read the document's models: what each is, and its fields."""
    return {
        name: (
            " ".join(schema.get("description", "").split()),
            [
                Field(
                    field, kind_of(one), field in schema.get("required", []),
                    one.get("description", ""), _model(one),
                )
                for field, one in schema["properties"].items()
            ],
        )
        for name, schema in sorted(told["components"]["schemas"].items())
    }  # fmt: skip


def _operation(base: str, path: str, method: str, told: Mapping[str, Any]) -> Operation:
    content = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        about=told["summary"],
        parameters=[
            Field(one["name"], kind_of(one["schema"]), one["required"], one["description"])
            for one in told["parameters"]
        ],
        takes=_model(content.get("schema", {})),
        call=_call(base + path, method, told, content.get("example")),
        answers=[_answer(status, one) for status, one in told["responses"].items()],
    )


def _call(path: str, method: str, told: Mapping[str, Any], body: Any) -> str:
    """Write the operation as a command of curl, with what stands for a host, a token, values."""
    asked, headers = [], []
    for one in told["parameters"]:
        name, value = one["name"], GIVEN[one["name"]]
        if one["in"] == "path":
            path = path.replace(f"{{{name}}}", value)
        elif one["in"] == "query":
            asked.append(f"{name}={value}")
        else:
            headers.append(f"{name}: {value}")
    if {"conversation": []} in told["security"]:
        headers.insert(0, "Authorization: Bearer $TOKEN")
    if body is not None:
        headers.append("Content-Type: application/json")
    address = path + ("?" + "&".join(asked) if asked else "")
    way = "" if method == "get" else f" -X {method.upper()}"
    lines = [f'curl{way} "$HELP{address}"', *(f'-H "{header}"' for header in headers)]
    if body is not None:
        lines.append("-d " + shlex.quote(json.dumps(body, ensure_ascii=False)))
    elif path.endswith("/attachments"):
        lines += ['-H "Content-Type: image/png"', "--data-binary @bill.png"]
    return " \\\n  ".join(lines)


def _answer(status: str, told: Mapping[str, Any]) -> Answer:
    [(kind, content)] = list(told.get("content", {}).items()) or [("", {})]
    about = told["description"]
    if kind and not kind.endswith("json"):
        about = f"{about} ({kind})"
    example = content.get("example")
    shown = _written(example) if example is not None else None
    return Answer(status, about, _model(content.get("schema", {})), shown)


def _model(schema: Mapping[str, Any]) -> str | None:
    """Return the name of the model that a schema leads to, in a list or not."""
    for one in (schema, schema.get("items", {}), *schema.get("anyOf", [])):
        if isinstance(one, Mapping) and "$ref" in one:
            return str(one["$ref"]).rsplit("/", 1)[1]
    return None


def _written(example: Any) -> str:
    return json.dumps(example, ensure_ascii=False, indent=2)
