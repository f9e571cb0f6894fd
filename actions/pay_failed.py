"""Payment failed: network, balance, method, announcement, account; then a human."""

from __future__ import annotations

from actions import outage, wording
from actions.flow import LATER, Flow, Step, detail
from actions.triage import Triage
from actions.turn import Turn

AGAIN = "pay_retry"

FLOW = Flow(
    name="pay_failed",
    faq="pay-failed",
    steps=(
        Step("pay_network", check="network", still="done"),
        Step(
            "pay_balance",
            check="balance",
            still="done",
            says={"no": "pay-failed-balance"},
            then={"no": AGAIN},
        ),
        Step(
            "pay_method",
            check="method",
            still="done",
            results={"invalid": "no", "limit": "no"},
            says={"invalid": "pay-failed-method-invalid", "limit": "pay-failed-card-limit"},
            then={"invalid": AGAIN, "limit": AGAIN},
        ),
        Step("pay_notice", check="announcement", still="done", ends={"later": LATER}),
        Step(
            "pay_account",
            check="account",
            still="done",
            says={"no": "pay-failed-account-abnormal"},
        ),
        Step(AGAIN, still="done", optional=True, again=True),
        detail("error_text", closing=True),
        detail("time", closing=True),
        detail("amount", closing=True),
    ),
    causes={
        "pay-failed-network": ("pay_network", "no"),
        "pay-failed-balance": ("pay_balance", "no"),
        "pay-failed-card-limit": ("pay_method", "limit"),
        "pay-failed-method-invalid": ("pay_method", "invalid"),
        "pay-failed-maintenance": ("pay_notice", "no"),
    },
)


class ValidatePayFailed(Triage):
    """Walks the payment form; announcements come with the message."""

    flow = FLOW

    def settle(self, turn: Turn, step: Step) -> bool:
        """Show the current announcements, or say that there are none and go on."""
        if step.slot != "pay_notice":
            return False
        notices = turn.metadata.get("announcements") or []
        outage.tell(turn)
        if notices:
            return False
        wording.say(turn, "utter_no_notice")
        turn.set(step.slot, "none")
        turn.set("tried", {**(turn.slot("tried") or {}), "announcement": "done"})
        return True
