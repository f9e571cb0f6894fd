"""What a console is sent: all at first, then the difference, the same list whatever happens."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

import pytest

from tests.desk.conftest import Desk
from web.desk import assignments, conversations, escalations, queue, triage
from web.desk.database import Database
from web.desk.events import BOT, CUSTOMER
from web.realtime.console import Console, difference


class Floor(Desk):
    """A desk to whose queue customers come."""

    said = 0

    def waiting(self, *, urgent: bool = False) -> str:
        self.later(seconds=1)
        one = self.open().conversation.id
        card = {"problem": "退款三天没到账", "amount": "128 元", "order_number": "20261120-7"}
        with self.database.write() as session:
            escalations.escalate(
                session, one, BOT, self.now,
                topic="refund", reason="asked", urgent=urgent, card=card,
            )  # fmt: skip
        return one

    def say(self, one: str, text: str) -> None:
        self.said += 1
        with self.database.write() as session:
            conversations.post(session, one, f"said-{self.said:06}", text, self.now)


class Page:
    """What an open console holds, from the frames alone; as the script of the page takes them."""

    def __init__(self, floor: Floor, agent_id: int) -> None:
        self.floor = floor
        self.console = Console(agent_id, "", lambda *_: {})
        self.queue: dict[str, Any] = {}
        self.board: dict[str, Any] = {}
        self.sent = 0

    def look(self) -> list[str]:
        with self.floor.database.read() as session:
            frames = self.console.look(session, self.floor.now)
        kinds = []
        self.sent = sum(len(one.encode()) for one in frames)
        for one in frames:
            kind, data = _read(one)
            kinds.append(kind)
            if kind == "queue":
                self.queue = data
            elif kind == "board":
                self.board |= data
            elif kind == "rows":
                for side in ("waiting", "mine"):
                    self.queue[side] = _changed(self.queue[side], data.pop(side, {}))
                self.queue |= data
        return kinds


def _read(frame: str) -> tuple[str, Any]:
    told = dict(line.split(": ", 1) for line in frame.strip().split("\n"))
    return told["event"], json.loads(told["data"])


def _changed(rows: list[Any], steps: dict[str, Any]) -> list[Any]:
    put = steps.get("put", [])
    out = {*steps.get("gone", []), *(row["id"] for _, row in put)}
    rows = [row for row in rows if row["id"] not in out]
    for at, row in put:
        rows.insert(at, row)
    return rows


def _shown(rows: list[Any]) -> list[Any]:
    return [
        {key: row[key] for key in row if key not in ("waiting_seconds", "place")} for row in rows
    ]


@pytest.fixture
def floor(database: Database) -> Floor:
    return Floor(database)


@pytest.fixture
def page(floor: Floor) -> Page:
    return Page(floor, floor.anna.id)


def test_a_word_of_somebody_who_waits_sends_their_row_alone(floor: Floor, page: Page) -> None:
    some = [floor.waiting() for _ in range(30)]
    assert page.look() == ["queue", "board"]
    whole = page.sent
    assert page.look() == []
    floor.say(some[7], "还要多久？")
    assert page.look() == ["rows"]
    assert page.queue["waiting"][7]["last"]["text"] == "还要多久？"
    assert page.sent < whole / 15


def test_who_joins_leaves_or_is_taken_changes_the_list_by_that_row(
    floor: Floor, page: Page
) -> None:
    first, second = floor.waiting(), floor.waiting()
    page.look()
    hurried = floor.waiting(urgent=True)
    assert page.look() == ["rows"]
    assert [row["id"] for row in page.queue["waiting"]] == [hurried, first, second]
    assert page.queue["total"] == 3
    with floor.database.write() as session:
        assignments.claim(session, first, floor.anna, floor.now)
        escalations.leave(session, second, CUSTOMER, floor.now)
    page.look()
    assert [row["id"] for row in page.queue["waiting"]] == [hurried]
    assert [row["id"] for row in page.queue["mine"]] == [first]


def test_rows_that_change_places_by_nothing_of_their_own_are_all_sent_anew() -> None:
    one, two = {"id": "1"}, {"id": "2"}
    assert difference([one, two], [two, one]) is None
    assert difference([one, two], [one, two]) == {}
    assert difference([one, two], [two]) == {"gone": ["1"], "put": []}


@pytest.mark.parametrize("seed", range(3))
def test_after_any_changes_the_page_holds_what_a_fresh_one_is_given(
    floor: Floor, page: Page, seed: int
) -> None:
    draw = random.Random(seed)
    ids = [floor.waiting() for _ in range(6)]
    page.look()
    for _ in range(25):
        floor.now += timedelta(seconds=draw.randrange(90))
        one = draw.choice(ids)
        with floor.database.write() as session:
            found = conversations.find(session, one)
            deed = draw.randrange(5)
            if deed == 0:
                ids.append("")
            elif found.owner == "queue" and deed == 1 and len(page.queue["mine"]) < 4:
                assignments.claim(session, one, floor.anna, floor.now)
            elif found.owner == "queue" and deed == 2:
                triage.judge(session, one, floor.anna, floor.now, urgent=not found.urgent)
            elif found.owner == "queue":
                triage.judge(session, one, floor.anna, floor.now, labels=[f"第{draw.randrange(9)}"])
            elif found.owner == "agent" and deed == 3:
                assignments.give_back(session, one, floor.anna, floor.now)
            elif found.owner == "agent" and deed == 4:
                assignments.close(session, one, floor.anna, floor.now)
        if not ids[-1]:
            ids[-1] = floor.waiting()
        page.look()
        with floor.database.read() as session:
            fresh = queue.overview(session, floor.anna.id, floor.now)
        for side in ("waiting", "mine"):
            assert _shown(page.queue[side]) == _shown(fresh[side])
        assert page.queue["total"] == fresh["total"]
