"""The lists of the console: what a case is about, nothing cut in silence, a flat cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, event
from sqlalchemy.orm import Session

from tests.desk.conftest import Desk
from tests.desk.test_callbacks import VAULT, start_of
from tests.desk.verbs import HOURS, Always
from web.desk import (
    assignments,
    board,
    callback_list,
    callbacks,
    conversations,
    escalations,
    progress,
    queue,
    subjects,
    tickets,
)
from web.desk.events import BOT, CUSTOMER
from web.desk.models import Conversation


@contextmanager
def counted(desk: Desk) -> Iterator[list[str]]:
    """Collect the statements that reach the database meanwhile."""
    seen: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    event.listen(desk.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(desk.database.engine, "before_cursor_execute", note)


def wait(desk: Desk, text: str, card: dict[str, Any], topic: str | None = None, **more: Any) -> str:
    """Let a customer say something and wait for an agent."""
    one = desk.open().conversation.id
    desk.later(seconds=1)
    with desk.database.write() as session:
        conversations.post(session, one, f"said-{one[:12]}", text, desk.now)
        escalations.escalate(
            session, one, BOT, desk.now, topic=topic, reason="asked",
            urgent=more.get("urgent", False), card=card,
        )  # fmt: skip
        conversations.post(session, one, f"then-{one[:12]}", "好的", desk.now)
    return one


def test_a_waiting_row_says_what_it_is_about_and_not_what_was_said_last(desk: Desk) -> None:
    card = {"problem": "退款三天没到账", "amount": "128 元", "order_number": "20261120-7"}
    xiaolin = wait(desk, "转人工", card, "refund")
    ajie = wait(desk, "我的钱怎么少了", {})
    with desk.database.read() as session:
        found = {
            row["id"]: row for row in queue.overview(session, desk.anna.id, desk.now)["waiting"]
        }
    assert found[xiaolin]["problem"] == "退款三天没到账"
    assert found[xiaolin]["facts"] == ["128 元", "20261120-7"]
    assert found[ajie]["problem"] in ("我的钱怎么少了", "好的")
    assert found[xiaolin]["last"]["text"] != found[xiaolin]["problem"]


def test_a_list_tells_everybody_at_the_desk_what_about_and_not_who(desk: Desk) -> None:
    told = "我叫王小明，住建国路88号，打13800138000，付了两次"
    for card in ({}, {"problem": told}):
        one = wait(desk, told, card)
        with desk.database.read() as session:
            rows = queue.overview(session, desk.anna.id, desk.now)["waiting"]
            shown = next(row["problem"] for row in rows if row["id"] == one)
        assert not [part for part in ("王小明", "建国路", "138001") if part in shown]
        assert "付了两次" in shown or shown == "好的"


def test_a_life_in_danger_stands_before_all_who_are_urgent(desk: Desk) -> None:
    wait(desk, "被骗了", {}, "fraud", urgent=True)
    danger = wait(desk, "我不想活了", {}, "life", urgent=True)
    with desk.database.read() as session:
        rows = queue.overview(session, desk.anna.id, desk.now)["waiting"]
        assert queue.place_of(session, conversations.find(session, danger)) == 1
    assert [(row["id"] == danger, row["life"]) for row in rows] == [(True, True), (False, False)]
    with desk.database.write() as session:  # and again when it was given back, or comes back
        assignments.claim(session, danger, desk.anna, desk.now)
        assignments.give_back(session, danger, desk.anna, desk.now)
    with desk.database.write() as session:
        assert queue.place_of(session, conversations.find(session, danger)) == 1
        escalations.leave(session, danger, CUSTOMER, desk.now)
        escalations.rejoin(session, danger, CUSTOMER, desk.now)
    with desk.database.read() as session:
        assert queue.place_of(session, conversations.find(session, danger)) == 1


def test_what_is_not_listed_is_counted_and_read_on_request(desk: Desk) -> None:
    ids = [wait(desk, "退款", {"problem": f"第 {n} 个"}) for n in range(7)]
    with desk.database.read() as session:
        first = queue.overview(session, desk.anna.id, desk.now, limit=5)
        rest = queue.overview(session, desk.anna.id, desk.now, limit=5, skip=5)
        assert queue.places_of(session, ids) == {one: at for at, one in enumerate(ids, 1)}
    assert (len(first["waiting"]), first["total"]) == (5, 7)
    assert [row["place"] for row in rest["waiting"]] == [6, 7]
    assert [row["id"] for row in first["waiting"] + rest["waiting"]] == ids


def test_each_list_costs_as_many_statements_for_thirty_as_for_three(desk: Desk) -> None:
    def whose(session: Session) -> ColumnElement[bool]:
        return Conversation.subject.in_(subjects.known_as(session, "xiaolin"))

    def look() -> dict[str, int]:
        reads: dict[str, Callable[[Any], Any]] = {
            "queue": lambda s: queue.overview(s, desk.anna.id, desk.now),
            "board": lambda s: board.of_agent(s, desk.anna.id, desk.now),
            "tickets": lambda s: tickets.listed(s, HOURS, desk.now),
            "cases": lambda s: progress.cases(
                s, s.query(Conversation).filter(whose(s)).first(), HOURS, desk.now
            ),
        }
        found = {}
        for what, read in reads.items():
            with counted(desk) as seen, desk.database.read() as session:
                read(session)
            found[what] = len(seen)
        return found

    def grow(first: int, last: int) -> None:
        rules = callbacks.Rules(capacity=99)
        for n in range(first, last):
            one = wait(desk, "退款没到", {"problem": "退款没到账"} if n % 2 else {})
            mine = wait(desk, "付不了", {})
            left = desk.open().conversation.id
            with desk.database.write() as session:
                if n < 4:
                    assignments.claim(session, mine, desk.anna, desk.now)
                wish = tickets.Wish(text="退款", client_id=f"left-{n:05d}")
                tickets.leave_message(session, left, wish, CUSTOMER, HOURS, desk.now)
                callbacks.book(
                    session, one, f"138{n:08d}", start_of(desk), Always(), rules, VAULT, desk.now
                )
                for owned in (one, mine, left):
                    conversations.find(session, owned).subject = "xiaolin"

    grow(0, 3)
    few = look()
    grow(3, 30)
    many = look()
    assert many == few
    assert max(many.values()) <= 11
    with desk.database.read() as session:
        assert callback_list.count(session) == 30
