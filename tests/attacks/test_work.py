"""Attacks by many at once from one address: what goes beyond what people ask for is worked for."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import timedelta
from itertools import count
from typing import Any

from tests.attacks.conftest import known, visitor
from tests.attacks.test_starvation import OTHER, THIEF, join, place
from tests.web.conftest import Customer
from web.desk import puzzles
from web.desk.bookings import Callback
from web.desk.puzzles import Purpose
from web.services import utc_now


def solve(task: str, bits: int) -> str:
    """Work as a browser does."""
    for number in count():
        work = f"{task}:{number}"
        if int.from_bytes(hashlib.sha256(work.encode()).digest()) >> (256 - bits) == 0:
            return work
    raise AssertionError


def ask(customer: Customer, path: str, **body: Any) -> Any:
    return customer.client.post(f"{customer.base}{path}", json=body, headers=customer.headers)


def test_a_flood_of_places_waits_behind_everybody_else_and_nobody_is_refused(build: Any) -> None:
    app = build(work_bits=8)
    thieves = [visitor(app, THIEF) for _ in range(20)]
    assert {join(thief).status_code for thief in thieves} == {200}
    xiaolin = visitor(app, OTHER)
    assert join(xiaolin).status_code == 200
    assert place(xiaolin) == 7, "six of one address are believed, the rest waits behind"
    assert [thief.read()["state"]["queue"]["doubtful"] for thief in thieves] == (
        [False] * 6 + [True] * 14
    )
    signed = known(app)
    join(signed)
    assert place(signed) == 8


def test_a_place_that_was_worked_for_is_where_its_waiting_time_puts_it(build: Any) -> None:
    app = build(work_bits=8)
    for _ in range(6):
        join(visitor(app, THIEF))
    ajie, xiaolin = visitor(app, THIEF), visitor(app, OTHER)
    join(ajie)
    join(xiaolin)
    assert (place(ajie), place(xiaolin)) == (8, 7)
    puzzle = ask(ajie, "/queue/work").get_json()["puzzle"]
    assert puzzle["bits"] == 8
    wrong = ask(ajie, "/queue/work", work=f"{puzzle['task']}:x")
    assert wrong.status_code == 422
    work = solve(puzzle["task"], 8)
    stranger = visitor(app, THIEF)
    join(stranger)
    assert ask(stranger, "/queue/work", work=work).get_json()["puzzle"], "it is another's"
    assert ask(ajie, "/queue/work", work=work).get_json() == {"puzzle": None}
    assert (place(ajie), place(xiaolin)) == (7, 8)
    assert place(stranger) == 9


def test_words_for_a_person_buy_no_place_before_others_either(build: Any, bot: Any) -> None:
    app = build(work_bits=8)
    escalate = {"command": "escalate", "topic": None, "reason": "asked", "urgent": False}
    before = bot.replies
    bot.replies = lambda body: [] if body["message"] == "/start" else [{"custom": escalate}]
    try:
        states = [visitor(app, THIEF).say("转人工")["state"]["queue"] for _ in range(9)]
    finally:
        bot.replies = before
    assert [state["doubtful"] for state in states] == [False] * 6 + [True] * 3


def test_bookings_of_one_address_are_worked_for_and_then_end(build: Any) -> None:
    app = build(callback_capacity=1, work_bits=8)
    first = visitor(app, OTHER)
    offered = first.client.get(f"{first.base}/callback/slots", headers=first.headers).get_json()
    starts = [slot["start"] for slot in offered["slots"]][:15]
    *starts, spare = starts
    assert len(starts) == 14
    got: Counter[int] = Counter()
    for at, start in enumerate(starts):
        thief = visitor(app, THIEF)
        wish = {"number": f"138{at:08}", "start": start}
        told = ask(thief, "/callback", **wish)
        got[told.status_code] += 1
        if told.status_code == 428:
            puzzle = told.get_json()["puzzle"]
            assert told.get_json()["code"] == "work-needed"
            work = solve(puzzle["task"], puzzle["bits"])
            got[ask(thief, "/callback", **wish, work=work).status_code] += 1
            other, elsewhere = visitor(app, THIEF), {"number": "13911112222", "start": spare}
            assert ask(other, "/callback", **elsewhere, work=work).status_code == 428
    assert got == {201: 10, 428: 11, 429: 4}
    with app.extensions["database"].read() as session:
        assert session.query(Callback).count() == 10


def test_a_solution_counts_once_at_its_time_for_its_purpose_and_address(app: Any) -> None:
    vault, now = app.extensions["services"].contacts.vault, utc_now()
    mine = Purpose("callback", "conversation-of-ajie", THIEF)
    puzzle = puzzles.draw(vault, mine, 8, now)
    work = solve(puzzle.task, 8)
    assert puzzles.solved(vault, mine, work, now) == puzzle.task
    for other in (
        Purpose("queue", "conversation-of-ajie", THIEF),
        Purpose("callback", "conversation-of-xiaolin", THIEF),
        Purpose("callback", "conversation-of-ajie", OTHER),
    ):
        assert puzzles.solved(vault, other, work, now) is None
    late = now + puzzles.LIFE + timedelta(seconds=1)
    assert puzzles.solved(vault, mine, work, late) is None
    easier = puzzle.task.replace("8.", "1.", 1)
    assert puzzles.solved(vault, mine, solve(easier, 1), now) is None, "who made it says how hard"
    worked = app.extensions["services"].worked
    assert [worked.allows(puzzle.task) for _ in range(2)] == [True, False]
