"""Numbers for Prometheus. Labels name routes, never people or conversations.

With several processes each keeps its own in files of one folder (web/server.py), and whichever is
asked adds them up. What the database knows is read when asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from web.desk import attendance, queue, turns
from web.desk.mails import Mail

if TYPE_CHECKING:
    from web.services import Services

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
REGISTRY = CollectorRegistry()
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
REQUESTS = Counter(
    "xiaohu_requests_total", "answered requests", ["route", "method", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "xiaohu_request_seconds", "time to an answer", ["route"], registry=REGISTRY, buckets=BUCKETS
)
TURNS = Counter(
    "xiaohu_turns_total", "answers given, by the bot or without it", ["by"], registry=REGISTRY
)
TURN_SECONDS = Histogram(
    "xiaohu_turn_seconds",
    "time of a turn: answered by the bot, covered without it, dropped for a person, failed",
    ["outcome"],
    registry=REGISTRY,
    buckets=BUCKETS,
)
BOT_SECONDS = Histogram(
    "xiaohu_bot_seconds", "time of the bot's answer", registry=REGISTRY, buckets=BUCKETS
)
REFUSED = Counter(
    "xiaohu_refused_total", "what was told to come again later", ["kind"], registry=REGISTRY
)
HELD = Counter(
    "xiaohu_held_total", "agents' messages held back, by what they asked or lured to", ["kind"],
    registry=REGISTRY,
)  # fmt: skip
WALLET_FAILURES = Counter(
    "xiaohu_wallet_failures_total", "answers of the wallet that were late, missing or unfit",
    ["kind"], registry=REGISTRY,
)  # fmt: skip
INSIDE = Gauge(
    "xiaohu_inside", "under way now", ["kind"], registry=REGISTRY, multiprocess_mode="livesum"
)
LIMIT = Gauge(
    "xiaohu_limit",
    "how much may be under way",
    ["kind"],
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
CONNECTIONS = Gauge(
    "xiaohu_database_connections",
    "connections to the database",
    ["state"],
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
LATE = Gauge(
    "xiaohu_late_seconds",
    "by how much the process has been late since it began",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def count_wallet_failure(kind: str) -> None:
    """Count what the wallet did not answer as it should. kind: the error's name."""
    WALLET_FAILURES.labels(kind).inc()


def count_request(route: str | None, method: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    name = route or "none"
    REQUESTS.labels(name, method if method in METHODS else "other", str(status)).inc()
    SECONDS.labels(name).observe(seconds)


def count_turn(*, down: bool, stored: bool, seconds: float) -> None:
    """Count one turn. stored: False when a person had the conversation by then."""
    TURNS.labels("search" if down else "bot").inc()
    outcome = "dropped" if not stored else "covered" if down else "answered"
    TURN_SECONDS.labels(outcome).observe(seconds)


def count_failed_turn(seconds: float) -> None:
    """Count one turn that could not be finished; it stays owed."""
    TURN_SECONDS.labels("failed").observe(seconds)


def observe(parts: Services) -> None:
    """Set the numbers that tell how this process stands."""
    for gate in parts.admission.all():
        INSIDE.labels(gate.kind).set(gate.inside)
        LIMIT.labels(gate.kind).set(gate.most)
        REFUSED.labels(gate.kind).inc(gate.newly_refused())
    pool: Any = parts.database.engine.pool
    CONNECTIONS.labels("used").set(pool.checkedout())
    CONNECTIONS.labels("free").set(pool.checkedin())
    CONNECTIONS.labels("limit").set(pool.size())
    LATE.set(parts.pulse.late())


def render(parts: Services) -> bytes:
    """Write all numbers of all processes in Prometheus' text format."""
    observe(parts)
    registry: CollectorRegistry = REGISTRY
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    known = CollectorRegistry()
    known.register(_Known(parts))
    return generate_latest(registry) + generate_latest(known)


class _Known(Collector):
    """What the database and the checks know, the same for all processes."""

    def __init__(self, parts: Services) -> None:
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        """Read it."""
        now = datetime.now(UTC)
        with self._parts.database.read() as session:
            owed, owed_since = turns.owed(session)
            waiting = queue.waiting(session)
            there = len(attendance.present(session, now, self._parts.settings.silence))
            emails, email_since = session.execute(
                select(func.count(), func.min(Mail.created_at))
            ).one()
        yield _gauge("xiaohu_queue_waiting", "conversations in the queue", waiting)
        yield _gauge("xiaohu_agents_present", "agents who take new cases", there)
        yield _gauge("xiaohu_owed_turns", "answers owed", owed)
        yield _gauge("xiaohu_owed_turns_seconds", "age of the oldest", _age(owed_since, now))
        yield _gauge("xiaohu_letters_waiting", "e-mails to be sent", emails)
        yield _gauge("xiaohu_letters_seconds", "age of the oldest", _age(email_since, now))
        family = GaugeMetricFamily("xiaohu_check", "1 where a part works", labels=["part"])
        for name, found in self._parts.checks.results().items():
            family.add_metric([name], float(found["ok"]))
        yield family

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: that would read the database."""
        return ()


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since is not None else 0.0
