"""A charge that is wrong: which kind, the details, whether a dispute was filed."""

from __future__ import annotations

from actions.flow import UNSOLVED, Flow, Step, detail
from actions.triage import Triage

FLOW = Flow(
    name="dispute",
    faq="dispute-how",
    steps=(
        Step(
            "dispute_kind",
            says={
                "duplicate": "pay-duplicate",
                "unknown_charge": "unknown-charge",
                "fee": "fee-unexpected",
            },
            ends={"stolen": "switch/fraud"},
        ),
        detail("time"),
        detail("amount"),
        detail("counterparty"),
        Step(
            "dispute_filed",
            check="dispute",
            results={"no_result": "done"},
            still="no_result",
            says={"no": "dispute-how", "no_result": "dispute-no-result"},
            ends={"no_result": UNSOLVED},
        ),
        Step("dispute_solved", still="no", ends={"no": UNSOLVED}),
    ),
    causes={
        "pay-duplicate": ("dispute_kind", "duplicate"),
        "unknown-charge": ("dispute_kind", "unknown_charge"),
        "dispute-no-result": ("dispute_filed", "no_result"),
    },
)


class ValidateDispute(Triage):
    """Walks the dispute form."""

    flow = FLOW
