"""What agents and customers read of guided flows and on the card, as a script module."""

from __future__ import annotations

import json

from flask import Response

from flows import Flows
from web.desk import cards


def topics(flows: Flows) -> dict[str, str]:
    """Return flow → how agents read it."""
    return {name: flow.desk for name, flow in flows.items()}


def fast_lane(flows: Flows) -> tuple[str, ...]:
    """Return the flows in which a person comes first; as topics, cases that go before others."""
    return tuple(name for name, flow in flows.items() if flow.hasty)


def tried(flows: Flows) -> dict[str, str]:
    """Return the name of what was tried, as the card holds it → how people read it."""
    found: dict[str, str] = {}
    for flow in flows.values():
        for step in flow.steps:
            if step.tried and step.title:
                found.setdefault(step.tried, step.title)
    return found


def as_module(flows: Flows) -> Response:
    """Answer with a script module of both, and of the card's fields, for the pages that show it."""
    fields = {
        name: {"name": field.agent, "lines": field.lines} for name, field in cards.WRITTEN.items()
    }
    words = {"topics": topics(flows), "steps": tried(flows), "fields": fields}
    lines = [
        f"export const {name} = {json.dumps(said, ensure_ascii=False)};\n"
        for name, said in words.items()
    ]
    response = Response("".join(lines), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"  # a new flow is read at the next visit
    return response
