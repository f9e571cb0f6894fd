"""The flows of the content folder, and which of them a conversation walks."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from flows import Flow, Flows
from search import Settings
from search.kept import ACCEPTED

if TYPE_CHECKING:
    from actions.turn import Turn

# The one form that walks any flow, and the slot that says which: <flow>@<version>.
FORM = "flow_form"
WALK = "walk"


@functools.lru_cache(maxsize=1)
def flows() -> Flows:
    """Return the flows by name, as the files say now."""
    settings = Settings.from_env()
    return Flows(settings.data, settings.index.parent / ACCEPTED)


def begin(turn: Turn, flow: Flow) -> None:
    """Have the form walk a flow when it starts."""
    turn.set(WALK, f"{flow.name}@{flow.version}")
    turn.opened = flow.name


def walked(turn: Turn) -> Flow | None:
    """Return the flow that is walked, in the version that the conversation began it with."""
    name, _, version = str(turn.slot(WALK) or "").partition("@")
    return flows().version(name, version) if name else None


def is_hasty(name: str | None) -> bool:
    """Say whether a flow of that name takes the fast lane."""
    flow = flows().get(name or "")
    return flow is not None and flow.hasty


def flow_asking(slot: str) -> Flow | None:
    """Return the flow whose own step a slot is, None for details that several ask."""
    asking = [flow for flow in flows().values() if flow.step(slot)]
    return asking[0] if len(asking) == 1 else None
