"""Refund: which order, why, how far; then solved or a human."""

from __future__ import annotations

from actions.flow import UNSOLVED, Flow, Step, detail
from actions.triage import Triage

FLOW = Flow(
    name="refund",
    faq="refund-how",
    steps=(
        detail("refund_order", known_by=(("order_number",), ("time", "amount"))),
        # why no longer matters once the merchant has the application
        Step("refund_reason", known_by=(("refund_merchant",),)),
        Step(
            "refund_merchant",
            check="refund",
            results={
                "not_applied": "no",
                "reviewing": "done",
                "refused": "done",
                "agreed": "done",
            },
            says={
                "not_applied": "refund-how",
                "reviewing": "refund-status",
                "refused": "refund-merchant-refused",
                "agreed": "refund-time",
                "unknown": "refund-status",
            },
        ),
        Step("refund_solved", still="no", ends={"no": UNSOLVED}),
    ),
    causes={"refund-merchant-refused": ("refund_merchant", "refused")},
)


class ValidateRefund(Triage):
    """Walks the refund form."""

    flow = FLOW
