"""The flows by name."""

from __future__ import annotations

from actions import (
    complaint,
    dispute,
    fee,
    fraud,
    frozen,
    login,
    pay_failed,
    refund,
    wrong_transfer,
)
from actions.flow import Flow

FLOWS: dict[str, Flow] = {
    module.FLOW.name: module.FLOW
    for module in (
        pay_failed,
        refund,
        dispute,
        wrong_transfer,
        fee,
        fraud,
        frozen,
        login,
        complaint,
    )
}


def flow_asking(slot: str) -> Flow | None:
    """Return the flow whose own step a slot is, None for details that several ask."""
    asking = [flow for flow in FLOWS.values() if flow.step(slot)]
    return asking[0] if len(asking) == 1 else None
