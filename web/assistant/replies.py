"""The bot's answer, read leniently: what is malformed is left out, never passed on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from web.desk.masking import mask
from web.desk.texts import clean

EXPECTED = frozenset({"amount", "order_number", "time", "error_text", "free"})
REASONS = frozenset({"asked", "unsolved", "missed", "urgent"})
LONGEST = 8000


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message of the bot; text is Markdown when it comes from an FAQ."""

    text: str
    format: str = "text"
    faq_id: str | None = None
    short: bool = False
    buttons: tuple[Button, ...] = ()
    expects: str | None = None

    def data(self) -> dict[str, Any]:
        """Show the reply as the data of a message event."""
        data: dict[str, Any] = {"text": self.text, "format": self.format}
        if self.faq_id:
            data |= {"faq_id": self.faq_id, "short": self.short}
        if self.buttons:
            data["buttons"] = [
                {"title": button.title, "payload": button.payload} for button in self.buttons
            ]
        if self.expects:
            data["expects"] = self.expects
        return data


@dataclass(frozen=True, slots=True)
class Note:
    """What is known so far."""

    card: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Escalate:
    """Put the conversation into the queue."""

    topic: str | None
    reason: str
    urgent: bool
    card: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resolve:
    """The customer said that it is solved."""

    topic: str | None
    faq_id: str | None


@dataclass(frozen=True, slots=True)
class Missed:
    """Nothing fitted."""


@dataclass(frozen=True, slots=True)
class Understood:
    """How a customer's own words ranked; faq_id is the nearest FAQ."""

    band: str
    confidence: float
    topic: str | None
    faq_id: str | None


@dataclass(frozen=True, slots=True)
class Hasten:
    """Put a waiting conversation before the others."""

    topic: str | None


@dataclass(frozen=True, slots=True)
class Leave:
    """Take the conversation out of the queue: the customer goes on with the bot."""


@dataclass(frozen=True, slots=True)
class Reject:
    """The customer said that an FAQ was not what they had asked."""

    faq_id: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the customer wants the product team to know."""

    text: str


@dataclass(frozen=True, slots=True)
class Announced:
    """The customer was told of an announcement."""

    announcement: str


Step = Reply | Note | Escalate | Hasten | Leave | Resolve | Missed | Reject | Opinion | Announced


def read(answer: list[Any]) -> list[Step]:
    """Read the bot's list in order. An `expects` goes to the reply just before it."""
    steps: list[Step] = []
    for item in answer:
        if not isinstance(item, dict):
            continue
        custom = item.get("custom")
        if isinstance(custom, dict):
            _read_custom(custom, steps)
        if reply := _reply(item):
            steps.append(reply)
    return steps


def understanding(answer: list[Any]) -> tuple[bool, Understood | None]:
    """Read how the bot understood the message.

    Returns whether it says so at all, and None where it ranked nothing: a button, a bare amount.
    """
    for item in answer:
        custom = item.get("custom") if isinstance(item, dict) else None
        if isinstance(custom, dict) and "understood" in custom:
            return True, _understood(custom["understood"])
    return False, None


def _understood(raw: Any) -> Understood | None:
    if not isinstance(raw, dict):
        return None
    band, confidence = _word(raw, "band"), raw.get("confidence")
    if band is None or not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
        return None
    return Understood(band[:16], float(confidence), _word(raw, "topic"), _word(raw, "faq"))


def _read_custom(custom: dict[str, Any], steps: list[Step]) -> None:
    answer = custom.get("answer")
    if isinstance(answer, dict) and (reply := _reply(answer, "markdown")):
        steps.append(
            replace(reply, faq_id=_word(answer, "faq_id"), short=answer.get("short") is True)
        )
    expects = custom.get("expects")
    if isinstance(expects, str) and expects in EXPECTED:
        for place in range(len(steps) - 1, -1, -1):
            step = steps[place]
            if isinstance(step, Reply):
                steps[place] = replace(step, expects=expects)
                break
    command = _command(custom)
    if command is not None:
        steps.append(command)


def _command(custom: dict[str, Any]) -> Step | None:
    name = custom.get("command")
    card = custom.get("card")
    card = card if isinstance(card, dict) else {}
    if name == "note":
        return Note(card)
    if name == "escalate":
        reason = custom.get("reason")
        return Escalate(
            topic=_word(custom, "topic"),
            reason=reason if isinstance(reason, str) and reason in REASONS else "asked",
            urgent=custom.get("urgent") is True,
            card=card,
        )
    if name == "resolve":
        return Resolve(_word(custom, "topic"), _word(custom, "faq_id"))
    if name == "hasten":
        return Hasten(_word(custom, "topic"))
    if name == "reject" and (faq_id := _word(custom, "faq_id")):
        return Reject(faq_id)
    if name == "announced" and (announcement := _word(custom, "announcement")):
        return Announced(announcement)
    text = custom.get("text")
    if name == "feedback" and isinstance(text, str) and text.strip():
        return Opinion(_safe(text))
    simple: dict[object, Step] = {"miss": Missed(), "leave": Leave()}
    return simple.get(name)


def _reply(item: dict[str, Any], form: str = "text") -> Reply | None:
    text = item.get("text")
    buttons = tuple(_buttons(item.get("buttons")))
    text = _safe(text) if isinstance(text, str) else ""
    return Reply(text, form, buttons=buttons) if text or buttons else None


def _buttons(raw: Any) -> list[Button]:
    buttons = []
    for item in raw if isinstance(raw, list) else []:
        if not isinstance(item, dict):
            continue
        title, payload = item.get("title"), item.get("payload")
        if not isinstance(title, str) or not isinstance(payload, str) or not title.strip():
            continue
        payload = clean(payload)
        # A payload with a secret in it would be stored, so such a button is not shown.
        if 0 < len(payload) <= 500 and _holds_no_secret(payload):
            buttons.append(Button(_safe(title)[:100], payload))
    return buttons[:20]


@lru_cache(maxsize=2048)  # the bot says much the same to everybody
def _safe(text: str) -> str:
    return mask(clean(text).strip()[:LONGEST], "order_number")[0]


@lru_cache(maxsize=2048)
def _holds_no_secret(payload: str) -> bool:
    return not mask(payload, "order_number")[1]


def _word(item: dict[str, Any], key: str) -> str | None:
    value = item.get(key)
    return clean(value)[:64] if isinstance(value, str) and value.strip() else None
