"""The short form of `make chaos`: two faults while four customers talk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.chaos.campaigns import campaign, show
from tests.chaos.customers import Talk
from tests.chaos.judging import SOON, judge
from tests.chaos.places import alone
from tests.product import PATIENCE


def test_nothing_acknowledged_is_lost_doubled_or_left_owed_when_processes_die(
    tmp_path: Path,
) -> None:
    with alone(tmp_path) as place:
        chosen = [fault for fault in place.faults if fault.name in ("kill bot", "kill worker")]
        # How long an answer takes beside other tests says nothing; `make chaos` alone measures it.
        outcome, left = campaign(place.addresses, chosen, customers=4, pace=0.3, soon=PATIENCE)
    show("short", outcome)
    assert (len(chosen), left) == (2, [])
    assert outcome.acknowledged > len(chosen)
    assert outcome.sound, outcome


FIXED = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)  # when the last fault ended


def test_the_judge_sees_what_is_lost_doubled_disordered_and_owed() -> None:
    def event(
        number: int,
        kind: str,
        seconds: float,
        cause: int | None = None,
        client: str | None = None,
    ) -> dict[str, Any]:
        return {
            "id": number, "type": "message", "actor": {"kind": kind}, "cause": cause,
            "client_id": client, "data": {"text": f"text {cause}"},
            "at": (FIXED + timedelta(seconds=seconds)).isoformat(),
        }  # fmt: skip

    class Told(Talk):
        def read(self) -> list[dict[str, Any]]:
            return [
                event(1, "bot", -90),
                event(2, "customer", -60, client="second"),
                event(3, "customer", -30, client="first"),
                event(4, "bot", SOON - 1, cause=2),  # a minute under faults, but soon after them
                event(5, "bot", SOON - 1, cause=2),
                event(6, "customer", 0, client="slow"),
                event(7, "bot", SOON + 1, cause=6),
                event(8, "customer", 5, client="last"),
                event(9, "bot", 5 + SOON - 1, cause=8),
            ]

    sent = ["first", "second", "gone", "slow", "last"]
    talk = Told([], id="x", sent=sent, acknowledged=set(sent))
    clock = iter([0.0, SOON + 1])
    found = judge([talk], FIXED.timestamp(), lambda: next(clock))
    # owed: 3 for good, 6 for too long
    assert (found.lost, found.doubled, found.disordered, found.owed) == (1, 1, 1, 2)
    assert found.slowest == SOON + 1
    assert not found.sound
