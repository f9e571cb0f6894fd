"""Who is offered which case next. Pure: it looks at cases and agents as told, and at the time told.

In the queue's order, each case goes to whoever had its customer last, or else to the agent who has
been longest without a new one, among those who are good at its topic. After a while, or where
nobody who is there is good at it, anybody will do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rule:
    """How long an offer rings, after how long a case goes to anybody, misses that make one away.

    at_once: at how many agents an urgent case rings together, so that one who is not there costs no
    time.
    """

    rings: timedelta = timedelta(seconds=20)
    overflow: timedelta = timedelta(seconds=90)
    misses: int = 2
    at_once: int = 3


@dataclass(frozen=True, slots=True)
class Case:
    """A case that waits. life: somebody's life is in danger. rings: at whom it rings already.

    last_agent: who had this customer last. asked: agents who were offered it in this wait and did
    not take it, with how often.
    """

    id: str
    topic: str | None
    since: datetime
    life: bool = False
    last_agent: int | None = None
    asked: Mapping[int, int] = field(default_factory=dict)
    urgent: bool = False
    rings: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Seat:
    """An agent who is there. free: how many more chats they take, negative beyond what they take.

    rings: an offer does already.

    skills: the topics that they are good at; none declared: all. newest: when they last got a case.
    """

    id: int
    free: int
    skills: frozenset[str] = frozenset()
    newest: datetime = NEVER
    rings: bool = False

    def can(self, topic: str | None) -> bool:
        """Tell whether they are good at a topic."""
        return not self.skills or topic is None or topic in self.skills


@dataclass(frozen=True, slots=True)
class Pick:
    """A case for an agent. overflow: not because they are good at it, but since it waited."""

    case: str
    agent: int
    overflow: bool = False


def choose(cases: Sequence[Case], seats: Collection[Seat], now: datetime, rule: Rule) -> list[Pick]:
    """Pick agents for as many cases as can be offered now; nobody gets two at once.

    cases: in the queue's order. seats: of all who are there, those without a free one included.
    Each urgent case gets its first agent before any gets its second, and all before the others;
    where nobody has a free seat for it, it may have one more of somebody who is full.
    """
    open_seats = {seat.id: seat for seat in seats if seat.free > 0 and not seat.rings}
    full = {seat.id: seat for seat in seats if seat.free == 0 and not seat.rings}
    ringing = {case.id: set(case.rings) for case in cases}
    hurried = [case for case in cases if case.urgent or case.life]
    others = [case for case in cases if not (case.urgent or case.life) and not case.rings]
    rounds = [(count, hurried) for count in range(rule.at_once)] + [(0, others)]
    picks: list[Pick] = []
    for count, among in rounds:
        for case in among:
            if not open_seats and (among is others or not full):
                break
            if len(ringing[case.id]) > count:
                continue
            pick = _pick(case, open_seats, seats, now, rule)
            if pick is None and among is hurried:
                pick = _pick(case, full, seats, now, rule)
            if pick is not None:
                picks.append(pick)
                ringing[case.id].add(pick.agent)
                open_seats.pop(pick.agent, None)
                full.pop(pick.agent, None)
    return picks


def _pick(
    case: Case, free: Mapping[int, Seat], there: Collection[Seat], now: datetime, rule: Rule
) -> Pick | None:
    last = case.last_agent
    if last is not None and last in free and last not in case.asked:
        return Pick(case.id, last)
    good = [seat for seat in there if seat.can(case.topic)]
    late = now - case.since >= rule.overflow
    overflow = case.life or case.urgent or not good or late
    able = list(there) if overflow else good
    fresh = [seat for seat in able if seat.id not in case.asked]
    # Who let it pass is asked again once everybody was: somebody has to take it.
    among = [seat for seat in fresh or able if seat.id in free]
    if not among:
        return None
    # An urgent case goes to anybody who is free, but first to those who are good at it.
    worse = case.urgent and not case.life
    order = [
        (case.asked.get(seat.id, 0), worse and not seat.can(case.topic), seat.newest, seat.id)
        for seat in among
    ]
    chosen = among[order.index(min(order))]
    return Pick(case.id, chosen.id, overflow=not chosen.can(case.topic))
