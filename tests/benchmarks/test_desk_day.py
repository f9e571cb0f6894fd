"""The simulated day is whole: nobody is lost, the seed decides, the rule leaves no seat idle."""

from __future__ import annotations

import pytest

from benchmarks.desk_day import Day
from benchmarks.desk_figures import report
from benchmarks.desk_people import plan

SEED = 7


def worked(way: str) -> Day:
    return Day(*plan(SEED, 240, 6), SEED, way).run()


@pytest.mark.parametrize("way", ["by hand", "offered"])
def test_everybody_of_the_day_is_served_or_has_left_and_the_seed_decides(way: str) -> None:
    day = worked(way)
    assert all((one.taken is None) != (one.left is None) for one in day.people)
    assert all(one.taken is None or one.taken >= one.came for one in day.people)
    assert all(one.chats == 0 and not one.rings for one in day.staff.values())
    assert sum(one.had for one in day.staff.values()) == sum(
        one.taken is not None for one in day.people
    )
    assert report(day) == report(worked(way))


def test_handed_out_no_seat_idles_beside_somebody_whom_the_rule_would_give_it() -> None:
    by_hand, offered = report(worked("by hand")), report(worked("offered"))
    assert offered["idle"] == 0 < by_hand["idle"]

    assert offered["urgent 80 %"] <= by_hand["urgent 80 %"]
