"""A frozen account: how it came, whether someone else was in it, then a human."""

from __future__ import annotations

from actions.flow import UNSOLVED, Flow, Step
from actions.triage import Triage

FLOW = Flow(
    name="frozen",
    faq="account-unfreeze",
    steps=(
        Step("frozen_cause"),
        Step("frozen_suspicious", ends={"yes": "switch/fraud"}),
        Step("frozen_solved", still="no", ends={"no": UNSOLVED}),
    ),
    causes={"pay-failed-account-abnormal": ("frozen_cause", "alert")},
)


class ValidateFrozen(Triage):
    """Walks the frozen-account form."""

    flow = FLOW
