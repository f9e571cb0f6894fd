"""A sender who abuses: kept from people until a day, with a reason; danger still gets through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.web.conftest import Colleague, Customer, StubBot
from web.audit.chain import reason_of
from web.audit.models import AuditEntry
from web.desk import blocks
from web.desk.blocks import Block
from web.desk.models import Conversation
from web.identity import sign
from web.services import utc_now

HANDED = "好的，正在帮您转人工，请稍等。"


def escalate(*, urgent: bool = False) -> list[dict[str, Any]]:
    order = {"command": "escalate", "reason": "asked", "topic": "human", "urgent": urgent}
    return [{"text": HANDED}, {"custom": {**order, "card": {}}}]


def signed_in(app: Flask, subject: str = "ajie") -> Customer:
    settings = app.extensions["settings"]
    token = sign(settings, subject, "阿杰", datetime.now(UTC), timedelta(hours=1))
    return Customer(app.test_client(), channel="app", identity=token)


def say_human(bot: StubBot, customer: Customer, *, urgent: bool = False) -> Any:
    bot.replies = lambda body: escalate(urgent=urgent)
    return customer.say("转人工", "/human")


@pytest.fixture
def blocked(app: Flask, anna: Colleague, bot: StubBot) -> Customer:
    """阿杰, whom 安娜 has blocked for a week and then let go."""
    customer = signed_in(app)
    say_human(bot, customer)
    one = f"/conversations/{customer.id}"
    assert anna.post(f"{one}/block", days=7, why="辱骂").status_code == 409  # not hers yet
    anna.post(f"{one}/claim")
    assert anna.post(f"{one}/block", days=0, why="辱骂").status_code == 422
    assert anna.post(f"{one}/block", days=7, why=" ").status_code == 422
    answer = anna.post(f"{one}/block", days=7, why="反复辱骂客服")
    assert answer.status_code == 201
    assert anna.post(f"{one}/block", days=7, why="又来").status_code == 409
    bot.replies = lambda body: [{"text": "好的"}]
    anna.post(f"{one}/close")
    return customer


def notices(customer: Customer) -> list[str]:
    return [one["data"]["code"] for one in customer.read()["events"] if one["type"] == "notice"]


def test_who_is_blocked_is_told_until_when_and_waits_in_no_queue(
    app: Flask, bot: StubBot, blocked: Customer
) -> None:
    answer = say_human(bot, blocked)
    assert answer["state"]["owner"] == "bot"
    (told,) = answer["events"]
    assert told["data"]["code"] == "blocked"
    until = datetime.fromisoformat(told["data"]["until"])
    assert timedelta(days=6.9) < until - utc_now() < timedelta(days=7)
    assert "辱骂" not in str(blocked.read())  # why is for the staff alone
    for path, body in (("queue", {}), ("ticket", {"text": "回我"}), ("calls", {"media": "audio"})):
        refused = blocked.client.post(f"{blocked.base}/{path}", json=body, headers=blocked.headers)
        assert (refused.status_code, refused.get_json()["code"]) == (409, "blocked"), path
    refused = blocked.client.delete(blocked.base, headers=blocked.headers)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "blocked")  # no way round
    bot.replies = lambda body: [{"text": "退款要三天"}]
    assert blocked.say("退款多久")["events"][0]["data"]["text"] == "退款要三天"


def test_danger_gets_through(app: Flask, bot: StubBot, blocked: Customer) -> None:
    answer = say_human(bot, blocked, urgent=True)
    assert answer["state"]["owner"] == "queue"
    assert HANDED in [one["data"].get("text") for one in answer["events"]]


def test_a_person_is_blocked_in_every_conversation_and_nobody_else(
    app: Flask, bot: StubBot, blocked: Customer
) -> None:
    with app.extensions["database"].write() as session:
        old = session.get_one(Conversation, blocked.id)
        old.ended_at = utc_now()
        assert blocks.standing(session, old, utc_now()) is not None
    other = signed_in(app, "xiaolin")
    assert say_human(bot, other)["state"]["owner"] == "queue"
    stranger = Customer(app.test_client())
    assert say_human(bot, stranger)["state"]["owner"] == "queue"


def test_it_ends_by_itself_and_by_a_colleague_and_all_is_recorded(
    app: Flask, bot: StubBot, anna: Colleague, blocked: Customer
) -> None:
    one = f"/conversations/{blocked.id}"
    shown = anna.get(f"{one}/block").get_json()["block"]
    assert (shown["by"], shown["why"]) == ("安娜", "反复辱骂客服")
    with app.extensions["database"].read() as session:
        conversation = session.get_one(Conversation, blocked.id)
        later = utc_now() + timedelta(days=7, minutes=1)
        assert blocks.standing(session, conversation, later) is None
    lifted = anna.client.delete(f"/desk/api{one}/block", headers=anna.headers)
    assert lifted.status_code == 204
    assert notices(blocked)[-1] == "unblocked"
    assert say_human(bot, blocked)["state"]["owner"] == "queue"
    with app.extensions["database"].read() as session:
        (row,) = session.query(Block)
        assert row.lifted_by == row.agent_id
        rows = session.query(AuditEntry).order_by(AuditEntry.id)
        deeds = [(r.who, r.action, reason_of(session, r)) for r in rows if "block" in r.action]
    assert deeds == [("anna", "block", "反复辱骂客服"), ("anna", "unblock", "")]
