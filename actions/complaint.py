"""A complaint: what, when, where, how, what is wished; to a human, or kept."""

from __future__ import annotations

from actions.flow import ASKED, KEPT, Flow, Step, detail
from actions.triage import Triage
from actions.turn import Turn

FLOW = Flow(
    name="complaint",
    faq="complaint-how",
    steps=(
        detail("complaint_problem"),
        detail("time"),
        detail("complaint_place"),
        detail("complaint_steps"),
        detail("complaint_wish"),
        Step("complaint_send", still="human", ends={"human": ASKED, "keep": KEPT}),
    ),
)


class ValidateComplaint(Triage):
    """Walks the complaint form."""

    flow = FLOW

    def settle(self, turn: Turn, step: Step) -> bool:
        """Take a message about an agent's manner for the problem: it says what happened."""
        if step.slot == "complaint_problem" and turn.faq_id == "agent-attitude" and turn.text:
            turn.set(step.slot, turn.text)
            return True
        return False
