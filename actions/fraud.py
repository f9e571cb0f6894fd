"""Fraud and stolen accounts, the fast lane: one question at most, then a human."""

from __future__ import annotations

from actions.flow import DECLINED, URGENT, Flow, Step
from actions.triage import Triage

FLOW = Flow(
    name="fraud",
    faq="account-stolen",
    steps=(
        Step(
            "fraud_kind",
            tells={"money_sent": "utter_fraud_kind_money_sent"},
            still="money_sent",
            ends={"money_sent": URGENT, "leaked": URGENT, "stolen": URGENT},
            then={"money_sent": "fraud_human", "leaked": "fraud_human", "stolen": "fraud_human"},
        ),
        Step("fraud_human", optional=True, still="yes", ends={"yes": URGENT, "no": DECLINED}),
    ),
    causes={
        "fraud-money-sent": ("fraud_kind", "money_sent"),
        "fraud-code-leaked": ("fraud_kind", "leaked"),
        "account-stolen": ("fraud_kind", "stolen"),
    },
    finish=URGENT,
    hasty=True,
)


class ValidateFraud(Triage):
    """Walks the fast lane."""

    flow = FLOW
