"""The queue over HTTP: joined, left, followed; signs of typing and reading; agents who vanish."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from tests.web.conftest import Colleague, Customer
from web.desk import attendance
from web.desk.models import AgentSession
from web.realtime.bus import tell_typing
from web.services import utc_now
from web.watch import take_back

CLOSED = "channels: {chat: {}, callback: {mon-sun: '00:00-24:00'}, video: {}}\n"


def step(customer: Customer, path: str, **body):
    return customer.client.post(f"{customer.base}/{path}", json=body, headers=customer.headers)


def get(customer: Customer, path: str):
    return customer.client.get(f"/api/v1{path}", headers=customer.headers)


def join(customer: Customer, **body) -> dict:
    told = step(customer, "queue", **body)
    assert told.status_code == 200, told.get_json()
    return told.get_json()


def kinds(customer: Customer) -> list[str]:
    return [event["type"] for event in customer.read()["events"]]


def first(stream, kind: str, bound: int = 40) -> dict:
    """Read a stream up to the first frame of a kind."""
    for _ in range(bound):
        for block in next(stream).decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if lines.get("event") == kind:
                return json.loads(lines["data"])
    raise AssertionError(f"no {kind}")


@pytest.fixture
def ajie(client) -> Customer:
    return Customer(client)


def test_the_queue_is_joined_left_and_taken_back(xiaolin, ajie) -> None:
    assert join(xiaolin)["state"]["queue"]["place"] == 1
    assert join(ajie)["state"]["queue"]["place"] == 2
    assert join(ajie)["events"] == []  # once is enough
    assert step(xiaolin, "queue/leave").get_json()["state"]["owner"] == "bot"
    assert ajie.read()["state"]["queue"]["place"] == 1
    assert step(xiaolin, "queue/return").get_json()["state"]["queue"]["place"] == 1
    assert join(ajie, urgent=True)["state"]["queue"]["place"] == 1
    assert kinds(ajie)[-1] == "hastened"
    assert step(ajie, "queue/return").status_code == 409
    told = get(xiaolin, "/channels").get_json()
    assert told["channels"]["chat"]["place"] == 2
    assert get(ajie, "/channels").get_json()["advice"] == "urgent"
    assert xiaolin.client.get("/api/v1/channels").get_json()["channels"]["chat"]["place"] == 3


def test_the_place_survives_a_restart_of_web(make, bot) -> None:
    before = make()
    xiaolin = Customer(before.test_client())
    ajie = Customer(before.test_client())
    join(ajie)
    join(xiaolin)
    before.extensions["services"].close()
    after = make()
    xiaolin.client = after.test_client()
    told = xiaolin.read()["state"]["queue"]
    assert told == {"place": 2, "waiting": 2, "minutes": None, "agents": 0, "doubtful": False}


def test_after_hours_a_request_becomes_a_ticket_and_urgent_ones_still_queue(
    make, bot, tmp_path: Path
) -> None:
    path = tmp_path / "hours.yml"
    path.write_text(CLOSED, encoding="utf-8")
    client = make(hours=path).test_client()
    xiaolin, ajie = Customer(client), Customer(client)
    refused = step(xiaolin, "queue")
    assert (refused.status_code, refused.get_json()["type"][-6:]) == (409, "closed")
    bot.replies = lambda body: [
        {"custom": {"command": "escalate", "topic": "refund", "reason": "asked", "card": {}}}
    ]
    told = xiaolin.say("转人工")
    assert [event["type"] for event in told["events"]] == ["ticket_opened"]
    assert told["state"]["owner"] == "bot"
    assert bot.asked[-1]["metadata"]["open"] == {"chat": False, "callback": True, "video": False}
    assert xiaolin.say("转人工")["events"] == []
    assert get(xiaolin, "/channels").get_json()["advice"] in ("callback", "ticket")
    assert join(ajie, urgent=True)["state"]["queue"]["place"] == 1


def test_notes_stay_between_agents(app, xiaolin, anna) -> None:
    join(xiaolin)
    anna.post(f"/conversations/{xiaolin.id}/claim")
    noted = anna.post(f"/conversations/{xiaolin.id}/notes", text="客户情绪急，先安抚")
    assert noted.status_code == 201
    zhou = Colleague(app, "zhou", "老周")
    with app.extensions["database"].write() as session:
        for row in session.query(AgentSession):
            attendance.here(session, row.token_hash, utc_now())
    (other,) = anna.get("/agents").get_json()["agents"]
    moved = anna.post(f"/conversations/{xiaolin.id}/transfer", to=other["id"], note="请看退款单")
    assert moved.get_json()["state"]["agent"] == "老周"
    seen = json.dumps(zhou.get(f"/conversations/{xiaolin.id}").get_json(), ensure_ascii=False)
    assert "先安抚" in seen
    assert "请看退款单" in seen
    stream = xiaolin.client.get(f"{xiaolin.base}/stream", headers=xiaolin.headers).response
    told = json.dumps(xiaolin.read(), ensure_ascii=False)
    told += next(stream).decode()
    told += get(xiaolin, f"/conversations/{xiaolin.id}/transcript").get_data(as_text=True)
    stream.close()
    assert "安抚" not in told
    assert "退款单" not in told
    assert "transferred" in told
    assert anna.post(f"/conversations/{xiaolin.id}/close").status_code == 409


def test_typing_is_shown_to_the_other_side_and_kept_nowhere(app, xiaolin, anna) -> None:
    join(xiaolin)
    anna.post(f"/conversations/{xiaolin.id}/claim")
    before = kinds(xiaolin)
    bus = app.extensions["bus"]
    stream = xiaolin.client.get(f"{xiaolin.base}/stream", headers=xiaolin.headers).response
    first(stream, "state")
    threading.Timer(0.2, lambda: tell_typing(bus, xiaolin.id, "agent", on=True)).start()
    assert first(stream, "typing") == {"actor": "agent", "name": "安娜", "on": True}
    stream.close()
    desk = anna.client.get("/desk/api/stream").response
    first(desk, "queue")
    threading.Timer(0.2, lambda: tell_typing(bus, xiaolin.id, "customer", on=True)).start()
    told = first(desk, "typing")
    assert told == {
        "conversation": xiaolin.id,
        "actor": "customer",
        "name": None,
        "on": True,
    }
    desk.close()
    assert step(xiaolin, "typing", on=True).status_code == 204
    assert anna.post(f"/conversations/{xiaolin.id}/typing", on=True).status_code == 204
    assert kinds(xiaolin) == before


def test_each_side_sees_how_far_the_other_has_read(xiaolin, anna) -> None:
    join(xiaolin)
    anna.post(f"/conversations/{xiaolin.id}/claim")
    xiaolin.say("在吗")
    last = xiaolin.read()["events"][-1]["id"]
    mine = anna.get("/queue").get_json()["mine"]
    assert mine[0]["unread"] == 1
    assert anna.post(f"/conversations/{xiaolin.id}/read", event_id=last).status_code == 204
    assert anna.get("/queue").get_json()["mine"][0]["unread"] == 0
    assert step(xiaolin, "read", event_id=last).status_code == 204
    assert step(xiaolin, "read", event_id=last + 99).status_code == 204  # no such event
    step(xiaolin, "read", event_id=1)
    assert xiaolin.read()["state"]["read"] == {"customer": last, "agent": last}


def test_an_agent_sets_presence_and_how_many_chats(app, anna, xiaolin, ajie) -> None:
    assert anna.put("/me", max_chats=1).get_json()["max_chats"] == 1
    join(xiaolin)
    join(ajie)
    assert anna.post(f"/conversations/{xiaolin.id}/claim").status_code == 200
    refused = anna.post(f"/conversations/{ajie.id}/claim")
    assert (refused.status_code, refused.get_json()["type"]) == (409, "urn:xiaohu:problem:full")
    assert anna.post("/heartbeat", status="away").get_json()["status"] == "away"
    with app.extensions["database"].read() as session:
        assert attendance.present(session, utc_now()) == []
    assert anna.put("/me", status="busy").status_code == 422


def test_both_sides_are_told_when_an_agent_vanishes(app, xiaolin, anna) -> None:
    join(xiaolin)
    anna.post(f"/conversations/{xiaolin.id}/claim")
    web = app.extensions["services"]
    later = utc_now() + timedelta(seconds=26)
    assert take_back(web.database, web.bus, web.settings.silence, later) == [xiaolin.id]
    assert kinds(xiaolin)[-2:] == ["agent_left", "requeued"]
    assert anna.get("/queue").get_json()["mine"] == []
    assert anna.get("/queue").get_json()["waiting"][0]["front"] is True


def test_what_was_closed_is_rated_listed_saved_and_reopened(xiaolin, anna, bot) -> None:
    bot.replies = lambda body: [{"text": "解决了吗？"}]
    xiaolin.say("我的密码是 abc123，付不了款")
    join(xiaolin)
    anna.post(f"/conversations/{xiaolin.id}/claim")
    anna.post(f"/conversations/{xiaolin.id}/messages", client_id="agent-0001", text="已处理")
    anna.post(f"/conversations/{xiaolin.id}/close")
    (case,) = get(xiaolin, "/cases").get_json()["cases"]
    assert (case["state"], case["next"]["code"]) == ("closed", "rate")
    assert step(xiaolin, "rating", score=6).status_code == 422
    assert step(xiaolin, "rating", score=4, comment="快").status_code == 200
    assert step(xiaolin, "rating", score=4).status_code == 409
    saved = get(xiaolin, f"/conversations/{xiaolin.id}/transcript")
    assert saved.content_type == "text/plain; charset=utf-8"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    text = saved.get_data(as_text=True)
    assert "已处理" in text
    assert "安娜" in text
    assert "abc123" not in text
    assert step(xiaolin, "reopen").get_json()["state"]["queue"]["place"] == 1
    assert get(xiaolin, "/cases").get_json()["cases"][0]["state"] == "queue"


def test_cases_and_transcripts_are_their_customers_alone(client, xiaolin, ajie) -> None:
    xiaolin.say("付不了款")
    join(xiaolin)
    assert get(ajie, "/cases").get_json()["cases"] == []
    assert get(ajie, f"/conversations/{xiaolin.id}/transcript").status_code == 404
    assert client.get("/api/v1/cases").status_code == 401
    assert step(ajie, "queue/leave").status_code == 409


def test_ready_made_answers_are_found_filled_and_never_ask_for_secrets(app, anna, xiaolin) -> None:
    web = app.extensions["services"]
    found = anna.get("/canned").get_json()["items"]
    assert len(found) > 15
    for item in found:
        web.contacts.forbidden.check(item["text"])
        assert "{{" not in item["text"]
    (top, *_) = anna.get(f"/canned?q=问候&conversation={xiaolin.id}").get_json()["items"]
    assert "安娜" in top["text"]
    found = anna.get("/canned?q=退款多久到账").get_json()["items"]
    assert any(item["kind"] == "faq" for item in found)
