"""What the bot wants done: commands in its reply, which web carries out."""

from __future__ import annotations

from typing import Any

from actions.card import card_of
from actions.turn import Turn


def note(turn: Turn) -> None:
    """Have what is known so far kept on the conversation's card."""
    card = card_of(turn)
    turn.noted = True
    if card:
        _send(turn, {"command": "note", "card": card})


def escalate(turn: Turn, reason: str, urgent: bool) -> None:
    """Have the conversation put in the queue. reason: asked, unsolved, missed or urgent."""
    _send(
        turn,
        {
            "command": "escalate",
            "topic": turn.slot("flow") or "human",
            "reason": reason,
            "urgent": urgent,
            "card": card_of(turn),
        },
    )


def resolve(turn: Turn) -> None:
    """Have it kept that the customer calls it solved."""
    command = {
        "command": "resolve",
        "topic": turn.slot("flow"),
        "faq_id": turn.slot("last_faq"),
    }
    _send(turn, command)


def miss(turn: Turn) -> None:
    """Have it kept that nothing fitted this message."""
    _send(turn, {"command": "miss"})


def reject(turn: Turn, faq_id: str) -> None:
    """Have it kept that an FAQ was not what the customer had asked."""
    _send(turn, {"command": "reject", "faq_id": faq_id})


def feedback(turn: Turn, text: str) -> None:
    """Have a customer's opinion kept for the product team."""
    _send(turn, {"command": "feedback", "text": text})


def leave_queue(turn: Turn) -> None:
    """Have the conversation taken out of the queue again."""
    _send(turn, {"command": "leave"})


def hasten(turn: Turn, topic: str) -> None:
    """Have a waiting conversation put before the others."""
    _send(turn, {"command": "hasten", "topic": topic})


def expects(turn: Turn, what: str) -> None:
    """Say what the question just before expects."""
    _send(turn, {"expects": what})


def _send(turn: Turn, payload: dict[str, Any]) -> None:
    turn.dispatcher.utter_message(json_message=payload)
