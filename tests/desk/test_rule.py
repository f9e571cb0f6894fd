"""Who is offered what next: last agent, skill, fairness, free seats, overflow, second rounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.desk.conftest import NOW
from web.desk.handout.rule import Case, Pick, Rule, Seat, choose

RULE = Rule(overflow=timedelta(seconds=90))
ANNA, ZHOU, MEI = 1, 2, 3
LONG_AGO = NOW - timedelta(hours=3)


def case(name: str = "a", topic: str | None = "refund", waited: float = 0, **more: object) -> Case:
    return Case(name, topic, NOW - timedelta(seconds=waited), **more)  # type: ignore[arg-type]


def seat(agent: int, *skills: str, free: int = 1, busy: float = 0, **more: object) -> Seat:
    newest = NOW - timedelta(seconds=busy) if busy else LONG_AGO
    return Seat(agent, free, frozenset(skills), newest, **more)  # type: ignore[arg-type]


def pick(one: Case, *seats: Seat) -> Pick | None:
    found = choose([one], seats, NOW, RULE)
    return found[0] if found else None


def test_whoever_had_the_customer_last_is_asked_before_all() -> None:
    zhou = seat(ZHOU, "login", busy=5)
    assert pick(case(last_agent=ZHOU), seat(ANNA, "refund"), zhou) == Pick("a", ZHOU)
    full = replace(zhou, free=0)
    assert pick(case(last_agent=ZHOU), seat(ANNA, "refund"), full) == Pick("a", ANNA)


def test_of_those_who_can_the_one_who_is_longest_without_a_new_one_is_next() -> None:
    seats = [seat(ANNA, busy=30), seat(ZHOU, "refund", busy=90), seat(MEI, "login", busy=900)]
    assert pick(case(), *seats) == Pick("a", ZHOU)
    assert pick(case(topic=None), *seats) == Pick("a", MEI)


def test_skill_counts_until_the_wait_is_long_or_nobody_who_can_is_there() -> None:
    busy, other = seat(ANNA, "refund", free=0), seat(ZHOU, "login")
    assert pick(case(waited=89), busy, other) is None
    assert pick(case(waited=90), busy, other) == Pick("a", ZHOU, overflow=True)
    assert pick(case(), other) == Pick("a", ZHOU, overflow=True)
    assert pick(case(life=True), busy, other) == Pick("a", ZHOU, overflow=True)


def test_an_urgent_case_rings_at_three_good_at_it_first_and_none_waits_for_anothers_third() -> None:
    here = [seat(ANNA, "login", busy=99), seat(ZHOU, "refund", busy=5), seat(MEI, busy=9)]
    urgent = case(urgent=True)
    assert [one.agent for one in choose([urgent], here, NOW, RULE)] == [MEI, ZHOU, ANNA]
    assert [one.overflow for one in choose([urgent], here, NOW, RULE)] == [False, False, True]
    more = replace(urgent, rings=frozenset({MEI}))
    left = [here[0], here[1], replace(here[2], rings=True)]
    assert [one.agent for one in choose([more], left, NOW, RULE)] == [ZHOU, ANNA]
    two = choose([urgent, case("b", urgent=True)], here, NOW, RULE)
    assert [(one.case, one.agent) for one in two] == [("a", MEI), ("b", ZHOU), ("a", ANNA)]
    # An ordinary case waits for whom it needs; an urgent one goes to whoever is free.
    busy = [here[0], replace(here[1], free=0)]
    assert pick(case(), *busy) is None
    assert pick(urgent, *busy) == Pick("a", ANNA, overflow=True)


def test_an_urgent_case_may_be_one_more_where_nobody_has_a_seat_but_not_two_more() -> None:
    full, over = seat(ANNA, free=0), seat(ZHOU, free=-1)
    assert pick(case(life=True), full, over) == Pick("a", ANNA)
    assert pick(case(urgent=True), full, over) == Pick("a", ANNA)
    assert pick(case(urgent=True), full, seat(MEI, busy=1)) == Pick("a", MEI)
    assert pick(case(urgent=True), over) is None
    assert pick(case(waited=500), full) is None


def test_who_let_it_pass_is_asked_again_only_after_all_others_were() -> None:
    asked = case(asked={ANNA: 1})
    assert pick(asked, seat(ANNA), seat(ZHOU, busy=1)) == Pick("a", ZHOU)
    # 老周 has no seat just now, and is there: the case waits for him before it goes back.
    assert pick(asked, seat(ANNA), seat(ZHOU, free=0)) is None
    assert pick(asked, seat(ANNA)) == Pick("a", ANNA)
    both = case(asked={ANNA: 2, ZHOU: 1})
    assert pick(both, seat(ANNA), seat(ZHOU, busy=1)) == Pick("a", ZHOU)


def test_an_agent_at_whom_it_rings_or_who_is_full_is_not_asked() -> None:
    assert pick(case(), seat(ANNA, free=3, rings=True), seat(ZHOU, free=0)) is None


SEATS = st.lists(
    st.builds(
        Seat,
        st.integers(1, 9),
        st.integers(-1, 3),
        st.frozensets(st.sampled_from(["refund", "login"])),
        st.integers(0, 99).map(lambda age: NOW - timedelta(seconds=age)),
        st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=6,
)
CASES = st.lists(
    st.builds(
        Case,
        st.uuids().map(str),
        st.sampled_from(["refund", "login", None]),
        st.integers(0, 200).map(lambda age: NOW - timedelta(seconds=age)),
        st.booleans(),
        st.none() | st.integers(1, 9),
        st.dictionaries(st.integers(1, 9), st.integers(1, 3), max_size=3),
        st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=8,
)


@given(CASES, SEATS)
def test_nobody_gets_two_nothing_is_offered_twice_and_no_seat_idles_for_the_overflown(
    cases: list[Case], seats: list[Seat]
) -> None:
    picks = choose(cases, seats, NOW, RULE)
    assert len({one.agent for one in picks}) == len(picks)
    known = {one.id: one for one in cases}
    for name in {one.case for one in picks}:
        hurried = known[name].urgent or known[name].life
        count = sum(one.case == name for one in picks)
        assert count <= (RULE.at_once if hurried else 1)
    ready = {one.id for one in seats if one.free > 0 and not one.rings}
    full = {one.id for one in seats if one.free == 0 and not one.rings}
    for one in picks:
        hurried = known[one.case].urgent or known[one.case].life
        assert one.agent in (ready | full if hurried else ready)
    taken = {one.case for one in picks}
    idle = ready - {one.agent for one in picks}
    for one in cases:
        if one.id not in taken and NOW - one.since >= RULE.overflow:
            # Whoever idles beside a long wait has let this case pass, and not everybody has yet.
            assert all(agent in one.asked for agent in idle)
            assert not idle or any(other.id not in one.asked for other in seats)
