"""The HTTP channel between web and bot, on loopback."""

from __future__ import annotations

import hmac
import logging
import os
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from bot.runtime.message import BadMessage, Message, read_message
from tracing import context
from tracing.spans import Kind
from tracing.tracer import Tracer

logger = logging.getLogger(__name__)

Answer = Callable[[Message], Awaitable[list[dict[str, object]]]]
Proof = Callable[[], Awaitable[None]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
WEBHOOK = "/webhooks/rest/webhook"
# The word by which the supervisor knows this start of the bot.
NONCE = {"X-Start-Nonce": os.environ.get("XIAOHU_START_NONCE", "")}
LARGEST = 256 * 1024  # bytes of a request; metadata holds announcements
# A message that waits behind so many others would be answered after web stopped waiting.
MOST_WAITING = 200


class Channel:
    """Answers requests, with 503 until it is given what answers messages.

    secret: what a request for an answer has to bring as bearer token; empty, none. tracer: of
    turns.
    """

    def __init__(self, secret: str = "", tracer: Tracer | None = None) -> None:
        self._tracer = tracer or Tracer()
        self._secret = secret.encode()
        self._answer: Answer | None = None
        self._prove: Proof = _nothing_to_prove
        self._waiting = 0

    def open(self, answer: Answer, prove: Proof | None = None) -> None:
        """Answer messages from now on. prove: raises when they could not be remembered."""
        self._answer = answer
        self._prove = prove or _nothing_to_prove

    def close(self) -> None:
        """Answer no further messages; those begun are finished."""
        self._answer = None

    def app(self) -> web.Application:
        """Make the application."""
        app = web.Application(client_max_size=LARGEST, middlewares=[_errors_as_json])
        app.router.add_post(WEBHOOK, self._message)
        app.router.add_get("/livez", self._alive)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/probe", self._probe)
        app.router.add_get("/", self._alive)  # as Rasa's own server answers
        if all(NONCE.values()):
            app.on_response_prepare.append(_show_nonce)
        return app

    async def _alive(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _ready(self, request: web.Request) -> web.Response:
        if self._answer is None:
            return _problem(HTTPStatus.SERVICE_UNAVAILABLE, "not ready")
        return web.json_response({"status": "ready"})

    async def _probe(self, request: web.Request) -> web.Response:
        """Tell whether a message of whoever asks would be answered, short of answering one."""
        if not self._may(request):
            return _problem(HTTPStatus.UNAUTHORIZED, "the shared secret is missing or wrong")
        if self._answer is None or self._waiting >= MOST_WAITING:
            return self._not_now()
        await self._prove()
        return web.json_response({"status": "ready", "waiting": self._waiting})

    async def _message(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return _problem(HTTPStatus.UNAUTHORIZED, "the shared secret is missing or wrong")
        try:
            message = read_message(await request.read())
        except BadMessage as error:
            return _problem(HTTPStatus.BAD_REQUEST, str(error))
        if self._answer is None or self._waiting >= MOST_WAITING:
            return self._not_now()
        self._waiting += 1
        try:
            replies = await self._traced(request, message, self._answer)
        finally:
            self._waiting -= 1
        return web.json_response(replies)

    async def _traced(
        self, request: web.Request, message: Message, answer: Answer
    ) -> list[dict[str, object]]:
        """Answer a message, as a part of the trace that web brings along."""
        parent = context.read(request.headers.get(context.HEADER, ""))
        with self._tracer.span("turn", Kind.SERVER, parent) as span:
            replies = await answer(message)
            if span is not None:
                conversation = context.digest(message.sender)
                span.note(xiaohu__conversation=conversation, xiaohu__event=message.event)
                span.note(xiaohu__replies=len(replies))
            return replies

    def _not_now(self) -> web.Response:
        """Say that a message is not answered now: 503, which is worth waiting for, or 429."""
        if self._answer is None:
            return _problem(HTTPStatus.SERVICE_UNAVAILABLE, "not ready")
        return _problem(HTTPStatus.TOO_MANY_REQUESTS, "too many messages wait")

    def _may(self, request: web.Request) -> bool:
        if not self._secret:
            return True
        kind, _, sent = request.headers.get("Authorization", "").partition(" ")
        given = sent.strip().encode("utf-8", "surrogateescape")
        return kind.lower() == "bearer" and hmac.compare_digest(given, self._secret)


async def _nothing_to_prove() -> None:
    pass


async def _show_nonce(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(NONCE)


@web.middleware
async def _errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        allowed = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        return _problem(HTTPStatus(error.status), error.reason, allowed)
    except Exception:
        # The formatter writes where it failed, never the message: it may quote a customer.
        logger.exception("a message was not answered")
        return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "the message was not answered")


def _problem(
    status: HTTPStatus, detail: str, headers: dict[str, str] | None = None
) -> web.Response:
    problem = {"type": "about:blank", "title": status.phrase, "status": int(status)}
    return web.json_response(
        {**problem, "detail": detail},
        status=int(status),
        content_type="application/problem+json",
        headers=headers,
    )
