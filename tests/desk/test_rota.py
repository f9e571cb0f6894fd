"""The rota: weeks, days that differ, nights over midnight, who swaps, who is late or never came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.desk.conftest import Desk
from tests.desk.test_floor import ALWAYS, GOALS, NEVER, beat, look, sit_down, wait
from web.desk import channels
from web.desk.errors import BadRota, NotFound, WrongState
from web.desk.hours import Week
from web.desk.measures import floor, report
from web.desk.models import Agent
from web.desk.rota import arrivals, edits, plan, worked

SILENCE = timedelta(seconds=25)
FREE: Week = ((),) * 7
EARLY: Week = (((540, 1080),),) * 5 + ((), ())  # 09:00–18:00
NIGHT: Week = (((1260, 1560),),) * 7  # 21:00–02:00
MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)


def edition(desk: Desk, agent: Agent) -> int:
    with desk.database.read() as session:
        return session.get_one(Agent, agent.id).rota


def work(desk: Desk, agent: Agent, week: Week, since: date = MONDAY) -> None:
    known = edition(desk, agent)
    with desk.database.write() as session:
        edits.set_week(session, agent.id, known, since, week)


def differ(desk: Desk, agent: Agent, day: date, *spans: tuple[int, int]) -> None:
    known = edition(desk, agent)
    with desk.database.write() as session:
        edits.set_day(session, agent.id, known, day, spans, ALWAYS)


def swap(desk: Desk, day: date) -> None:
    known = edition(desk, desk.anna)
    with desk.database.write() as session:
        edits.swap(session, desk.anna.id, known, day, desk.zhou.id, ALWAYS)


def shifts(desk: Desk, first: date, last: date | None = None, hours: Any = ALWAYS) -> list[Any]:
    """List (name, from, until) at the desk's clock."""
    names = {desk.anna.id: "安娜", desk.zhou.id: "老周"}
    with desk.database.read() as session:
        found = plan.read(session, first, last or first, hours).shifts()

    def clock(moment: datetime) -> str:
        return f"{moment.astimezone(hours.zone):%d %H:%M}"

    return [(names[one.agent_id], clock(one.since), clock(one.until)) for one in found]


def at(day: date, minutes: int) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ALWAYS.zone)
    return (midnight + timedelta(minutes=minutes)).astimezone(UTC)


def duty(desk: Desk, agent: Agent) -> Any:
    with desk.database.read() as session:
        return arrivals.duties(session, desk.now, ALWAYS, SILENCE).get(agent.id)


def note(desk: Desk) -> None:
    arrivals.note(desk.database, ALWAYS, SILENCE, desk.now)


def test_a_week_holds_from_its_day_on_and_a_later_one_follows_it(desk: Desk) -> None:
    work(desk, desk.anna, EARLY)
    work(desk, desk.anna, NIGHT, MONDAY + timedelta(days=7))
    assert shifts(desk, MONDAY) == [("安娜", "23 09:00", "23 18:00")]
    assert shifts(desk, MONDAY - timedelta(days=7)) == []
    assert shifts(desk, MONDAY + timedelta(days=5)) == []  # a Saturday
    assert shifts(desk, MONDAY + timedelta(days=7)) == [("安娜", "30 21:00", "01 02:00")]
    work(desk, desk.anna, FREE, TUESDAY)
    assert shifts(desk, MONDAY, MONDAY + timedelta(days=20)) == [("安娜", "23 09:00", "23 18:00")]


def test_a_holiday_is_off_a_day_worked_instead_is_not_and_what_is_said_of_a_day_wins(
    desk: Desk,
) -> None:
    saturday = MONDAY + timedelta(days=5)
    hours = replace(ALWAYS, holidays=frozenset({MONDAY}), workdays={saturday: 0})
    work(desk, desk.anna, EARLY)
    assert shifts(desk, MONDAY, hours=hours) == []
    assert shifts(desk, saturday, hours=hours) == [("安娜", "28 09:00", "28 18:00")]
    differ(desk, desk.anna, MONDAY, (600, 720))
    assert shifts(desk, MONDAY, hours=hours) == [("安娜", "23 10:00", "23 12:00")]


def test_two_agents_swap_a_day_and_undoing_gives_both_theirs_back(desk: Desk) -> None:
    work(desk, desk.anna, EARLY)
    work(desk, desk.zhou, NIGHT)
    swap(desk, TUESDAY)
    assert shifts(desk, TUESDAY) == [
        ("老周", "24 09:00", "24 18:00"),
        ("安娜", "24 21:00", "25 02:00"),
    ]
    with pytest.raises(BadRota, match="taken"):
        swap(desk, TUESDAY)
    with pytest.raises(BadRota, match="taken"):
        differ(desk, desk.zhou, TUESDAY)
    known = edition(desk, desk.zhou)
    with desk.database.write() as session:
        edits.undo(session, desk.zhou.id, known, TUESDAY)
    assert shifts(desk, TUESDAY) == [
        ("安娜", "24 09:00", "24 18:00"),
        ("老周", "24 21:00", "25 02:00"),
    ]


