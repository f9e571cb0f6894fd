"""The wallet at the desk: for who has the case, each look recorded, nothing kept of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.wallet.conftest import SECRET, Sandbox
from tests.wallet.test_news import told
from tests.web.conftest import Colleague, Customer, StubBot
from web.audit.models import AuditEntry
from web.identity import sign
from web.wallet.models import WalletLook


@pytest.fixture
def app(make: Callable[..., Flask], sandbox: Sandbox) -> Flask:
    return make(wallet_url=sandbox.url, wallet_secret=SECRET)


@pytest.fixture
def anna(app: Flask) -> Colleague:
    return Colleague(app, "anna", "安娜")


@pytest.fixture
def case(app: Flask, anna: Colleague, bot: StubBot) -> Customer:
    """小吴's conversation about a refund, which 安娜 has."""
    customer = signed_in(app, "sandbox-04")
    customer.say("我想咨询这笔交易", '/wallet{"transaction":"tx-04-shoes"}')
    bot.replies = lambda body: [
        {"custom": {"command": "note", "card": {"transaction": "tx-04-shoes"}}},
        {"text": "好的"},
    ]
    customer.say("我想咨询这笔交易", '/wallet{"transaction":"tx-04-shoes"}')
    queue(bot, customer)
    assert anna.post(f"/conversations/{customer.id}/claim").status_code == 200
    return customer


def signed_in(app: Flask, subject: str) -> Customer:
    settings = app.extensions["settings"]
    token = sign(settings, subject, "小吴", datetime.now(UTC), timedelta(hours=1))
    return Customer(app.test_client(), channel="app", identity=token)


def queue(bot: StubBot, customer: Customer) -> None:
    bot.replies = lambda body: [
        {"custom": {"command": "escalate", "reason": "asked", "urgent": False, "card": {}}}
    ]
    customer.say("转人工", "/human")


def looks(app: Flask, customer: Customer) -> list[tuple[str, str, bool]]:
    with app.extensions["services"].database.read() as session:
        rows = session.query(WalletLook).filter_by(conversation_id=customer.id)
        return [(row.what, row.outcome, row.agent_id is not None) for row in rows]


def test_the_agent_who_has_the_case_sees_the_transactions(
    app: Flask, anna: Colleague, case: Customer
) -> None:
    seen = anna.get(f"/conversations/{case.id}/wallet").get_json()
    first, second = seen["transactions"]
    assert (second["payee"], second["amount"], second["refund"]) == (
        "跃步鞋店",
        "459.00 元",
        "银行入账中",
    )
    assert (first["chosen"], second["chosen"]) == (False, True)
    assert seen["cards"] == ["青山银行 1120"]
    assert "正常" in seen["account"]
    assert "来自" in seen["source"]
    assert looks(app, case)[-1] == ("list", "ok", True)
    with app.extensions["database"].read() as session:
        entry = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert (entry.who, entry.action, entry.object) == ("anna", "wallet-look", case.id)


def test_the_chosen_transaction_stands_on_the_card(anna: Colleague, case: Customer) -> None:
    card = anna.get(f"/conversations/{case.id}").get_json()["card"]
    assert card["transaction"]["payee"] == "跃步鞋店"
    assert card["transaction"]["id"] == "tx-04-shoes"


def test_nobody_else_may_look(app: Flask, case: Customer) -> None:
    zhou = Colleague(app, "zhou", "老周")
    before = looks(app, case)
    assert zhou.get(f"/conversations/{case.id}/wallet").status_code == 409
    stranger = app.test_client().get(f"/desk/api/conversations/{case.id}/wallet")
    assert stranger.status_code in (302, 401)
    assert looks(app, case) == before


def test_no_look_is_to_be_had_once_the_case_is_given_away(anna: Colleague, case: Customer) -> None:
    anna.post(f"/conversations/{case.id}/close")
    assert anna.get(f"/conversations/{case.id}/wallet").status_code == 409


def test_an_anonymous_customer_has_no_wallet(app: Flask, anna: Colleague, bot: StubBot) -> None:
    customer = Customer(app.test_client())
    queue(bot, customer)
    anna.post(f"/conversations/{customer.id}/claim")
    assert anna.get(f"/conversations/{customer.id}/wallet").status_code == 404


def test_a_wallet_that_is_down_is_said_and_recorded(
    app: Flask, sandbox: Sandbox, anna: Colleague, case: Customer
) -> None:
    app.extensions["services"].helper.wallet.forget("sandbox-04")
    sandbox.breaks("down")
    answer = anna.get(f"/conversations/{case.id}/wallet")
    assert answer.status_code == 503
    assert looks(app, case)[-1] == ("list", "down", True)


def test_verifying_the_person_is_asked_once_and_its_result_stands_in_the_case(
    app: Flask, sandbox: Sandbox, anna: Colleague, case: Customer
) -> None:
    wish = {"kind": "Verification", "client_id": "verify-0001"}
    for _ in range(2):  # the first answer was lost
        answer = anna.post(f"/conversations/{case.id}/wallet/requests", **wish)
        assert (answer.status_code, answer.get_json()["state"]) == (202, "accepted")
    assert sandbox.store.settle(datetime.now(UTC) + timedelta(seconds=9)) == 1
    for _, body in sandbox.store.outbox.untold(datetime.now(UTC) + timedelta(seconds=20)):
        assert told(app, json.loads(body)) == 204
    events: list[dict[str, Any]] = anna.get(f"/conversations/{case.id}").get_json()["events"]
    notes = [one["data"]["text"] for one in events if one["type"] == "note"]
    assert notes == ["身份核验已通过。"]
    assert all(one["type"] != "note" for one in case.read()["events"])


def test_without_a_wallet_there_is_nothing_to_look_at(
    make: Callable[..., Flask], bot: StubBot
) -> None:
    app = make()
    anna = Colleague(app, "anna", "安娜")
    customer = signed_in(app, "sandbox-04")
    queue(bot, customer)
    anna.post(f"/conversations/{customer.id}/claim")
    assert anna.get(f"/conversations/{customer.id}/wallet").status_code == 404
