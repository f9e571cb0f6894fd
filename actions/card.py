"""The card: what a human gets to read, so that a customer never repeats anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actions.flows import flows, walked
from actions.turn import DETAILS, SKIPPED, Turn
from flows import Step

LONGEST = 600
PROBLEM = "problem"


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
    for name, _, text in _lines(turn):
        if name != PROBLEM:
            card[name] = text
    tried = turn.slot("tried") or {}
    if tried:
        card["tried"] = [{"step": step, "result": result} for step, result in tried.items()]
    return card


def _problem(turn: Turn) -> str:
    lines = [str(turn.slot("problem"))] if turn.slot("problem") else []
    for name, value, text in _lines(turn):
        # a message that opened the problem may have answered a question, too
        if name == PROBLEM and value not in lines:
            lines.append(text)
    lines += [told for told in turn.state.told if told not in "\n".join(lines)]
    return "\n".join(lines)[:LONGEST]


def _lines(turn: Turn) -> Iterator[tuple[str, str, str]]:
    """Give what the answered steps write on the card: field, answer, text."""
    for step in _steps(turn):
        value = turn.slot(step.slot)
        if value and value != SKIPPED:
            chosen = [*step.choice(str(value)).titles, str(value)][0]
            for name, text in step.card.items():
                yield name, str(value), text.replace("{value}", chosen)


def _steps(turn: Turn) -> list[Step]:
    """Return the steps of all flows, each slot once; those of the walked flow in its version."""
    now = walked(turn)
    found: dict[str, Step] = {}
    for name, flow in flows().items():
        mine = flow if now is None or now.name != name else now
        for step in mine.steps:
            found.setdefault(step.slot, step)
    if now is not None:
        found.update((step.slot, step) for step in now.steps)
    return list(found.values())
