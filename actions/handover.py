"""Hands the conversation to a human."""

from __future__ import annotations

from actions import commands, speech, wording
from actions.flows import is_hasty
from actions.turn import Turn


def hand_over(turn: Turn, reason: str) -> None:
    """Say that a human is on the way and have the conversation queued with its card.

    reason: asked, unsolved, missed or urgent.
    """
    urgent = reason == "urgent" or is_hasty(turn.slot("flow")) or bool(turn.slot("urgent"))
    if turn.metadata.get("waiting"):
        _say_waiting(turn, urgent)
        return
    _say(turn, urgent)
    commands.escalate(turn, reason, urgent)
    turn.set("settled", "human")
    turn.set("misses", 0)


def _say_waiting(turn: Turn, urgent: bool) -> None:
    """Somebody is on the way already: say so, and put the conversation before the others."""
    waiting = turn.metadata["waiting"]
    if urgent and not waiting.get("urgent"):
        commands.hasten(turn, str(turn.slot("flow") or "human"))
    commands.note(turn)
    speech.say(turn, "waiting_again", place=str(waiting.get("place") or 1))


def _say(turn: Turn, urgent: bool) -> None:
    chat_open = (turn.metadata.get("open") or {}).get("chat", True)
    waiting = int((turn.metadata.get("queue") or {}).get("waiting") or 0)
    if not chat_open and urgent:
        hotline = wording.variable(turn, "emergency_hotline")
        wording.say(turn, "utter_escalated_closed_urgent", emergency_hotline=hotline)
    elif not chat_open:
        hours = wording.variable(turn, "chat_hours")
        wording.say(turn, "utter_escalated_closed", chat_hours=hours)
    elif urgent:
        hotline = wording.variable(turn, "hotline")
        wording.say(turn, "utter_escalated_urgent", hotline=hotline)
    elif waiting:
        wording.say(turn, "utter_escalated_waiting", waiting=str(waiting))
    else:
        wording.say(turn, "utter_escalated")
