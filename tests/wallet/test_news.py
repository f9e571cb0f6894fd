"""What the wallet tells by itself: signed, once, in the right conversation."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from sandbox import signing
from sandbox.people import read, transaction
from tests.wallet.conftest import SECRET, Sandbox
from tests.web.conftest import Customer
from web.desk.models import Conversation
from web.identity import sign
from web.services import utc_now
from web.wallet import acting
from web.wallet.models import WalletLook, WalletRequest

PATH = "/api/v1/wallet/events"
App = Callable[[], Flask]


@pytest.fixture
def app(make: Callable[..., Flask], sandbox: Sandbox) -> Flask:
    return make(wallet_url=sandbox.url, wallet_secret=SECRET, wallet_timeout=1.0)


def customer_of(app: Flask, subject: str, name: str = "小林") -> Customer:
    settings = app.extensions["settings"]
    token = sign(settings, subject, name, datetime.now(UTC), timedelta(hours=1))
    return Customer(app.test_client(), channel="app", identity=token)


def event(kind: str, customer: str | None, **parts: Any) -> dict[str, Any]:
    return {
        "EventId": f"ev-{uuid.uuid4().hex}",
        "Type": kind,
        "DateTime": datetime.now(UTC).isoformat(),
        "CustomerId": customer,
        **parts,
    }


def told(app: Flask, body: Any, *, now: float | None = None, **changes: str) -> int:
    raw = json.dumps(body).encode()
    head = signing.headers(SECRET, "POST", PATH, now or datetime.now(UTC).timestamp(), raw)
    head |= {name.replace("_", "-"): value for name, value in changes.items()}
    answer = app.test_client().post(
        PATH, data=raw, headers={**head, "Content-Type": "application/json"}
    )
    return answer.status_code


def shown(like: str, wanted: str, customer: str | None = None) -> dict[str, Any]:
    (person,) = [one for one in read() if one["id"] == like]
    (found,) = [one for one in person["transactions"] if one["id"] == wanted]
    return transaction(customer or like, found, datetime.now(UTC))


def messages(customer: Customer) -> list[dict[str, Any]]:
    answer = customer.client.get(f"{customer.base}/events", headers=customer.headers).get_json()
    return [one for one in answer["events"] if one["type"] == "message"]


def suspicious() -> dict[str, Any]:
    about = shown("sandbox-11", "tx-11-gold")
    return event("transaction.suspicious", "sandbox-11", Transaction=about)


def test_a_suspicious_payment_is_asked_about_in_the_open_conversation(app: Flask) -> None:
    customer = customer_of(app, "sandbox-11", "小蒋")
    assert told(app, suspicious()) == 204
    last = messages(customer)[-1]["data"]
    assert "远方珠宝 的付款 3888.00 元" in last["text"]
    assert "是您本人操作的吗" in last["text"]
    assert [one["title"] for one in last["buttons"]] == ["是我本人", "不是我，马上冻结"]


def test_it_opens_a_conversation_where_there_is_none(app: Flask) -> None:
    assert told(app, suspicious()) == 204
    customer = customer_of(app, "sandbox-11", "小蒋")
    assert customer.status == 200  # taken up, not opened
    assert "是您本人操作的吗" in messages(customer)[0]["data"]["text"]


def test_not_mine_freezes_and_brings_a_person_and_says_when_it_holds(
    app: Flask, sandbox: Sandbox
) -> None:
    customer = customer_of(app, "sandbox-11", "小蒋")
    told(app, suspicious())
    button = messages(customer)[-1]["data"]["buttons"][1]
    answer = customer.say(button["title"], button["payload"])
    assert answer["state"]["owner"] == "queue"
    (escalated,) = [one for one in answer["events"] if one["type"] == "escalated"]
    assert escalated["data"]["urgent"] is True
    assert escalated["data"]["card"]["transaction"]["payee"] == "远方珠宝"
    sandbox.store.settle(datetime.now(UTC) + timedelta(seconds=5))
    for _, body in sandbox.store.outbox.untold(datetime.now(UTC) + timedelta(seconds=9)):
        assert told(app, json.loads(body)) == 204
        assert told(app, json.loads(body)) == 204  # told twice
    done = [one for one in messages(customer) if "账户已经冻结" in one["data"]["text"]]
    assert len(done) == 1


def test_mine_says_thanks_and_freezes_nothing(app: Flask, sandbox: Sandbox) -> None:
    customer = customer_of(app, "sandbox-11")
    told(app, suspicious())
    button = messages(customer)[-1]["data"]["buttons"][0]
    assert (
        "本人操作" in customer.say(button["title"], button["payload"])["events"][0]["data"]["text"]
    )
    assert sandbox.store.book.rows("SELECT count(*) FROM requests")[0][0] == 0


def test_the_same_event_is_told_once(app: Flask) -> None:
    customer = customer_of(app, "sandbox-11")
    body = suspicious()
    before = len(messages(customer))
    assert [told(app, body) for _ in range(3)] == [204, 204, 204]
    assert len(messages(customer)) == before + 1


@pytest.mark.parametrize(
    ("changes", "shift"),
    [
        ({"Wallet_Signature": "v1=" + "0" * 64}, 0),
        ({"Wallet_Signature": ""}, 0),
        ({"Wallet_Nonce": "another-nonce-of-some-length"}, 0),
        ({}, -600),
        ({}, 600),
    ],
)
def test_what_the_wallet_did_not_sign_now_is_refused(
    app: Flask, changes: dict[str, str], shift: int
) -> None:
    customer = customer_of(app, "sandbox-11")
    before = len(messages(customer))
    now = datetime.now(UTC).timestamp() + shift
    assert told(app, suspicious(), now=now, **changes) == 401
    assert len(messages(customer)) == before


def test_a_request_that_is_sent_again_as_it_was_is_refused(app: Flask) -> None:
    raw = json.dumps(suspicious()).encode()
    head = signing.headers(SECRET, "POST", PATH, datetime.now(UTC).timestamp(), raw)
    head["Content-Type"] = "application/json"
    client = app.test_client()
    assert client.post(PATH, data=raw, headers=head).status_code == 204
    assert client.post(PATH, data=raw, headers=head).status_code == 401


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"Type": "money.moved"},
        {"Transaction": {"TransactionId": "tx-1"}},
        {"EventId": "!"},
        {"DateTime": "yesterday"},
    ],
)
def test_an_event_of_a_wrong_shape_is_refused(app: Flask, broken: dict[str, Any]) -> None:
    assert told(app, {**suspicious(), **broken} if broken else {}) == 422


def test_an_event_about_somebody_elses_transaction_tells_nobody(app: Flask) -> None:
    customer = customer_of(app, "sandbox-11")
    before = len(messages(customer))
    body = event(
        "transaction.suspicious", "sandbox-11", Transaction=shown("sandbox-01", "tx-01-cafe")
    )
    assert told(app, body) == 204
    assert len(messages(customer)) == before


def test_a_refund_that_arrived_is_told_to_who_had_asked_alone(app: Flask, bot: Any) -> None:
    asked, other = customer_of(app, "sandbox-04"), customer_of(app, "sandbox-05")
    bot.replies = lambda body: [{"text": "好的"}]
    asked.say("我想咨询这笔交易", '/wallet{"transaction":"tx-04-shoes"}')
    about = shown("sandbox-04", "tx-04-shoes")
    about["Refund"]["Steps"].append({"Step": "credited", "DateTime": about["DateTime"]})
    assert told(app, event("refund.credited", "sandbox-04", Transaction=about)) == 204
    assert "跃步鞋店 的退款 459.00 元 已经到账" in messages(asked)[-1]["data"]["text"]
    assert all("到账" not in one["data"]["text"] for one in messages(other))


def test_an_incident_that_is_over_is_told_to_who_had_asked(app: Flask, bot: Any) -> None:
    asked, other = customer_of(app, "sandbox-12"), customer_of(app, "sandbox-01")
    asked.say("我想咨询这笔交易", '/wallet{"transaction":"tx-12-market"}')
    now = datetime.now(UTC).isoformat()
    incident = {"IncidentId": "inc-12-pay", "Kinds": ["payment"], "Started": now, "Ended": now}
    assert told(app, event("incident.ended", None, Incident=incident)) == 204
    assert "付款故障已经恢复" in messages(asked)[-1]["data"]["text"]
    assert all("恢复" not in one["data"]["text"] for one in messages(other))


def test_a_freeze_that_the_wallet_never_took_is_asked_for_again(
    app: Flask, sandbox: Sandbox
) -> None:
    customer = customer_of(app, "sandbox-11", "小蒋")
    told(app, suspicious())
    button = messages(customer)[-1]["data"]["buttons"][1]
    sandbox.breaks("down")
    answer = customer.say(button["title"], button["payload"])
    assert "冻结没有提交成功" in answer["events"][0]["data"]["text"]
    assert answer["state"]["owner"] == "queue"
    parts = app.extensions["services"]
    later = utc_now() + timedelta(seconds=30)
    assert acting.pursue(parts.database, parts.helper, parts.bus, later) == 1
    sandbox.store.settle(datetime.now(UTC) + timedelta(seconds=5))
    later += timedelta(seconds=30)
    assert acting.pursue(parts.database, parts.helper, parts.bus, later) == 1
    assert sandbox.store.account("sandbox-11")["Status"] == "frozen"
    assert "账户已经冻结" in messages(customer)[-1]["data"]["text"]
    later += timedelta(seconds=30)
    assert acting.pursue(parts.database, parts.helper, parts.bus, later) == 0
    with parts.database.read() as session:
        (row,) = session.query(WalletRequest).all()
        assert row.state == "completed"
        kinds = [one.what for one in session.query(WalletLook).order_by(WalletLook.id)]
        assert kinds == ["freeze", "freeze", "freeze"]


def test_while_the_bot_is_down_the_wallet_still_answers(app: Flask, bot: Any) -> None:
    customer = customer_of(app, "sandbox-01")
    bot.status = 500
    answer = customer.say("我想咨询这笔交易", '/wallet{"transaction":"tx-01-cafe"}')
    texts = [one["data"].get("text", "") for one in answer["events"]]
    assert any("余额不够" in text for text in texts)
    with app.extensions["services"].database.read() as session:
        conversation = session.get(Conversation, customer.id)
        assert conversation is not None
        assert conversation.card["transaction"]["payee"] == "小巷咖啡"


def test_without_a_wallet_nobody_may_tell_anything(make: Callable[..., Flask]) -> None:
    assert told(make(), suspicious()) == 404
