"""What the console is told is what its scripts are typed from (web/types/desk.d.ts)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from tests.typed import faults
from tests.web.always_open import ESCALATE, OPEN, at_the_desk, call
from tests.web.conftest import Colleague, Customer, StubBot
from tests.web.test_lead import offer_of
from web.desk.models import Agent

CARD = {"problem": "付不了款", "amount": "88", "asked": [{"text": "怎么付款", "faq_id": None}],
        "tried": [{"step": "restart", "result": "done"}]}  # fmt: skip


def waiting(app: Flask, bot: StubBot, text: str = "转人工") -> Customer:
    customer = Customer(app.test_client())
    bot.replies = lambda body: [{"custom": {**ESCALATE["custom"], "card": CARD}}]
    customer.say(text)
    bot.replies = lambda body: [{"text": "好的"}]
    return customer


def test_a_desk_with_all_that_can_be_there_tells_what_is_declared(
    make: Callable[..., Flask], bot: StubBot, tmp_path: Path
) -> None:
    hours = tmp_path / "hours.yml"
    hours.write_text(OPEN, encoding="utf-8")
    app = make(hours=hours)
    anna, zhou = Colleague(app, "anna", "安娜"), Colleague(app, "zhou", "老周")
    at_the_desk(app)
    mine, other, booked = (waiting(app, bot) for _ in range(3))
    assert anna.post(f"/conversations/{mine.id}/claim").status_code == 200
    anna.post(f"/conversations/{mine.id}/notes", text="先看订单", client_id="note-0001")
    anna.put(f"/conversations/{mine.id}/case", urgent=True, tags=["退款"])
    anna.post(f"/conversations/{mine.id}/block", days=1, why="骂人")
    anna.post("/answers", title="问候", text="您好")
    slots = call(booked, "get", "/callback/slots").get_json()["slots"]
    call(booked, "post", "/callback", number="13812345678", start=slots[0]["start"])
    left = Customer(app.test_client())
    kept = call(left, "post", "/ticket", text="退款没到")
    assert kept.status_code == 200, kept.get_json()
    call(other, "post", "/calls", media="audio")

    def told(path: str, by: Colleague = anna) -> Any:
        answer = by.get(path)
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()

    ringing = next(board for board in (told("/board"), told("/board", zhou)) if board["call"])
    queue, opened = told("/queue"), told(f"/conversations/{mine.id}")
    found = {
        "Desk.Queue": queue,
        "Desk.Opened": opened,
        "Desk.Board": ringing,
        "Desk.Ticket[]": told("/tickets")["tickets"],
        "Desk.Case[]": told("/cases?q=付不了款")["cases"],
        "Desk.Colleague[]": told("/agents")["agents"],
        "Desk.Me": told("/me"),
        "Desk.Canned[]": told("/canned?q=问候")["items"],
        "Desk.Answer[]": told("/answers")["answers"],
        "Desk.Block": told(f"/conversations/{mine.id}/block")["block"],
        "Desk.Standing": anna.post(f"/conversations/{mine.id}/return").get_json(),
    }
    assert all(found.values())
    assert queue["waiting"]
    assert queue["mine"]
    assert ringing["callbacks"]
    assert {"note", "triaged"} <= {event["type"] for event in opened["events"]}
    assert faults(tmp_path, found) == ""


def test_a_field_that_nobody_has_declared_is_told(anna: Colleague, tmp_path: Path) -> None:
    me = anna.get("/me").get_json()
    assert faults(tmp_path, {"Desk.Me": me}) == ""
    assert '"shoe"' in faults(tmp_path, {"Desk.Me": {**me, "shoe": 42}})
    assert "not assignable" in faults(tmp_path, {"Desk.Me": {**me, "chats": "two"}})


def test_a_case_that_rings_is_of_its_declared_type(
    make: Callable[..., Flask], bot: StubBot, tmp_path: Path
) -> None:
    app = make(desk_assign="offered")
    anna = Colleague(app, "anna", "安娜")
    anna.put("/me", status="online", max_chats=2)
    anna.post("/heartbeat", active=True)
    waiting(app, bot)
    with app.extensions["database"].read() as session:
        (agent,) = session.query(Agent).all()
    assert faults(tmp_path, {"Desk.Offer": offer_of(app, agent.id)}) == ""
