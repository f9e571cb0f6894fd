"""The card: what a human gets to read, so that a customer never repeats anything."""

from __future__ import annotations

from typing import Any

from actions import wording
from actions.turn import DETAILS, SKIPPED, Turn

LONGEST = 600


def card_of(turn: Turn) -> dict[str, Any]:
    """Build the card of what is known now; unknown parts are left out."""
    card: dict[str, Any] = {}
    if turn.slot("flow"):
        card["topic"] = turn.slot("flow")
    problem = _problem(turn)
    if problem:
        card["problem"] = problem
    for name in DETAILS:
        value = turn.slot(name)
        if value and value != SKIPPED:
            card[name] = str(value)
    tried = turn.slot("tried") or {}
    if tried:
        card["tried"] = [{"step": step, "result": result} for step, result in tried.items()]
    return card


def _problem(turn: Turn) -> str:
    lines = [str(turn.slot("problem"))] if turn.slot("problem") else []
    for name in turn.domain.get("responses") or {}:
        if not name.startswith("utter_card_"):
            continue
        slot = name.removeprefix("utter_card_")
        value = turn.slot(slot)
        if value and value != SKIPPED:
            if str(value) in lines:
                continue  # the message that opened the problem answered this question, too
            chosen = wording.choices_of(turn, slot).get(str(value), [str(value)])[0]
            lines.append(wording.text_of(turn, name, value=chosen))
    lines += [told for told in turn.state.told if told not in "\n".join(lines)]
    return "\n".join(lines)[:LONGEST]
