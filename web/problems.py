"""Errors as answers: problem documents (RFC 9457) for programs, pages for people. Nothing else."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, json, make_response, request
from gunicorn.http.errors import ParseException
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import BadRequest, HTTPException, RequestTimeout

from web.accounts.staff import BadName, NotAllowed
from web.admission import Busy
from web.desk import (
    attachments,
    blocks,
    callbacks,
    consents,
    errors,
    forbidden,
    phones,
    pixels,
    puzzles,
    slots,
)
from web.desk.handout.offers import OfferOver
from web.identity import BadIdentity
from web.limits import TooMany
from web.mail.addresses import BadAddress
from web.notifications.push import BadSubscription
from web.offload import Overloaded
from web.patience import TooSlow
from web.proof.gateway import GatewayAway
from web.wallet.looks import AlreadyAsked
from web.wallet.proposals import OwnProposal

log = logging.getLogger(__name__)
PROGRAMS = ("/api/", "/desk/api/", "/console/api/", "/editor/api/", "/metrics", "/livez", "/readyz")
DESK = {
    errors.NotFound: (404, "not-found"),
    errors.UnknownToken: (401, "unknown-token"),
    errors.ExpiredToken: (401, "expired-token"),
    errors.OtherIdentity: (409, "other-identity"),
    errors.WrongState: (409, "wrong-state"),
    errors.NotYours: (409, "not-yours"),
    errors.NeedsReason: (403, "reason-needed"),
    errors.ThinReason: (422, "reason-thin"),
    errors.Full: (409, "full"),
    errors.Reserved: (409, "reserved"),
    errors.NotThere: (409, "not-there"),
    OfferOver: (409, "offer-over"),
    errors.NotOffered: (422, "not-offered"),
    errors.NameTaken: (409, "name-taken"),
    errors.BadPassword: (401, "bad-password"),
    NotAllowed: (403, "not-allowed"),
    BadName: (422, "bad-name"),
    BadIdentity: (401, "bad-identity"),
    errors.Throttled: (429, "throttled"),
    callbacks.AlreadyBooked: (409, "already-booked"),
    callbacks.TooManyBookings: (429, "too-many-bookings"),
    slots.SlotFull: (409, "slot-full"),
    slots.NoSlot: (422, "no-slot"),
    puzzles.WorkNeeded: (428, "work-needed"),
    phones.BadNumber: (422, "bad-number"),
    forbidden.ForbiddenAsk: (422, "forbidden-ask"),
    pixels.BadPicture: (422, "bad-picture"),
    attachments.TooManyAttachments: (409, "too-many-pictures"),
    errors.Closed: (409, "closed"),
    BadAddress: (422, "bad-address"),
    BadSubscription: (422, "bad-subscription"),
    AlreadyAsked: (409, "already-asked"),
    OwnProposal: (403, "own-proposal"),
    consents.Withdrawn: (409, "consent-withdrawn"),
    blocks.Blocked: (409, "blocked"),
    GatewayAway: (503, "sms-away"),
}
TITLES = {
    "not-found": "There is no such thing, or it is not yours",
    "unknown-token": "The bearer token is missing or unknown",
    "expired-token": "The bearer token has expired; open the conversation again",
    "other-identity": "The conversation belongs to another identity",
    "wrong-state": "The conversation's state does not allow this",
    "not-yours": "Another agent has this conversation",
    "reason-needed": "Say why: this conversation is neither yours nor waiting",
    "reason-thin": "Say why in words: two different Chinese characters or four letters at least",
    "reserved": "The customer is kept for the agent who had them last",
    "full": "The agent has as many chats as they take",
    "offer-over": "The offer rings no longer",
    "not-there": "The colleague is not at their desk",
    "not-offered": "This payload was not offered in the conversation",
    "name-taken": "The name is taken",
    "bad-password": "Wrong name or password",
    "bad-signature": "The request was not signed by the wallet, here and now",
    "already-asked": "The wallet is being asked for this already",
    "own-proposal": "Another agent has to confirm this",
    "blocked": "The sender is kept from people until then; danger still gets through",
    "consent-withdrawn": "The customer has taken back their consent to this",
    "not-allowed": "This role may not do that",
    "bad-name": "The name cannot be taken",
    "bad-identity": "The identity is not valid",
    "throttled": "Too many attempts",
    "already-booked": "The conversation has an open callback",
    "too-many-bookings": "Too many callbacks booked today",
    "slot-full": "The slot has no room left",
    "sms-away": "The text message with the link cannot be sent now",
    "work-needed": "A puzzle has to be solved first",
    "no-slot": "This time cannot be booked",
    "bad-number": "The number cannot be called",
    "forbidden-ask": "The message asks for what nobody may ask for",
    "bad-picture": "This is no picture or document that can be taken",
    "too-many-pictures": "The conversation holds as many pictures and documents as it may",
    "bad-address": "The e-mail address cannot be written to",
    "bad-subscription": "This browser cannot be pushed to",
    "closed": "The channel is closed now",
    "invalid": "The request does not have the right form",
    "busy": "More is under way than can be done at once; come again in a moment",
    "unavailable": "The service cannot do this right now",
    "internal": "Something went wrong here",
}


def problem(
    status: int, kind: str, detail: str = "", *, title: str | None = None, **extra: Any
) -> Response:
    """Write a problem document; kind: its code, by which programs decide; extra: its parameters."""
    body = {
        "type": f"urn:xiaohu:problem:{kind}",
        "code": kind,
        "title": title or TITLES.get(kind, kind),
        "status": status,
        "detail": detail or title or TITLES.get(kind, kind),
        **extra,
    }
    response = Response(json.dumps(body), status, content_type="application/problem+json")
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if "retry_after" in extra:
        response.headers["Retry-After"] = str(extra["retry_after"])
    return response


def register(app: Flask) -> None:
    """Answer every error of the app here."""
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Any:
    """Turn an error into an answer; what nobody foresaw is logged and told as 500 alone."""
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_context=False, include_input=False)
        if any(item["type"] == "json_invalid" for item in found):
            return problem(400, "bad-request", "the body is not JSON", title="Bad Request")
        return problem(422, "invalid", "see errors", errors=_fields(found))
    if isinstance(error, Busy):
        if _for_programs():
            return problem(503, "busy", retry_after=error.retry_after)
        page = make_response(_page(503))
        page.headers["Retry-After"] = str(error.retry_after)
        return page
    if isinstance(error, PoolTimeout):
        log.error("database: no connection free at %s", request.endpoint)
        return problem(503, "unavailable", retry_after=2) if _for_programs() else _page(503)
    if isinstance(error, TooMany):
        return problem(429, "throttled", str(error), retry_after=error.retry_after)
    if isinstance(error, Overloaded):
        after = error.retry_after
        return problem(503, "unavailable", retry_after=after) if _for_programs() else _page(503)
    for kind, (status, name) in DESK.items():
        if isinstance(error, kind):
            if not _for_programs():
                return _page(status)
            told = ("retry_after", "reason", "kinds", "next_opening", "until", "puzzle")
            extra = {key: getattr(error, key) for key in told if hasattr(error, key)}
            return problem(status, name, **extra)
    if isinstance(error, TooSlow):
        error = RequestTimeout("the body did not come in time")
    if isinstance(error, ParseException):  # found while the body is read, after the head was right
        error = BadRequest("the body is not sent as its head says")
    if isinstance(error, HTTPException):
        return _http(error)
    if isinstance(error, DBAPIError):
        # Its text would hold the statement's parameters: customers' words stay out of the log.
        log.error("database: %s at %s", type(error.orig).__name__, request.endpoint)
        return problem(503, "unavailable", retry_after=2) if _for_programs() else _page(503)
    log.error("%s at %s", type(error).__name__, request.endpoint, exc_info=error)
    return problem(500, "internal") if _for_programs() else _page(500)


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    if not _for_programs():
        return _page(status)
    response = problem(
        status, error.name.lower().replace(" ", "-"), error.description or "", title=error.name
    )
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _for_programs() -> bool:
    return request.path.startswith(PROGRAMS)


def _page(status: int) -> Any:
    try:
        from web.helpcenter.views import error_page

        return error_page(status)
    except Exception as error:
        log.error("error page: %s", type(error).__name__, exc_info=error)
        return Response(f"{status}\n", status, content_type="text/plain; charset=utf-8")


def _fields(found: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Name the wrong fields; never their values, which may be secrets."""
    return [
        {
            "field": ".".join(str(place) for place in item["loc"])[:200],
            "code": item["type"],
            "message": _message(item["type"], item["msg"]),
        }
        for item in found[:20]
    ]


def _message(kind: str, message: str) -> str:
    return message if kind != "literal_error" else message[:200]
