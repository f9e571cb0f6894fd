"""Reading requests: bodies, numbers, tokens."""

from __future__ import annotations

import re
from typing import TypeVar

from flask import g, request
from pydantic import BaseModel
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from web.desk import tokens
from web.desk.database import Database
from web.desk.errors import NotFound, UnknownToken
from web.services import utc_now

IDENTITY = "Xiaohu-Identity"
Model = TypeVar("Model", bound=BaseModel)
CONVERSATION = re.compile(r"[A-Za-z0-9_-]{16,32}")


def body(model: type[Model]) -> Model:
    """Read the JSON body as a model; a refusal becomes 400, 413, 415 or 422."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("send application/json")
    raw = request.get_data(cache=False)
    # A body in chunks has no length to refuse it by; it is read up to the limit and cut there.
    most = request.max_content_length
    if request.content_length is None and most is not None and len(raw) >= most:
        raise RequestEntityTooLarge
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("the body is not UTF-8") from None
    if not raw.strip():
        raise BadRequest("the body is empty")
    return model.model_validate_json(raw)


def number(name: str, default: int, low: int, high: int) -> int:
    """Read a whole number of the query; what is none is a 400."""
    raw = request.args.get(name, "")
    if not raw:
        return default
    if not re.fullmatch(r"\d{1,12}", raw, re.ASCII) or not low <= int(raw) <= high:
        raise BadRequest(f"{name} must be a whole number within {low} and {high}")
    return int(raw)


def allow(database: Database, conversation_id: str, *, email: bool = False) -> str:
    """Let the holder of the conversation's token in, who came by an email's link where email is.

    Raises UnknownToken, ExpiredToken, OtherIdentity, NotFound.
    """
    token = bearer()
    if not CONVERSATION.fullmatch(conversation_id):
        raise NotFound("no conversation of that form")
    now = utc_now()
    with database.read() as session:
        found = tokens.check(session, conversation_id, token, now, claimed(), email=email)
    g.by_email = found.email
    if found.due:
        with database.write() as session:
            tokens.renew(session, token, now)
    return conversation_id


def by_email() -> bool:
    """Tell whether the request that `allow` let in came by an email's link."""
    return bool(g.get("by_email", False))


def claimed() -> str | None:
    """Read in whose name the client speaks; None when it does not say, as programs may."""
    return request.headers.get(IDENTITY)


def bearer() -> str:
    """Read the bearer token; raises UnknownToken when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise UnknownToken("send Authorization: Bearer <token>")
    return token.strip()
