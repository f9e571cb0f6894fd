"""Numbers for Prometheus. Labels name routes, never people or conversations."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "xiaohu_requests_total", "answered requests", ["route", "method", "status"], registry=REGISTRY
)
SECONDS = Histogram("xiaohu_request_seconds", "time to an answer", ["route"], registry=REGISTRY)
TURNS = Counter(
    "xiaohu_turns_total", "answers given, by the bot or without it", ["by"], registry=REGISTRY
)
WAITING = Gauge("xiaohu_queue_waiting", "conversations in the queue", registry=REGISTRY)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def count_request(route: str | None, method: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    name = route or "none"
    REQUESTS.labels(name, method if method in METHODS else "other", str(status)).inc()
    SECONDS.labels(name).observe(seconds)


def count_turn(*, down: bool) -> None:
    """Count one answer."""
    TURNS.labels("search" if down else "bot").inc()


def render(waiting: int) -> bytes:
    """Write all numbers in Prometheus' text format."""
    WAITING.set(waiting)
    return generate_latest(REGISTRY)
