"""The OpenAPI 3.1 document, made from the models that check the requests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.api import bodies, contact_routes, desk_routes
from web.api import faq_bodies as faq
from web.api.contact_routes import Route
from web.api.parameters import AFTER, CONVERSATION, FAQ, LAST, LIMIT, QUERY

EXAMPLES = Path(__file__).parent / "examples.yml"
# what an address is about: the first whose words it holds
TAGS = {
    "Calls": ("/calls",),
    "Callbacks": ("/callback", "/contacts"),
    "Card, pictures, letter": ("/card", "/attachments", "/evidence"),
    "While away": ("/reach",),
    "A person": ("/queue", "/ticket", "/rating", "/reopen", "/channels", "/cases"),
    "Conversations": ("/conversations",),
    "Articles": ("/",),
}
ERRORS = {
    400: "malformed",
    401: "no valid token or identity",
    404: "not there, or not yours",
    409: "the state does not allow it",
    413: "larger than 64 KiB",
    415: "not JSON",
    422: "wrong form",
    428: "a puzzle has to be solved first",
    429: "too many requests; see Retry-After",
    500: "a fault of ours",
    503: "not ready",
}


READ, WRITE = [401, 404], [400, 401, 404, 413, 415, 422, 429, 503]
ROUTES: list[Route] = [
    ("get", "/faqs", "Find FAQs", [QUERY, LIMIT], None, {200: faq.SearchOut}, [400, 503]),
    ("get", "/faqs/{faq_id}", "Read an FAQ", [FAQ], None, {200: faq.FaqOut}, [404, 503]),
    ("post", "/faqs/{faq_id}/feedback", "Vote on an article", [FAQ], faq.Vote, {204: None},
     [400, 404, 413, 415, 422, 429, 503]),
    ("get", "/suggestions", "Complete a query", [QUERY], None, {200: faq.SuggestionsOut},
     [400, 503]),
    ("post", "/conversations", "Open a conversation, or take up the customer's open one", [],
     bodies.NewConversation, {201: bodies.ConversationOut, 200: bodies.ConversationOut},
     [400, 401, 413, 415, 422, 429, 503]),
    ("post", "/conversations/{conversation_id}/token", "Exchange the token for a new one",
     [CONVERSATION], None, {200: bodies.TokenOut}, [*READ, 409]),
    ("delete", "/conversations/{conversation_id}/token",
     "Sign out: end the token, and every one of the same session (sid) at the wallet",
     [CONVERSATION], None, {204: None}, [*READ, 409]),
    ("post", "/conversations/{conversation_id}/messages", "Post a message; repeatable",
     [CONVERSATION], bodies.NewMessage, {201: bodies.PostedOut, 200: bodies.PostedOut}, WRITE),
    ("get", "/conversations/{conversation_id}/events", "Read events", [CONVERSATION, AFTER], None,
     {200: bodies.EventsOut}, [400, *READ]),
    ("get", "/conversations/{conversation_id}/stream", "Follow events (server-sent events)",
     [CONVERSATION, AFTER, LAST], None, {200: None}, [400, *READ, 503]),
    *desk_routes.ROUTES,
    *contact_routes.ROUTES,
]  # fmt: skip


@cache
def document() -> dict[str, Any]:
    """Build the document."""
    models = {model for route in ROUTES for model in (route[4], *route[5].values()) if model}
    models.add(bodies.ProblemOut)
    ordered = sorted(models, key=lambda model: model.__name__)
    template = "#/components/schemas/{model}"
    _, schemas = models_json_schema(
        [(model, "validation") for model in ordered], ref_template=template
    )
    paths: dict[str, Any] = {}
    for method, path, about, parameters, taken, given, failures in ROUTES:
        operation: dict[str, Any] = {
            "summary": about,
            "tags": [_tag(path)],
            "operationId": method + path.replace("/", "_").replace("{", "").replace("}", ""),
            "parameters": parameters,
            "responses": {
                **{str(status): _response(path, model) for status, model in given.items()},
                **{
                    str(status): _problem(ERRORS[status])
                    for status in sorted({*failures, *_everywhere(path)})
                },
            },
            "security": _security(path),
        }
        if taken is not None:
            operation["requestBody"] = {"required": True, "content": _json(taken)}
        paths.setdefault(path, {})[method] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Xiaohu help center", "version": "1"},
        "servers": [{"url": "/api/v1"}],
        "tags": [{"name": tag} for tag in reversed(TAGS)],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"conversation": {"type": "http", "scheme": "bearer"}},
        },
    }


def _tag(path: str) -> str:
    return next(tag for tag, words in TAGS.items() if any(word in path for word in words))


@cache
def examples() -> dict[str, Any]:
    """Read what bodies and answers look like, by the names of their models."""
    read: dict[str, Any] = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))["models"]
    return read


def _everywhere(path: str) -> set[int]:
    """Return what may become of every operation; 409: the page's user is not the token's."""
    return {409, 500} if any(_security(path)) else {500}


def _security(path: str) -> list[dict[str, list[str]]]:
    if "{conversation_id}" in path or path == "/cases":
        return [{"conversation": []}]
    return [{}, {"conversation": []}] if path == "/channels" else []


def _response(path: str, model: type[BaseModel] | None) -> dict[str, Any]:
    if path.endswith("/stream"):
        about = "`event: event` with an Event and its id, `state`, `typing`, heartbeats"
        return {
            "description": about,
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    if path.endswith("/transcript"):
        content = {"text/plain": {"schema": {"type": "string"}}}
        return {"description": "the thread, secrets hidden", "content": content}
    if model is None:
        return {"description": "done"}
    return {"description": (model.__doc__ or "").splitlines()[0], "content": _json(model)}


def _problem(about: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ProblemOut"}
    content = {"schema": schema}
    return {"description": about, "content": {"application/problem+json": content}}


def _json(model: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"application/json": {"schema": schema, "example": examples()[model.__name__]}}
