"""Secrets and lures at the API: what customers and agents write, in the talk that they are in."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import Colleague, Customer, StubBot
from web.health import metrics

ESCALATE = {"custom": {"command": "escalate", "topic": "human", "reason": "asked", "urgent": False}}


@pytest.fixture
def with_anna(app: Flask, xiaolin: Customer, anna: Colleague, bot: StubBot) -> Colleague:
    """安娜 has 小林's conversation."""
    bot.replies = lambda body: [ESCALATE]
    xiaolin.say("人工", "/human")
    anna.post(f"/conversations/{xiaolin.id}/claim")
    return anna


def say(agent: Colleague, customer: Customer, client_id: str, text: str) -> Any:
    return agent.post(f"/conversations/{customer.id}/messages", client_id=client_id, text=text)


def test_what_an_agent_asked_for_arrives(with_anna: Colleague, xiaolin: Customer) -> None:
    assert say(with_anna, xiaolin, "ask-00001", "扣了多少钱？订单号？哪天？").status_code == 201
    for text in ("1500", "20240501", "12345678", "2024", "95588", "123456"):
        assert xiaolin.say(text)["message"]["data"] == {"text": text, "format": "text"}
    assert say(with_anna, xiaolin, "ask-00002", "好的，收到").status_code == 201
    assert xiaolin.say("验证码是654321")["message"]["data"]["masked"] == ["code"]


def test_a_short_number_stays_and_a_code_does_not(xiaolin: Customer, bot: StubBot) -> None:
    for text in ("300", "1000", "2500"):
        assert xiaolin.say(text)["message"]["data"]["text"] == text
    assert xiaolin.say("654321")["message"]["data"]["masked"] == ["code"]
    xiaolin.say("验证码收到了")
    assert xiaolin.say("8829")["message"]["data"]["masked"] == ["code"]


def test_the_second_half_of_a_card_reaches_neither_bot_nor_disk(
    xiaolin: Customer, bot: StubBot
) -> None:
    xiaolin.say("卡号 6222 0212")
    kept = xiaolin.say("3456 7890 128")["message"]["data"]
    assert kept == {"text": "［已隐藏］", "format": "text", "masked": ["card"]}
    assert "3456" not in str(bot.asked)
    assert "3456" not in str(xiaolin.read())


def test_a_kind_that_the_server_does_not_know_is_taken(xiaolin: Customer) -> None:
    told = xiaolin.say("暗号是［已隐藏］", masked=["iris", "password"])
    assert told["message"]["data"]["masked"] == ["secret", "password"]


def test_the_document_names_the_kinds_of_the_table(client: FlaskClient) -> None:
    found = client.get("/api/v1/openapi.json").get_data(as_text=True)
    for kind in ("password", "code", "card", "cvv", "expiry", "id", "secret"):
        assert f'"{kind}"' in found


def test_a_lure_is_held_with_its_reason_and_counted(
    with_anna: Colleague, xiaolin: Customer
) -> None:
    counter = metrics.HELD.labels("remote")
    before = counter._value.get()
    for text, kind in (
        ("请下载向日葵，我远程帮您", "remote"),
        ("把短信里那六位数报一下", "code"),
        ("加我微信", "contact"),
        ("请点 https://evil.example/a", "link"),
        ("转到安全账户", "account"),
    ):
        held = say(with_anna, xiaolin, f"lure-{kind:0>5}", text)
        assert held.status_code == 422
        assert kind in held.get_json()["kinds"]
    assert counter._value.get() == before + 1
    assert "向日葵" not in str(xiaolin.read())
    assert say(with_anna, xiaolin, "warn-0001", "不要下载向日葵，那是骗子").status_code == 201


def test_the_chat_learns_hosts_and_numbers_from_settings_and_content(make: Any) -> None:
    made = make(hosts=("help.example",), variables={"hotline": "400-000-0000"})
    told = made.test_client().get("/widget/current/places.js").get_data(as_text=True)
    assert '"help.example"' in told
    for digits in ("400", "96110", "110"):
        assert r"[ \\-]?".join(digits) in told
