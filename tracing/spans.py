"""Spans: what was done, from when to when, as OTLP writes it in JSON.

An attribute is a name of a route, a number or a digest: never a path, an address or a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from tracing.context import Context

Value = str | int | float | bool
SCOPE = "xiaohu"
FAILED = 2  # STATUS_CODE_ERROR


class Kind(IntEnum):
    """Which end of a request a span is, by OTLP's numbers."""

    INTERNAL = 1
    SERVER = 2
    CLIENT = 3


@dataclass(slots=True)
class Span:
    """Something that is under way or over. began, ended: nanoseconds since 1970."""

    name: str
    kind: Kind
    context: Context
    parent: str
    began: int
    ended: int = 0
    failed: bool = False
    attributes: dict[str, Value] = field(default_factory=dict)

    def note(self, **attributes: Value | None) -> None:
        """Add attributes, those that are known; `__` in a name stands for a dot."""
        for name, value in attributes.items():
            if value is not None:
                self.attributes[name.replace("__", ".")] = value


def payload(service: str, spans: Sequence[Span]) -> dict[str, Any]:
    """Write spans as the body of a request to /v1/traces."""
    resource = {"attributes": [_attribute("service.name", service)]}
    scope = {"scope": {"name": SCOPE}, "spans": [_written(span) for span in spans]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}


def _written(span: Span) -> dict[str, Any]:
    written: dict[str, Any] = {
        "traceId": span.context.trace,
        "spanId": span.context.span,
        "name": span.name,
        "kind": int(span.kind),
        "startTimeUnixNano": str(span.began),
        "endTimeUnixNano": str(span.ended),
        "attributes": [_attribute(name, value) for name, value in span.attributes.items()],
    }
    if span.parent:
        written["parentSpanId"] = span.parent
    if span.failed:
        written["status"] = {"code": FAILED}
    return written


def _attribute(name: str, value: Value) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"key": name, "value": {"boolValue": value}}
    if isinstance(value, int):
        return {"key": name, "value": {"intValue": str(value)}}
    if isinstance(value, float):
        return {"key": name, "value": {"doubleValue": value}}
    return {"key": name, "value": {"stringValue": value}}