def test_shifts_that_overlap_are_refused_over_midnight_and_over_sunday_too(desk: Desk) -> None:
    night_and_early = (((60, 480), (1260, 1560)),) * 7  # until 02:00, and again from 01:00
    for week in ((((540, 720), (700, 800)), *FREE[1:]), night_and_early):
        with pytest.raises(BadRota, match="overlap"):
            work(desk, desk.anna, week)
    sunday_night = (*FREE[1:], ((1380, 1560),))  # until Monday 02:00
    with pytest.raises(BadRota, match="overlap"):
        work(desk, desk.anna, (((60, 480),), *sunday_night[1:]))
    work(desk, desk.anna, NIGHT)
    with pytest.raises(BadRota, match="overlap"):
        differ(desk, desk.anna, TUESDAY, (60, 300))  # Monday's night lasts until 02:00
    assert shifts(desk, TUESDAY) == [("安娜", "24 21:00", "25 02:00")]


def test_nobody_changes_a_rota_that_they_did_not_see_and_who_is_gone_has_none(desk: Desk) -> None:
    known = edition(desk, desk.anna)
    work(desk, desk.anna, EARLY)
    with pytest.raises(WrongState), desk.database.write() as session:
        edits.set_week(session, desk.anna.id, known, MONDAY, FREE)
    assert shifts(desk, MONDAY) == [("安娜", "23 09:00", "23 18:00")]
    with desk.database.write() as session:
        session.get_one(Agent, desk.anna.id).active = False
    assert shifts(desk, MONDAY) == []
    with pytest.raises(NotFound):
        differ(desk, desk.anna, MONDAY)


def test_the_board_tells_who_is_due_late_absent_there_and_gone(desk: Desk) -> None:
    work(desk, desk.anna, EARLY)
    desk.now = at(MONDAY, 500)
    assert (duty(desk, desk.anna).kind, duty(desk, desk.zhou)) == ("next", None)
    seen = []
    for minutes in (541, 546, 571):
        desk.now = at(MONDAY, minutes)
        seen.append((duty(desk, desk.anna).kind, [one.kind for one in look(desk, NEVER).alarms]))
    assert seen == [("due", []), ("late", ["shift"]), ("absent", ["shift"])]
    sit_down(desk)
    note(desk)
    assert duty(desk, desk.anna).kind == "here"
    assert look(desk, NEVER).alarms == ()
    desk.later(minutes=3)
    assert duty(desk, desk.anna).kind == "here"  # gone for a moment only
    desk.later(minutes=3)
    assert (duty(desk, desk.anna).kind, duty(desk, desk.anna).missed) == ("left", True)
    assert look(desk, NEVER).alarms == (floor.Alarm("shift", 1),)
    desk.now = at(MONDAY, 1081)
    assert duty(desk, desk.anna).kind == "next"


def test_a_night_over_midnight_is_one_shift_before_and_after_it(desk: Desk) -> None:
    work(desk, desk.anna, NIGHT)
    sit_down(desk)
    for minutes in (1261, 1450, 1559):
        desk.now = at(MONDAY, minutes)
        beat(desk, "anna")
        note(desk)
        assert (duty(desk, desk.anna).kind, duty(desk, desk.anna).shift.since) == (
            "here", at(MONDAY, 1260),
        )  # fmt: skip
    desk.now = at(MONDAY, 1600)
    with desk.database.read() as session:
        (anna,) = worked.of_agents(session, MONDAY, MONDAY, ALWAYS, desk.now)
    assert (anna.shifts, anna.punctual, anna.planned) == (1, 1, 5 * 3600)
    assert anna.there == (1559 - 1261) * 60


def test_shifts_in_review_count_who_was_late_or_never_came_and_only_what_is_over(
    desk: Desk,
) -> None:
    work(desk, desk.anna, EARLY)
    sit_down(desk)
    for day, minutes in ((MONDAY, 541), (TUESDAY, 555)):
        desk.now = at(day, minutes)
        beat(desk, "anna")
        note(desk)
    desk.now = at(MONDAY + timedelta(days=3), 600)  # Thursday's shift is on
    with desk.database.read() as session:
        (anna,) = worked.of_agents(session, MONDAY, MONDAY + timedelta(days=4), ALWAYS, desk.now)
    assert (anna.agent, anna.shifts, anna.punctual, anna.late, anna.absent) == ("安娜", 3, 1, 1, 1)


def test_the_report_by_shift_counts_what_came_while_it_was_on(desk: Desk) -> None:
    work(desk, desk.anna, EARLY)
    work(desk, desk.zhou, NIGHT)
    for minutes in (600, 700, 1300, 1500):
        desk.now = at(MONDAY, minutes)
        wait(desk, "refund")
    desk.now = at(TUESDAY, 600)
    with desk.database.read() as session:
        spans = worked.spans(session, MONDAY, TUESDAY, ALWAYS, desk.now)
        found = report.make(session, MONDAY, TUESDAY, ALWAYS.zone, GOALS, shifts=spans)
    assert [(line.key, line.cases) for line in found.views["shift"]] == [
        ("09:00–18:00", 2),
        ("21:00–02:00", 2),
    ]


def test_customers_who_meet_nobody_are_told_when_the_next_shift_begins(desk: Desk) -> None:
    def told() -> Any:
        with desk.database.read() as session:
            ways = channels.compare(session, None, ALWAYS, 3, {}, desk.now, fast_lane=())
        return ways["channels"]["chat"]["next_shift"]

    desk.now = at(MONDAY, 1200)
    assert told() is None
    work(desk, desk.anna, EARLY)
    assert told() == "2026-11-24T01:00:00.000Z"
    sit_down(desk)
    assert told() is None
