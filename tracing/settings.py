"""What a deployment decides about traces, by the names that OpenTelemetry gives its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
HEADERS = "OTEL_EXPORTER_OTLP_HEADERS"
SHARE = "OTEL_TRACES_SAMPLER_ARG"


class BadTraces(ValueError):
    """A setting of traces cannot be used; the message names it."""


@dataclass(frozen=True)
class Traces:
    """Where traces go. endpoint: the collector's address; "" turns all of it off.

    headers: what the collector wants to see. share: of the traces that begin here, from 0 to 1.
    """

    endpoint: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    share: float = 1.0

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Traces:
        """Read OTEL_…; raises BadTraces."""
        endpoint = env.get(ENDPOINT, "").strip().rstrip("/")
        parts = urlsplit(endpoint)
        if endpoint and not (parts.scheme in ("http", "https") and parts.hostname):
            raise BadTraces(f"{ENDPOINT}={endpoint!r} is no http or https address")
        return cls(endpoint, dict(_headers(env.get(HEADERS, ""))), _share(env.get(SHARE, "")))


def _headers(written: str) -> list[tuple[str, str]]:
    found = []
    for pair in filter(None, (one.strip() for one in written.split(","))):
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise BadTraces(f"{HEADERS}: write NAME=VALUE, parted by commas")
        found.append((name.strip(), unquote(value.strip())))
    return found


def _share(written: str) -> float:
    try:
        share = float(written or 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise BadTraces(f"{SHARE}={written!r} is no number from 0 to 1")
    return share
