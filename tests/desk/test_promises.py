"""Times that were told are kept and judged: whoever was taken in time, too late, or left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.desk.conftest import Desk
from tests.desk.test_estimates import arrive, claim, told, wait
from web.desk import assignments, escalations, promises
from web.desk.events import CUSTOMER
from web.desk.promises import Promise, Record


@pytest.fixture
def running(desk: Desk) -> Desk:
    """A desk that took a customer every six minutes of the last half hour."""
    arrive(desk)
    for minutes in (5, 6, 7, 6):
        one = wait(desk)
        desk.later(minutes=minutes)
        claim(desk, one)
    return desk


def record(desk: Desk) -> Record:
    with desk.database.read() as session:
        return promises.record(session, desk.now - timedelta(hours=12), desk.now)


def outcomes(desk: Desk) -> list[str | None]:
    with desk.database.read() as session:
        return list(session.scalars(select(Promise.outcome).order_by(Promise.id)))


def test_the_first_span_that_is_named_is_the_promise(running: Desk) -> None:
    desk = running
    one = wait(desk)
    assert promises.note(desk.database, desk.now) == [one]
    with desk.database.read() as session:
        kept = session.scalars(select(Promise)).one()
    assert [kept.low, kept.high] == told(desk, one)["minutes"]
    assert kept.until == desk.now + timedelta(minutes=kept.high)
    desk.later(minutes=4)  # what is named later does not replace it
    assert promises.note(desk.database, desk.now) == []
    assert outcomes(desk) == [None]


def test_nothing_is_promised_where_nothing_is_named(desk: Desk) -> None:
    arrive(desk)
    wait(desk)
    assert promises.note(desk.database, desk.now) == []
    assert record(desk).share is None


def test_a_promise_is_judged_when_its_customer_is_taken_or_leaves(running: Desk) -> None:
    desk = running
    waits = {"kept": 5, "broken": 9, "left": 2, "left-late": 11}
    found = []
    for how, minutes in waits.items():
        one = wait(desk)
        promises.note(desk.database, desk.now)
        desk.later(minutes=minutes)
        if how.startswith("left"):
            with desk.database.write() as session:
                escalations.leave(session, one, CUSTOMER, desk.now)
        else:
            claim(desk, one)
        found.append(how)
    assert outcomes(desk) == ["kept", "broken", "left", "broken"]
    assert record(desk) == Record(kept=1, broken=2)
    late = wait(desk)
    promises.note(desk.database, desk.now)
    desk.later(minutes=30)
    assert record(desk) == Record(kept=1, broken=3)  # and nobody has taken them yet
    claim(desk, late)
    assert record(desk) == Record(kept=1, broken=3)


def test_a_promise_kept_while_its_customer_is_taken_is_judged_all_the_same(running: Desk) -> None:
    """The two meet at the conversation's row: no promise is left open behind a claim."""
    desk = running
    for _ in range(8):
        one = wait(desk)

        def take(one: str = one) -> None:
            with desk.database.write() as session:
                assignments.claim(session, one, desk.anna, desk.now)

        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(take), pool.submit(promises.note, desk.database, desk.now)]
            for job in jobs:
                job.result()
        with desk.database.write() as session:
            assignments.close(session, one, desk.anna, desk.now)
    assert None not in outcomes(desk)
