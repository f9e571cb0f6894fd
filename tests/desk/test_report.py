"""Days in review, counted by the database: each fact once, in its day, with an index."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import event, text

from tests.desk.conftest import Desk
from web.desk import assignments, conversations, escalations, ratings
from web.desk.database import Database
from web.desk.events import BOT, CUSTOMER
from web.desk.measures import report, spans
from web.desk.measures.goals import Goals
from web.desk.models import Agent

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 21)  # the desk's clock begins at 21:00 of it


def wait(desk: Desk, topic: str = "refund") -> str:
    one = desk.open().conversation.id
    with desk.database.write() as session:
        conversations.post(session, one, f"asks-{one}"[:20], "退款没到", desk.now)
        escalations.escalate(
            session, one, BOT, desk.now, topic=topic, reason="asked", urgent=False, card={}
        )
    return one


def take(desk: Desk, one: str, agent: Agent) -> None:
    with desk.database.write() as session:
        assignments.claim(session, one, agent, desk.now)


def say(desk: Desk, one: str, agent: Agent) -> None:
    with desk.database.write() as session:
        client = f"{agent.name}-{one}"[:20]
        conversations.post_as_agent(session, one, agent, client, "您好", desk.now)


def close(desk: Desk, one: str, agent: Agent) -> None:
    with desk.database.write() as session:
        assignments.close(session, one, agent, desk.now)


def made(desk: Desk, first: date = DAY, last: date = DAY, *, words: bool = False) -> report.Report:
    with desk.database.read() as session:
        return report.make(session, first, last, ZONE, Goals(answer_seconds=60), words=words)


def test_a_case_that_changes_hands_is_answered_once_and_handled_twice(desk: Desk) -> None:
    one = wait(desk)
    desk.later(seconds=10)
    take(desk, one, desk.anna)  # and says nothing
    desk.later(seconds=10)
    with desk.database.write() as session:
        assignments.give_back(session, one, desk.anna, desk.now)
    desk.later(seconds=10)
    take(desk, one, desk.zhou)
    desk.later(seconds=10)
    say(desk, one, desk.zhou)
    desk.later(seconds=100)
    close(desk, one, desk.zhou)
    with desk.database.write() as session:
        ratings.rate(session, one, 4, "谢谢", desk.now)
    found = made(desk)
    total = found.total
    assert (total.written, total.cases, total.solved) == (1, 1, 0)
    assert (total.answers.count, total.answers.none, round(total.answers.median or 0)) == (1, 0, 40)
    assert (total.handled.count, total.transfers) == (2, 1)
    anna, zhou = sorted(found.views["agent"], key=lambda line: line.transfers, reverse=True)
    assert (anna.key, anna.answers.count, round(anna.handled.median or 0)) == ("安娜", 0, 10)
    assert (zhou.key, zhou.answers.count, round(zhou.handled.median or 0)) == ("老周", 1, 110)
    assert (zhou.ratings, zhou.score, anna.ratings) == (1, 4.0, 0)
    assert [(line.key, line.cases) for line in found.views["topic"]] == [("refund", 1)]
    assert [(line.key, line.written) for line in found.views["channel"]] == [("app", 1)]
    assert found.words == []
    told = made(desk, words=True).words
    assert [(one.score, one.words, one.agent, one.topic) for one in told] == [
        (4, "谢谢", "老周", "refund")
    ]


def test_a_case_taken_up_again_is_a_reopening_of_who_had_it(desk: Desk) -> None:
    one = wait(desk)
    take(desk, one, desk.anna)
    close(desk, one, desk.anna)
    desk.later(minutes=5)
    with desk.database.write() as session:
        escalations.reopen(session, one, CUSTOMER, desk.now)
    found = made(desk)
    assert found.total.reopened == 1
    assert [(line.key, line.reopened) for line in found.views["agent"]] == [("安娜", 1)]
    assert found.total.cases == 1


def test_solved_without_a_person_is_what_no_person_saw(desk: Desk) -> None:
    alone = desk.open().conversation.id
    helped = wait(desk)
    take(desk, helped, desk.anna)
    close(desk, helped, desk.anna)
    for one in (alone, helped):
        desk.later(seconds=5)
        with desk.database.write() as session:
            escalations.resolve(session, one, CUSTOMER, desk.now, "refund", None)
    assert made(desk).total.solved == 1
    desk.later(minutes=5)
    with desk.database.write() as session:  # another problem of the same customer, by the bot alone
        escalations.resolve(session, helped, CUSTOMER, desk.now, "login", None)
    found = made(desk)
    assert found.total.solved == 2
    assert {line.key: line.solved for line in found.views["topic"]} == {"refund": 1, "login": 1}


def test_days_are_those_of_the_desk_and_an_empty_one_has_its_line(desk: Desk) -> None:
    wait(desk)
    desk.later(hours=27)  # past two midnights in Shanghai, past one in UTC
    wait(desk)
    found = made(desk, DAY - timedelta(days=1), DAY + timedelta(days=2))
    assert [(line.key, line.cases) for line in found.views["day"]] == [
        ("2026-11-20", 0),
        ("2026-11-21", 1),
        ("2026-11-22", 0),
        ("2026-11-23", 1),
    ]


def test_a_day_is_as_long_as_the_clocks_say() -> None:
    (span,) = spans.days(date(2026, 10, 25), date(2026, 10, 25), ZoneInfo("Europe/Berlin"))
    assert span.until - span.since == timedelta(hours=25)
    assert span.since == datetime(2026, 10, 24, 22, tzinfo=UTC)


def test_the_spread_is_that_of_the_values_in_their_order(desk: Desk) -> None:
    waits = [7, 90, 15, 33, 61, 12, 240, 41, 19, 28, 55]
    for seconds in waits:
        one = wait(desk)
        desk.later(seconds=seconds)
        take(desk, one, desk.anna)
        say(desk, one, desk.anna)
        close(desk, one, desk.anna)
    answers = made(desk).total.answers
    for percent, found in ((50, answers.median), (80, answers.p80), (95, answers.p95)):
        place = -(-len(waits) * percent // 100)  # nearest rank
        assert round(found or 0) == sorted(waits)[place - 1]
    assert answers.within == sum(seconds <= 60 for seconds in waits)


def test_no_statement_of_a_report_walks_through_all_events(desk: Desk) -> None:
    """Each reads the part of an index that its days name, or one conversation's events."""
    one = wait(desk)
    take(desk, one, desk.anna)
    asked = statements_of(desk.database, lambda: made(desk, words=True))
    about_events = [said for said in asked if "events" in said[0]]
    assert len(about_events) > 10
    for statement, values in about_events:
        plan = explain(desk.database, statement, values)
        assert "events" in plan
        for whole in ("SCAN events", "SCAN e ", "Seq Scan on events"):
            assert whole not in plan, f"{statement}\n{plan}"


def statements_of(database: Database, work) -> list[tuple[str, object]]:
    asked: list[tuple[str, object]] = []

    def note(connection, cursor, statement, values, context, many) -> None:
        asked.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return asked


def explain(database: Database, statement: str, values: object) -> str:
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # A table of a few rows is read whole by choice; here it is asked whether it has to be.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            head = "EXPLAIN "
        else:
            head = "EXPLAIN QUERY PLAN "
        return "\n".join(
            str(row[-1]) for row in connection.exec_driver_sql(head + statement, values)
        )
