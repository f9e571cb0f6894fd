"""Money sent to the wrong person: was the payee asked, the details, then a human."""

from __future__ import annotations

from actions.flow import Flow, Step, detail
from actions.triage import Triage

FLOW = Flow(
    name="wrong_transfer",
    faq="wrong-transfer",
    steps=(
        Step(
            "wrong_contact",
            check="contact_payee",
            results={"agreed": "done", "refused": "done", "unreachable": "done"},
            still="refused",
            tells={"no": "utter_wrong_contact_no"},
        ),
        detail("time", closing=True),
        detail("amount", closing=True),
        detail("order_number", closing=True),
    ),
)


class ValidateWrongTransfer(Triage):
    """Walks the wrong-transfer form."""

    flow = FLOW
