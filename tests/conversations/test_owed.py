"""Web dies between storing a message and answering it: the answer comes all the same, once.

No client asks again in these tests: what is owed is given by the server by itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import select

from tests import desk_database
from tests.conversations.talk import Event, Talk, asked_slot, said_by_bot
from tests.desk.conftest import postgres_url  # noqa: F401 - a fixture
from tests.product import PATIENCE, Customer, Product
from web.desk.models import Conversation
from web.desk.models import Event as Stored

SOON = PATIENCE  # after the fault's end


def new_database(server: str, name: str) -> str:
    """Make a database of a running server; returns its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    return server.replace("/postgres?", f"/{name}?")


def stores(kind: str, request: pytest.FixtureRequest) -> dict[str, str]:
    """Return the settings that put web's and the bot's memory into databases of a kind."""
    if kind == "sqlite":
        return {}
    server = request.getfixturevalue("postgres_url")
    web, bot = (new_database(server, f"{name}_{uuid.uuid4().hex}") for name in ("web", "bot"))
    return {"DATABASE_URL": web, "XIAOHU_BOT_TRACKER_URL": bot.replace("://", "+psycopg://", 1)}


# What is owed is read from the database: that is tested on both. How a process ends is not.
on_one = pytest.mark.parametrize("started", ["sqlite"], indirect=True)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def started(
    request: pytest.FixtureRequest, content: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """A product of this module's own, to be killed and started."""
    settings = {"XIAOHU_BOT_TIMEOUT": "5", "XIAOHU_DATA": str(content)}
    settings |= stores(request.param, request)
    running = Product(tmp_path_factory.mktemp("owed"), settings).start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def own(started: Product) -> Product:
    """That product; its web is started where the test before left it stopped."""
    if "web" not in started.processes:
        started.start_web()
    return started


@contextmanager
def busy_bot(own: Product) -> Iterator[None]:
    """Stop the bot in its tracks, as a busy machine does."""
    pid = own.processes["bot"].pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def in_the_background(customer: Customer, text: str) -> tuple[threading.Thread, list[list[Event]]]:
    """Send a message without waiting; returns the thread and where its answer goes."""
    answers: list[list[Event]] = []

    def send() -> None:
        with contextlib.suppress(httpx.HTTPError):  # cut off, as meant
            answers.append(customer.say(text))

    thread = threading.Thread(target=send)
    thread.start()
    return thread, answers


def until_stored(customer: Customer, text: str) -> int:
    """Wait until a message is stored; returns its number."""
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        for event in customer.events():
            if event["data"].get("text") == text:
                return int(event["id"])
        time.sleep(0.02)
    raise AssertionError(f"not stored: {text}")


def until_closed(url: str) -> None:
    """Wait until web takes no connection any more."""
    deadline = time.monotonic() + SOON
    with contextlib.suppress(httpx.HTTPError):
        while time.monotonic() < deadline:
            httpx.get(f"{url}/livez", timeout=1, trust_env=False)
            time.sleep(0.02)


def given(customer: Customer, number: int) -> list[Event]:
    """Wait for the answer to a message, which nobody asks for; returns the events it caused."""
    began = time.monotonic()
    while time.monotonic() - began < SOON:
        caused = [event for event in customer.events() if event["cause"] == number]
        if caused:
            print(f"\nanswered {time.monotonic() - began:.1f} s after the restart")
            return caused
        time.sleep(0.1)
    raise AssertionError(f"no answer within {SOON} s")


def kill_web(own: Product) -> None:
    """Kill web and all its workers."""
    os.killpg(own.processes["web"].pid, signal.SIGKILL)
    own.stop("web", how=signal.SIGKILL)


def test_a_message_stored_before_web_was_killed_is_answered_by_itself_and_once(
    own: Product,
) -> None:
    customer = Customer(own.url)
    with busy_bot(own):
        sending, _ = in_the_background(customer, "付款失败")
        number = until_stored(customer, "付款失败")
        kill_web(own)
    sending.join()
    # the bot has heard the message meanwhile: a second hearing would be the flow's first answer
    own.start_web()
    caused = given(customer, number)
    assert asked_slot(caused) == "pay_network"
    assert [event["type"] for event in caused] == ["message"] * len(caused)
    talk = Talk(customer)
    assert asked_slot(talk.say("网络没问题")) == "pay_balance"
    assert len([e for e in customer.events() if e["cause"] == number]) == len(caused)


@on_one
def test_two_messages_left_unanswered_are_answered_in_their_order(own: Product) -> None:
    customer = Customer(own.url)
    with busy_bot(own):
        first, _ = in_the_background(customer, "付款失败")
        one = until_stored(customer, "付款失败")
        second, _ = in_the_background(customer, "网络没问题")
        two = until_stored(customer, "网络没问题")
        kill_web(own)
    first.join()
    second.join()
    own.start_web()
    assert asked_slot(given(customer, two)) == "pay_balance"
    assert asked_slot(given(customer, one)) == "pay_network"
    said = [event["cause"] for event in customer.events() if said_by_bot(event)]
    assert said == sorted(said, key=lambda cause: cause or 0)


def test_a_greeting_that_web_was_killed_before_is_given(own: Product) -> None:
    url = own.env.get("DATABASE_URL") or f"sqlite:///{own.folder}/xiaohu.db"
    database = desk_database.of_running(url, own.folder)

    def newest() -> str:
        with database.read() as session:
            order = Conversation.created_at.desc()
            return session.scalars(select(Conversation.id).order_by(order).limit(1)).one()

    Customer(own.url)
    known = newest()
    with busy_bot(own):

        def opening() -> None:
            with contextlib.suppress(httpx.HTTPError):
                Customer(own.url)

        thread = threading.Thread(target=opening)
        thread.start()
        deadline = time.monotonic() + SOON
        while (opened := newest()) == known:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        kill_web(own)
    thread.join()
    own.start_web()
    deadline = time.monotonic() + SOON
    greeting: list[Stored] = []
    while not greeting:
        assert time.monotonic() < deadline, "nobody was greeted"
        time.sleep(0.1)
        with database.read() as session:
            query = select(Stored).where(Stored.conversation_id == opened)
            greeting = list(session.scalars(query))
    assert [event.actor_kind for event in greeting] == ["bot"]
    assert greeting[0].data["buttons"]
    database.close()


@on_one
def test_web_told_to_stop_finishes_its_turns(own: Product) -> None:
    customer = Customer(own.url)
    with busy_bot(own):
        sending, answers = in_the_background(customer, "付款失败")
        until_stored(customer, "付款失败")
        web = own.processes["web"]
        web.send_signal(signal.SIGTERM)
        until_closed(own.url)
    sending.join()
    web.wait(PATIENCE)
    own.stop("web")  # nothing runs any more
    assert [asked_slot(events) for events in answers] == ["pay_network"]


@on_one
def test_streams_and_idle_connections_do_not_hold_a_stop_up(own: Product) -> None:
    customer = Customer(own.url)
    path = f"/conversations/{customer.id}/stream"
    with (
        httpx.Client(base_url=own.url, timeout=PATIENCE, trust_env=False) as idle,
        customer._http.stream("GET", path) as stream,
    ):
        assert idle.get("/livez").is_success  # and kept
        lines = stream.iter_lines()
        assert next(lines).startswith("event: state")
        began = time.monotonic()
        own.stop("web")
        took = time.monotonic() - began
        with contextlib.suppress(httpx.HTTPError):
            list(lines)  # ends
    print(f"\nstopped after {took:.1f} s")
    assert took < 10  # a stream that held it up would cost the whole grace of a stop


@on_one
def test_an_answer_that_web_itself_was_late_to_read_is_taken(own: Product) -> None:
    customer = Customer(own.url)
    with busy_bot(own):
        sending, answers = in_the_background(customer, "付款失败")
        until_stored(customer, "付款失败")
        os.killpg(own.processes["web"].pid, signal.SIGSTOP)
    time.sleep(6.0)  # longer than web gives the bot; the bot answers in milliseconds
    os.killpg(own.processes["web"].pid, signal.SIGCONT)
    sending.join()
    assert [asked_slot(events) for events in answers] == ["pay_network"]


@pytest.fixture
def patient(started: Product) -> Iterator[Product]:
    """The product while it waits longer for its bot than a stop may take."""
    before = started.env["XIAOHU_BOT_TIMEOUT"]
    started.stop("web")
    started.env["XIAOHU_BOT_TIMEOUT"] = "30"
    started.start_web()
    yield started
    started.stop("web")
    started.env["XIAOHU_BOT_TIMEOUT"] = before


def test_a_turn_that_outlasts_a_stop_is_handed_over(patient: Product) -> None:
    customer = Customer(patient.url)
    with busy_bot(patient):
        sending, answers = in_the_background(customer, "付款失败")
        number = until_stored(customer, "付款失败")
        patient.stop("web")
        sending.join()
    assert answers == []
    assert "handed over" in patient.log("web")
    patient.start_web()
    # by the lease alone it would take half a minute
    assert asked_slot(given(customer, number)) == "pay_network"
