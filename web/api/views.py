"""The API's blueprint."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from web.api import (
    access,
    attachments,
    callbacks,
    calls,
    cards,
    cases,
    conversations,
    evidence,
    faqs,
    openapi,
    reach,
    rights,
    waiting,
    work,
)

blueprint = Blueprint("api", __name__, url_prefix="/api/v1", template_folder="templates")
faqs.register(blueprint)
conversations.register(blueprint)
for part in (
    access,
    attachments,
    callbacks,
    calls,
    cards,
    cases,
    waiting,
    evidence,
    rights,
    reach,
    work,
):
    part.register(blueprint)


@blueprint.get("/openapi.json")
def describe() -> Response:
    """Give the OpenAPI document."""
    server = {"url": f"{request.script_root}/api/v1"}
    return jsonify({**openapi.document(), "servers": [server]})


@blueprint.after_request
def open_to_widgets(response: Response) -> Response:
    """Let pages of any site call the API; it knows no cookies, only bearer tokens."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = (
        "Authorization, Content-Type, Last-Event-ID, Xiaohu-Identity, Xiaohu-File-Name"
    )
    response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response
