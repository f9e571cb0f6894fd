"""Several bots: a conversation keeps to one, to another while that is away, and to its order."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from tests.web.conftest import Customer, StubBot
from web.assistant.client import BotDown
from web.assistant.places import bot_url
from web.assistant.spread import Bots, open_bots
from web.environment import BadSettings

TALKS = [f"conversation-{number}" for number in range(60)]


@pytest.fixture
def two() -> Iterator[tuple[StubBot, StubBot]]:
    stubs = StubBot(), StubBot()
    for name, stub in zip("ab", stubs, strict=True):
        stub.replies = lambda body, name=name: [{"text": name}]
    yield stubs
    for stub in stubs:
        stub.close()


@pytest.fixture
def bots(two: tuple[StubBot, StubBot]) -> Iterator[Bots]:
    opened = open_bots(" ".join(stub.url for stub in two), 2.0, "")
    assert isinstance(opened, Bots)
    yield opened
    opened.close()


def answerer(bots: Bots, talk: str, event: int | None = 1) -> str:
    return str(bots.send(talk, "怎么提现", {}, event)[0]["text"])


def of(bots: Bots, name: str) -> str:
    """Return a conversation of the named bot."""
    return next(talk for talk in TALKS if answerer(bots, talk) == name)


def test_conversations_spread_and_each_keeps_to_its_bot(bots: Bots) -> None:
    first = [answerer(bots, talk) for talk in TALKS]
    assert 15 <= first.count("a") <= 45
    assert [answerer(bots, talk) for talk in TALKS] == first


def test_a_further_bot_moves_no_conversation_between_those_there_were() -> None:
    def place(count: int, talk: str) -> str:
        opened = Bots([open_bots(f"http://{n}", 1.0, "") for n in range(count)], 1.0)  # type: ignore[misc]
        return str(opened.order(talk)[0]._wire._host)

    moved = [(place(3, talk), place(4, talk)) for talk in TALKS]
    assert all(before == after or after == "3" for before, after in moved)
    assert 5 <= sum(before != after for before, after in moved) <= 30


@pytest.mark.parametrize("status", [0, 500, 503])
def test_while_its_bot_is_away_another_answers_within_the_limit(
    bots: Bots, two: tuple[StubBot, StubBot], status: int
) -> None:
    talk = of(bots, "a")
    if status:
        two[0].status = status
    else:
        two[0].close()
    began = time.monotonic()
    assert answerer(bots, talk, 2) == "b"
    assert time.monotonic() - began < 2.0
    assert bots.probe()["ok"]


def test_a_bot_that_hangs_costs_a_wait_and_not_the_answer(
    bots: Bots, two: tuple[StubBot, StubBot]
) -> None:
    talk = of(bots, "a")
    two[0].pause = 5.0
    assert answerer(bots, talk, 2) == "b"


def test_with_all_of_them_away_it_is_as_with_one(bots: Bots, two: tuple[StubBot, StubBot]) -> None:
    for stub in two:
        stub.status = 500
    with pytest.raises(BotDown):
        answerer(bots, TALKS[0])
    told = bots.probe()
    assert not told["ok"]
    assert "1: answers 500" in told["reason"]
    assert "2: answers 500" in told["reason"]


def test_a_message_without_a_number_is_never_said_to_two(
    bots: Bots, two: tuple[StubBot, StubBot]
) -> None:
    talk = of(bots, "a")
    two[0].status = 500
    before = len(two[1].asked)
    with pytest.raises(BotDown):
        answerer(bots, talk, None)
    assert len(two[1].asked) == before


def test_messages_of_one_conversation_go_one_after_the_other_in_their_order(
    bots: Bots, two: tuple[StubBot, StubBot]
) -> None:
    talk = of(bots, "a")
    begun = threading.Event()
    heard: list[tuple[str, int]] = []

    def slowly(name: str, body: dict[str, object]) -> list[dict[str, str]]:
        heard.append((name, int(str(body["event"]))))
        begun.set()
        time.sleep(0.05)
        heard.append((name, -int(str(body["event"]))))
        return [{"text": name}]

    for name, stub in zip("ab", two, strict=True):
        stub.replies = lambda body, name=name: slowly(name, body)
    senders = []
    for event in (11, 12, 13):
        senders.append(threading.Thread(target=answerer, args=(bots, talk, event)))
        senders[-1].start()
        while len(bots._lines._waiting.get(talk, ())) + len(heard) // 2 < len(senders):
            time.sleep(0.001)
    for sender in senders:
        sender.join()
    assert [number for _, number in heard] == [11, -11, 12, -12, 13, -13]
    assert bots._lines._waiting == {}


def test_web_with_two_bots_tells_which_one_is_away(two: tuple[StubBot, StubBot], make) -> None:  # type: ignore[no-untyped-def]
    app = make(bot_url=" ".join(stub.url for stub in two))
    customer = Customer(app.test_client())
    assert customer.say("怎么提现")["events"][0]["data"]["text"] in ("a", "b")
    two[0].status = 503
    checks = app.extensions["services"].bot.probe()
    assert checks == {"ok": True, "reason": "1: starting"}


def test_where_the_bots_are_is_named_or_counted() -> None:
    assert bot_url({}) == "http://127.0.0.1:5005"
    counted = bot_url({"XIAOHU_BOTS": "2", "XIAOHU_BOT_PORT": "6000"})
    assert counted == "http://127.0.0.1:6000 http://127.0.0.1:6001"
    named = bot_url({"XIAOHU_BOT_URL": "http://a:1/, http://b:2", "XIAOHU_BOTS": "3"})
    assert named == "http://a:1 http://b:2"
    with pytest.raises(BadSettings, match="XIAOHU_BOTS"):
        bot_url({"XIAOHU_BOTS": "0"})
