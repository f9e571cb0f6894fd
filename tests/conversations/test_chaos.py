"""The short form of `make chaos`: two faults while four customers talk."""

from __future__ import annotations

from pathlib import Path

from tests import chaos


def test_nothing_acknowledged_is_lost_doubled_or_left_owed_when_processes_die(
    tmp_path: Path,
) -> None:
    with chaos.alone(tmp_path) as (products, faults):
        by_name = {fault.__name__: fault for fault in faults}
        chosen = [by_name[name] for name in ("kill bot", "kill worker")]
        outcome = chaos.campaign(products, chosen, customers=4, pace=0.3)
    chaos.show("short", outcome)
    assert outcome.acknowledged > len(chosen)
    assert outcome.sound, outcome


def test_the_judge_sees_what_is_lost_doubled_disordered_and_owed() -> None:
    def event(number: int, kind: str, cause: int | None = None, client: str | None = None) -> dict:
        return {
            "id": number, "type": "message", "actor": {"kind": kind}, "cause": cause,
            "client_id": client, "data": {"text": f"text {cause}"},
        }  # fmt: skip

    class Told(chaos.Talk):
        def read(self) -> list[dict]:
            return [
                event(1, "bot"),
                event(2, "customer", client="second"),
                event(3, "customer", client="first"),
                event(4, "bot", cause=2),
                event(5, "bot", cause=2),
                event(6, "customer", client="last"),
            ]

    sent = ["first", "second", "gone", "last"]
    talk = Told([], id="x", sent=sent, acknowledged=set(sent))
    clock = iter([0.0, chaos.SOON + 1])
    found = chaos.judge([talk], lambda: next(clock))
    assert (found.lost, found.doubled, found.disordered, found.owed) == (1, 1, 1, 2)
    assert not found.sound
