"""How a case ends well."""

from __future__ import annotations

from actions import commands, wording
from actions.turn import Turn


def close_solved(turn: Turn) -> None:
    """Be glad, and have it kept as solved."""
    wording.say(turn, "utter_solved")
    commands.resolve(turn)
    turn.set("settled", "solved")
    turn.set("misses", 0)
