"""What is done before a step is asked, beyond what a flow's file can say."""

from __future__ import annotations

from actions import outage, wording
from actions.turn import Turn
from flows import Flow, Step

# The answer of a step that the customer was not asked.
NONE = "none"


def settle(turn: Turn, flow: Flow, step: Step) -> bool:
    """Settle a step without asking; True when it needs no question."""
    if turn.text and turn.faq_id in step.told_by:
        turn.set(step.slot, turn.text)
        return True
    if step.before == "announcements":
        return _announce(turn, flow, step)
    return False


def _announce(turn: Turn, flow: Flow, step: Step) -> bool:
    """Show the current announcements, or say that there are none and go on."""
    notices = turn.metadata.get("announcements") or []
    outage.tell(turn)
    if notices:
        return False
    wording.say_text(turn, flow.responses["no_notice"])
    turn.set(step.slot, NONE)
    if step.tried:
        turn.set("tried", {**(turn.slot("tried") or {}), step.tried: "done"})
    return True
