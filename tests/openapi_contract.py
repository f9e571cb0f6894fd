"""Hold what the API answers against the document that it publishes."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from flask import Flask, Response, request
from jsonschema import Draft202012Validator

from web.api.openapi import document

ROOT = "/api/v1"


@cache
def _validator(pointer: str) -> Draft202012Validator:
    return Draft202012Validator(_whole({"$ref": pointer}, document()["components"]["schemas"]))


def _whole(node: Any, models: dict[str, Any]) -> Any:
    """Put each model where it is referred to: following references costs more than all else."""
    if isinstance(node, list):
        return [_whole(one, models) for one in node]
    if not isinstance(node, dict):
        return node
    beside = {key: _whole(value, models) for key, value in node.items() if key != "$ref"}
    if "$ref" not in node:
        return beside
    return {**_whole(models[node["$ref"].rpartition("/")[2]], models), **beside}


def broken(path: str, method: str, status: int, kind: str, body: Any) -> list[str]:
    """Return what an answer does that the document does not say; path: as the document has it."""
    operations = document()["paths"].get(path)
    if operations is None:
        return []  # tests/web/test_health.py sees to it that every route of ours is there
    operation = operations.get(method)
    if operation is None:
        return []  # a method that is not allowed answers as any unknown address
    described = operation["responses"].get(str(status))
    if described is None:
        return [f"{method} {path} answers {status}, which the document does not name"]
    content = described.get("content", {})
    if kind not in content:
        return [] if not content and not body else [f"{method} {path} {status} answers {kind}"]
    schema = content[kind]["schema"]
    if "$ref" not in schema:
        return []
    faults = _validator(schema["$ref"]).iter_errors(body)
    return [f"{method} {path} {status}: {f.json_path} {f.message[:200]}" for f in faults]


def watch(app: Flask, found: list[str]) -> None:
    """Check every answer of an app's API; found: takes what breaks the contract."""

    @app.after_request
    def check(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else ""
        if rule.startswith(ROOT) and request.method not in ("OPTIONS", "HEAD"):
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.removeprefix(ROOT))
            body = response.get_json(silent=True) if response.is_json else None
            found.extend(
                broken(path, request.method.lower(), response.status_code, response.mimetype, body)
            )
        return response
