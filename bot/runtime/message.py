"""A message to the bot as it comes in over HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from bot.runtime.sealing import read_key

LONGEST_ID = 255
LONGEST_TEXT = 4000
MOST_UNHEARD = 100
LARGEST_NUMBER = 2**62
# Rasa takes what begins with this for a button's payload.
PAYLOAD = "/"
# What a customer's own slash becomes: Rasa strips texts, so a space before it does not last.
SLASH = "\N{FULLWIDTH SOLIDUS}"


class BadMessage(ValueError):
    """A request is no message; says what is wrong, without quoting it."""


@dataclass(frozen=True)
class Message:
    """One message. sender: the conversation's id. metadata: what web says of the world.

    event: the number that web gave it, 0 for the opening; None when it is to be answered anew each
    time. unheard: the events just before it whose replies came too late for the customer to hear.
    key: what seals all that is remembered of it.
    """

    sender: str
    text: str
    metadata: dict[str, Any]
    event: int | None = None
    unheard: tuple[int, ...] = ()
    key: bytes | None = field(default=None, repr=False)


def read_message(body: bytes) -> Message:
    """Read a request's JSON body; raises BadMessage."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise BadMessage("the body is not JSON") from None
    if not isinstance(sent, dict):
        raise BadMessage("the body is not a JSON object")
    sender = _text(sent, "sender", LONGEST_ID)
    text = _text(sent, "message", LONGEST_TEXT)
    metadata = sent.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise BadMessage("metadata is not an object")
    event, unheard = sent.get("event"), sent.get("unheard") or []
    if event is not None and not _is_number(event):
        raise BadMessage("event is no number")
    if not isinstance(unheard, list) or not all(map(_is_number, unheard)):
        raise BadMessage("unheard is no list of numbers")
    key, brought = None, sent.get("key")
    if brought is not None:
        key = read_key(brought) if isinstance(brought, str) else None
        if key is None:
            raise BadMessage("key is none")
    newest = tuple(unheard[-MOST_UNHEARD:])
    return Message(sender, as_typed(text), metadata or {}, event, newest, key)


def as_typed(text: str) -> str:
    """Return the text so that a slash behind a space is no payload's.

    Web sends a customer's own text that begins with a slash behind a space.
    """
    if text[:1].isspace() and text.lstrip().startswith(PAYLOAD):
        return text.lstrip().replace(PAYLOAD, SLASH, 1)
    return text


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value < LARGEST_NUMBER


def _text(sent: dict[str, Any], name: str, longest: int) -> str:
    value = sent.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadMessage(f"{name} is not a text")
    if len(value) > longest:
        raise BadMessage(f"{name} is longer than {longest} characters")
    try:
        value.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        raise BadMessage(f"{name} is not valid Unicode") from None
    return value
