"""How a lead changes the rota: an agent's week from a day on, a day that differs, two who swap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from web.desk.attendance import ROLES
from web.desk.errors import BadRota, NotFound, WrongState
from web.desk.hours import DAY, DAYS, Hours, Span, Week
from web.desk.models import Agent
from web.desk.rota import plan
from web.desk.rota.tables import OFF, OTHER, SWAPPED, RotaDay, RotaWeek


def set_week(session: Session, agent_id: int, edition: int, since: date, week: Week) -> None:
    """Let an agent work so each week from a day on, whatever was planned for later.

    edition: the agent's rota as its editor read it. Raises WrongState, NotFound, BadRota.
    """
    _check([*(week[at % len(DAYS)] for at in range(len(DAYS) + 1))])
    _turn(session, agent_id, edition)
    later = (RotaWeek.agent_id == agent_id, RotaWeek.since >= since)
    session.execute(delete(RotaWeek).where(*later))
    session.add(
        RotaWeek(
            agent_id=agent_id, since=since, week=[[list(span) for span in day] for day in week]
        )
    )
    session.flush()


def set_day(
    session: Session,
    agent_id: int,
    edition: int,
    day: date,
    spans: Sequence[Span],
    hours: Hours,
) -> None:
    """Let an agent work otherwise on one day, or not at all: in place of what was said of it.

    Raises WrongState, NotFound, BadRota.
    """
    _turn(session, agent_id, edition)
    known = session.get(RotaDay, (agent_id, day))
    if known is not None and known.kind == SWAPPED:
        raise BadRota("taken")
    if known is not None:
        session.delete(known)
        session.flush()
    session.add(
        RotaDay(
            agent_id=agent_id,
            day=day,
            kind=OTHER if spans else OFF,
            spans=[list(span) for span in spans],
        )
    )
    session.flush()
    _check_around(session, agent_id, day, hours)


def swap(
    session: Session, agent_id: int, edition: int, day: date, other_id: int, hours: Hours
) -> None:
    """Let two agents work on one day what the other one would.

    Either may be off that day: then one takes the other's shift. Raises WrongState, NotFound,
    BadRota.
    """
    if agent_id == other_id:
        raise BadRota("same")
    both = (agent_id, other_id)
    for one in sorted(both):  # always in this order, so that two swaps never wait for each other
        _turn(session, one, edition if one == agent_id else None)
    if any(session.get(RotaDay, (one, day)) for one in both):
        raise BadRota("taken")
    planned = plan.read(session, day, day, hours)
    spans = {one: planned.on(one, day).spans for one in both}
    if spans[agent_id] == spans[other_id]:
        raise BadRota("nothing")
    for one, other in (both, both[::-1]):
        taken = [list(span) for span in spans[other]]
        session.add(RotaDay(agent_id=one, day=day, kind=SWAPPED, spans=taken, with_id=other))
    session.flush()
    for one in both:
        _check_around(session, one, day, hours)


def undo(session: Session, agent_id: int, edition: int, day: date) -> None:
    """Let a day be as the week says again; a swap ends for both. Raises WrongState, NotFound."""
    known = session.get(RotaDay, (agent_id, day))
    if known is None:
        raise NotFound(f"nothing differs on {day}")
    owners = sorted({agent_id, *([known.with_id] if known.with_id else [])})
    for one in owners:
        _turn(session, one, edition if one == agent_id else None)
    session.execute(delete(RotaDay).where(RotaDay.agent_id.in_(owners), RotaDay.day == day))


def _turn(session: Session, agent_id: int, edition: int | None) -> None:
    """Take an agent's rota in hand, if nobody has changed it since it was read."""
    agent = session.get(Agent, agent_id)
    if agent is None or not agent.active or agent.role not in ROLES:
        raise NotFound(f"agent {agent_id}")
    mine = update(Agent).where(Agent.id == agent_id)
    if edition is not None:
        mine = mine.where(Agent.rota == edition)
    made = mine.values(rota=Agent.rota + 1).returning(Agent.id)
    if session.scalar(made) is None:
        raise WrongState(f"the rota of agent {agent_id} was changed meanwhile")


def _check_around(session: Session, agent_id: int, day: date, hours: Hours) -> None:
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    planned = plan.read(session, before, after, hours)
    _check([planned.on(agent_id, one).spans for one in (before, day, after)])


def _check(days: Sequence[Sequence[Span]]) -> None:
    """Refuse spans of days in a row that overlap each other."""
    spans = sorted(
        (start + DAY * at, end + DAY * at) for at, spans in enumerate(days) for start, end in spans
    )
    if any(end > begin for (_, end), (begin, _) in pairwise(spans)):
        raise BadRota("overlap")
