"""Many open streams: an idle one costs nothing, and places in the queue are told to who waits."""

from __future__ import annotations

import gc
import json
import queue
import threading
import time
import weakref
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.product import PATIENCE
from tests.web.conftest import Customer
from web.desk import conversations
from web.desk.database import Database
from web.realtime.bus import EACH, LATEST, SOONEST, Bus
from web.realtime.reader import PLACES
from web.services import utc_now

IDLE = 30


class Stream:
    """A customer's open stream, read by a thread of its own."""

    def __init__(self, app, customer, after: int = 10_000) -> None:
        self.frames: queue.Queue[tuple[str, dict]] = queue.Queue()
        self.response = app.test_client().get(
            f"{customer.base}/stream?after={after}", headers=customer.headers
        )
        threading.Thread(target=self._read, daemon=True).start()
        assert self.next()[0] == "state"

    def _read(self) -> None:
        for chunk in self.response.response:
            text = chunk if isinstance(chunk, str) else chunk.decode()
            for block in text.strip().split("\n\n"):
                fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
                if "event" in fields:
                    self.frames.put((fields["event"], json.loads(fields["data"])))
                elif "retry" in fields:
                    self.frames.put(("retry", {"ms": int(fields["retry"])}))

    def next(self, within: float = PATIENCE) -> tuple[str, dict]:
        return self.frames.get(timeout=within)

    def places(self, last: int) -> list[tuple[float, int]]:
        """Collect the places that are told, up to a last one, with their times."""
        found: list[tuple[float, int]] = []
        while not found or found[-1][1] != last:
            kind, data = self.next()
            if kind == "state" and data["queue"]:
                found.append((time.monotonic(), data["queue"]["place"]))
        return found


@contextmanager
def statements(app):
    """Count what is asked of the database meanwhile."""
    seen: list[str] = []

    def count(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", count)


def join(customer) -> None:
    answer = customer.client.post(f"{customer.base}/queue", json={}, headers=customer.headers)
    assert answer.status_code == 200, answer.get_json()


def leave(customer) -> None:
    path = f"{customer.base}/queue/leave"
    assert customer.client.post(path, json={}, headers=customer.headers).status_code == 200


@pytest.fixture
def people(app):
    return [Customer(app.test_client()) for _ in range(4)]


def test_idle_streams_ask_nothing_when_the_queue_moves(app):
    client = app.test_client()
    idle = [Stream(app, Customer(client)) for _ in range(IDLE)]
    xiaolin, ajie = Customer(client), Customer(client)
    join(ajie)
    waiting = Stream(app, ajie)
    with statements(app) as seen:
        join(xiaolin)
        leave(ajie)
        while waiting.next()[1]["owner"] != "bot":
            pass  # the place in the queue may have been told before
        time.sleep(PLACES)  # until everybody would have been woken
    outlines = [text for text in seen if "customer_read" in text and "agent_read" in text]
    assert len(outlines) < IDLE
    assert all(stream.frames.empty() for stream in idle)


def test_places_are_told_at_most_once_a_second_and_right_in_the_end(app, people):
    for customer in people:
        join(customer)
    last = Stream(app, people[-1])
    began = time.monotonic()
    for customer in people[:-1]:
        leave(customer)
    told = last.places(1)
    assert len(told) <= 1 + (told[-1][0] - began) / PLACES


def test_what_the_bus_lost_is_found_all_the_same(app, xiaolin):
    stream = Stream(app, xiaolin, after=1)
    with app.extensions["database"].write() as session:
        conversations.notice(session, xiaolin.id, "secret_masked", utc_now())
    kind, data = stream.next()
    assert (kind, data["data"]["code"]) == ("event", "secret_masked")


def test_a_process_that_stops_tells_its_streams_when_to_come_again(app, people):
    streams = [Stream(app, one) for one in people]
    app.extensions["bus"].end_streams()
    for stream in streams:
        kind, data = stream.next()
        assert kind == "retry"
        assert SOONEST <= data["ms"] <= LATEST


@pytest.mark.parametrize(("streams", "latest"), [(4, SOONEST + 4 * EACH), (5000, LATEST)])
def test_streams_come_again_spread_over_a_time_that_grows_with_their_number(streams, latest):
    drawn = iter([0, 1])
    bus = Bus(below=lambda most: next(drawn) * (most - 1))  # the first, then the last possible
    with ExitStack() as opened:
        for _ in range(streams):
            opened.enter_context(bus.subscribe("desk"))
        bus.end_streams()
    assert (bus.again(), bus.again()) == (SOONEST, latest)


def test_a_stream_that_waits_holds_nothing_of_the_database(app, xiaolin, monkeypatch):
    opened: list[weakref.ref[Session]] = []
    read = Database.read

    @contextmanager
    def noted(database):
        with read(database) as session:
            opened.append(weakref.ref(session))
            yield session

    monkeypatch.setattr(Database, "read", noted)
    stream = Stream(app, xiaolin, after=0)  # 0: the greeting is told too
    assert stream.next()[0] == "event"
    assert opened
    deadline = time.monotonic() + PATIENCE
    while held := [one for one in opened if one() is not None]:
        assert time.monotonic() < deadline, f"{len(held)} of {len(opened)} sessions are held"
        time.sleep(0.1)
        gc.collect()
