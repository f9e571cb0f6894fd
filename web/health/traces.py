"""Each request as a span. It begins its trace here: what a browser says of one is not believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, g, request

from tracing.context import digest
from tracing.spans import Kind
from tracing.tracer import Tracer
from web.health.metrics import METHODS
from web.logs import CONVERSATION
from web.server import PROBES

if TYPE_CHECKING:
    from flask import Response

FAILED = 500  # the lowest status that is our fault


def register(app: Flask, tracer: Tracer) -> None:
    """Make spans of an app's requests, but for those of who watches it."""
    if not tracer.on:
        return

    @app.before_request
    def begin() -> None:
        if request.path not in PROBES:
            name = f"{_method()} {request.endpoint or 'none'}"
            g.span = tracer.begin(name, Kind.SERVER)

    @app.after_request
    def end(response: Response) -> Response:
        if (under_way := g.pop("span", None)) is not None:
            span, token = under_way
            span.failed = response.status_code >= FAILED
            found = CONVERSATION.search(request.path)
            span.note(
                http__request__method=_method(),
                http__route=request.url_rule.rule if request.url_rule else None,
                http__response__status_code=response.status_code,
                xiaohu__request=g.get("request_id"),
                xiaohu__conversation=digest(found[1]) if found else None,
            )
            tracer.end(span, token)
        return response

    @app.teardown_request
    def give_up(_error: BaseException | None) -> None:
        if (under_way := g.pop("span", None)) is not None:  # an answer that was not made
            span, token = under_way
            span.failed = True
            tracer.end(span, token)


def _method() -> str:
    """Return the request's method; what a client made up is none."""
    return request.method if request.method in METHODS else "_OTHER"
