"""The bot or web goes away in the middle of a conversation, and it goes on where it was."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.conversations.talk import Talk, asked_slot, name_of, said_by_bot, text_of
from tests.product import PATIENCE, Customer, Product


class Retrying(Customer):
    """A customer whose client sends messages under ids of its own choice."""

    def post(self, client_id: str, text: str) -> httpx.Response:
        """Send a message under an id, perhaps not for the first time."""
        body = {"client_id": client_id, "text": text}
        return self._http.post(f"/conversations/{self.id}/messages", json=body)


@pytest.fixture
def own(product: Product) -> Product:
    """The product of all, to be stopped and started: others find it as before."""
    return product


def test_a_stopped_bot_leaves_search_and_humans_and_remembers_when_it_is_back(
    own: Product,
) -> None:
    before = Talk(Customer(own.url))
    before.say("付款失败")
    before.say("昨天晚上八点，总共128元")
    before.press("网络没问题，还是不行")
    assert asked_slot(before.last) == "pay_balance", before.told("应该在问余额")

    own.stop("bot")
    meanwhile = Talk(Customer(own.url))
    assert [name_of(event) for event in meanwhile.seen if event["type"] == "notice"] == ["bot_down"]
    answered = meanwhile.say("怎么绑定银行卡")
    assert "bind-card-how" in [event["data"].get("faq_id") for event in answered]
    assert "escalated" in [name_of(event) for event in meanwhile.say("转人工")]
    assert meanwhile.owner == "queue", meanwhile.told("不在排队")
    asked = Talk(Customer(own.url))
    assert "escalated" in [name_of(event) for event in asked.press("转人工")]

    bring_back_the_bot(own)
    events = before.say("余额够")
    assert asked_slot(events) == "pay_method", before.told("没有接着往下问")
    (escalated,) = [one["data"] for one in before.say("转人工") if one["type"] == "escalated"]
    card = escalated["card"]
    assert (card["topic"], card["amount"]) == ("pay_failed", "128元")
    assert "昨天晚上八点" in card["time"]
    assert {"step": "network", "result": "done"} in card["tried"]
    assert {"step": "balance", "result": "done"} in card["tried"]


def test_a_conversation_begun_without_the_bot_is_taken_up_by_it(own: Product) -> None:
    own.stop("bot")
    talk = Talk(Customer(own.url))
    talk.say("付款失败了")
    bring_back_the_bot(own)
    talk.say("付款失败")
    assert asked_slot(talk.last) == "pay_network", talk.told("机器人没有接上")
    assert [name_of(event) for event in talk.last if event["type"] == "notice"] == []


def test_web_killed_in_the_middle_of_a_message_answers_it_once_after_all(own: Product) -> None:
    customer = Retrying(own.url)
    talk = Talk(customer)
    talk.say("付款失败")
    client_id = uuid.uuid4().hex

    def send() -> None:
        with contextlib.suppress(httpx.HTTPError):  # cut off, as meant
            customer.post(client_id, "网络没问题")

    sending = threading.Thread(target=send)
    sending.start()
    os.killpg(own.processes["web"].pid, signal.SIGKILL)
    own.stop("web", how=signal.SIGKILL)
    sending.join()
    own.start_web()

    again = customer.post(client_id, "网络没问题")
    assert again.status_code in (200, 201), again.text
    events = customer.events()
    mine = [event for event in events if event["client_id"] == client_id]
    assert len(mine) == 1
    caused = [event for event in events if event["cause"] == mine[0]["id"]]
    assert asked_slot(caused) == "pay_balance", talk.told(text_of(events))
    assert len({event["data"]["text"] for event in caused}) == len(caused)
    talk.say("余额够")
    assert asked_slot(talk.last) == "pay_method", talk.told("没有接着往下问")


def test_the_same_client_id_is_stored_and_answered_once(own: Product) -> None:
    customer = Retrying(own.url)
    Talk(customer).say("付款失败")
    client_id = uuid.uuid4().hex
    first = customer.post(client_id, "网络没问题")
    stored = customer.events()
    second = customer.post(client_id, "网络没问题")
    assert (first.status_code, second.status_code) == (201, 200)
    assert without_state(second) == without_state(first)
    assert customer.events() == stored
    # had the bot heard it twice, it would have gone past this step
    assert asked_slot(customer.say("余额够")) == "pay_method"


def test_one_message_sent_twice_at_once_is_answered_once(own: Product) -> None:
    customer = Retrying(own.url)
    client_id = uuid.uuid4().hex
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _: customer.post(client_id, "怎么绑定银行卡"), range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert without_state(answers[0]) == without_state(answers[1])
    events = customer.events()
    assert len([event for event in events if event["actor"]["kind"] == "customer"]) == 1
    assert len([event for event in events if event["data"].get("faq_id")]) == 1


def test_quick_messages_of_one_customer_are_all_answered(own: Product) -> None:
    customer = Retrying(own.url)
    said = ["提现要手续费吗", "怎么绑定银行卡", "视频客服听不到声音", "你是机器人吗"]
    with ThreadPoolExecutor(len(said)) as threads:
        sent = list(threads.map(lambda text: customer.post(uuid.uuid4().hex, text), said))
    assert [answer.status_code for answer in sent] == [201] * len(said)
    events = customer.events()
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    replied = [event["cause"] for event in events if said_by_bot(event) and event["cause"]]
    messages = [event["id"] for event in events if event["actor"]["kind"] == "customer"]
    assert sorted(replied) == sorted(messages)
    # a message that waited for another's lock too long would have been answered without the bot
    assert [event for event in events if event["type"] == "notice"] == []


def bring_back_the_bot(own: Product) -> None:
    """Start the bot and wait until web asks it again."""
    own.start_bot()
    deadline = time.monotonic() + PATIENCE
    while any(event["type"] == "notice" for event in Customer(own.url).greeting):
        assert time.monotonic() < deadline, "web does not ask the bot again"
        time.sleep(0.5)


def without_state(answer: httpx.Response) -> dict[str, Any]:
    """Leave out of an answer what passes: who owns the conversation, places in the queue."""
    return {key: value for key, value in answer.json().items() if key != "state"}
