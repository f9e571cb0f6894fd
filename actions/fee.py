"""Fees: which kind, its answer, solved or a human."""

from __future__ import annotations

from actions.flow import UNSOLVED, Flow, Step
from actions.triage import Triage

FLOW = Flow(
    name="fee",
    faq="fee-unexpected",
    steps=(
        Step(
            "fee_kind",
            says={
                "withdraw": "fee-withdraw",
                "transfer": "fee-transfer",
                "video": "fee-video",
                "phone": "fee-phone",
                "unexpected": "fee-unexpected",
            },
        ),
        Step("fee_solved", still="no", ends={"no": UNSOLVED}),
    ),
)


class ValidateFee(Triage):
    """Walks the fee form."""

    flow = FLOW
