"""Two bots share one memory: conversations stay in order, and one that is killed loses nothing."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conversations.talk import asked_slot, said_by_bot
from tests.conversations.test_owed import stores
from tests.desk.conftest import postgres_url  # noqa: F401 - a fixture
from tests.product import PATIENCE, Customer, Product

CUSTOMERS = 6  # that all of them have the same bot is as likely as six coins alike
TOLD = [("付款失败", "pay_network"), ("网络没问题", "pay_balance"), ("余额够", "pay_method")]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def pair(
    request: pytest.FixtureRequest, content: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """A web with two bots, started together on a new memory."""
    settings = {"XIAOHU_DATA": str(content)} | stores(request.param, request)
    running = Product(tmp_path_factory.mktemp("bots"), settings, bots=2)
    try:
        yield running.start()
    finally:
        running.stop()


def answered_by_search(customer: Customer) -> list[object]:
    """List the notices that the bot did not answer."""
    return [event for event in customer.events() if event["data"].get("code") == "bot_down"]


def test_two_bots_start_at_once_on_a_new_memory(pair: Product) -> None:
    for port in pair.bot_ports.values():
        url = f"http://127.0.0.1:{port}/readyz"
        assert httpx.get(url, timeout=PATIENCE, trust_env=False).is_success
    assert [pair.processes[name].poll() for name in pair.bot_ports] == [None, None]


def test_a_killed_bots_conversations_go_on_with_the_other_and_lose_nothing(pair: Product) -> None:
    customers = [Customer(pair.url) for _ in range(CUSTOMERS)]
    (first, asked), *others = TOLD
    assert [asked_slot(one.say(first)) for one in customers] == [asked] * CUSTOMERS
    pair.stop("bot", how=signal.SIGKILL)
    for text, slot in others:
        assert [asked_slot(one.say(text)) for one in customers] == [slot] * CUSTOMERS
    pair.start_bot()
    assert [answered_by_search(one) for one in customers] == [[]] * CUSTOMERS


def test_a_bot_killed_among_messages_leaves_each_conversation_whole_and_in_order(
    pair: Product,
) -> None:
    customers = [Customer(pair.url) for _ in range(CUSTOMERS)]
    heard: dict[int, list[str | None]] = {number: [] for number in range(CUSTOMERS)}
    midway = threading.Barrier(CUSTOMERS + 1)

    def converse(number: int) -> None:
        for place, (text, _) in enumerate(TOLD):
            if place == 1:
                midway.wait()  # from here on the bot dies among them
            heard[number].append(asked_slot(customers[number].say(text)))

    threads = [threading.Thread(target=converse, args=(number,)) for number in heard]
    for thread in threads:
        thread.start()
    midway.wait()
    pair.stop("bot 2", how=signal.SIGKILL)
    for thread in threads:
        thread.join()
    assert heard == {number: [slot for _, slot in TOLD] for number in heard}
    for customer in customers:
        said = [event["cause"] for event in customer.events() if said_by_bot(event)]
        causes = [cause for cause in said if cause is not None]
        assert causes == sorted(causes)
        assert answered_by_search(customer) == []
