"""Days in review: what came, how soon it was answered, how it went; by day, agent, topic …"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from web.desk import rows
from web.desk.masking import whose
from web.desk.measures import facts, spans
from web.desk.measures.counting import By, Key, Spread, count, mean, spread
from web.desk.measures.facts import last_handler
from web.desk.measures.goals import Goals
from web.desk.models import Conversation, Escalation, Event

VIEWS: Mapping[str, By] = {
    "day": "span", "agent": "agent_id", "topic": "topic", "channel": "channel",
}  # fmt: skip
MOST_WORDS = 2000  # ratings that are listed


@dataclass(frozen=True, slots=True)
class Line:
    """One day, agent, topic or channel. key: its name; None where it is not known.

    written: conversations in which a customer wrote; cases: those of them that came to people;
    solved: problems solved without a person. Which of these a view cannot tell are None.
    handled: cases in an agent's hands, with how long; score: mean of the ratings.
    reviewed: reviews that were judged; points: mean per cent of theirs.
    """

    key: str | None
    written: int | None
    cases: int | None
    solved: int | None
    answers: Spread
    handled: Spread
    transfers: int
    reopened: int
    ratings: int
    score: float | None
    reviewed: int
    points: float | None


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating with its words, for those whose reading is recorded."""

    at: datetime
    score: int
    words: str
    agent: str | None
    topic: str | None
    channel: str
    number: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """The days from first to last, both included.

    views: day, agent, shift, topic, channel → lines; shift: what came while one was on, whoever
    took it.
    """

    first: date
    last: date
    total: Line
    views: dict[str, list[Line]]
    goals: Goals
    words: list[Rating] = field(default_factory=list)


def make(
    session: Session,
    first: date,
    last: date,
    zone: ZoneInfo,
    goals: Goals,
    *,
    shifts: Sequence[spans.Span] = (),
    words: bool = False,
) -> Report:
    """Count those days; shifts: of the rota, by the name under which they are counted together.

    words: with what the customers wrote to their ratings.
    """
    whole = [spans.whole(first, last, zone)]
    each = spans.days(first, last, zone)
    views = {
        name: _view(session, each if name == "day" else whole, by, goals)
        for name, by in VIEWS.items()
    }
    days = {line.key: line for line in views["day"]}
    views["day"] = [days.get(one.name, _line(one.name)) for one in each]
    views["shift"] = _view(session, [*shifts], "span", goals) if shifts else []
    views["shift"].sort(key=lambda line: str(line.key))
    names = rows.names(session, {_number(line.key) for line in views["agent"]})
    views["agent"] = [_named(line, names) for line in views["agent"]]
    for name in ("agent", "topic", "channel"):
        views[name].sort(
            key=lambda line: (-(line.handled.count + (line.cases or 0)), str(line.key))
        )
    total = _view(session, whole, "span", goals)
    return Report(
        first=first,
        last=last,
        total=total[0] if total else _line(""),
        views=views,
        goals=goals,
        words=ratings(session, whole[0]) if words else [],
    )


def ratings(session: Session, span: spans.Span) -> list[Rating]:
    """List the ratings of a span with their words, the newest first."""
    table = spans.table([span])
    query = (
        select(Event, Conversation.channel, Escalation.topic, last_handler())
        .select_from(table)
        .join(
            Event,
            and_(Event.type == "rated", *spans.within(table, Event.at)),
        )
        .join(Conversation, Conversation.id == Event.conversation_id)
        .outerjoin(Escalation, Escalation.number == Event.data["number"].as_string())
        .order_by(Event.at.desc())
        .limit(MOST_WORDS)
    )
    found = session.execute(query).all()
    names = rows.names(session, {agent for *_, agent in found})
    return [
        Rating(
            at=event.at,
            score=int(event.data["score"]),
            words=whose(str(event.data.get("comment") or "")),
            agent=names.get(agent),
            topic=topic,
            channel=channel,
            number=event.data.get("number"),
        )
        for event, channel, topic, agent in found
    ]


def _view(session: Session, table: list[spans.Span], by: By, goals: Goals) -> list[Line]:
    found = spans.table(table)
    written = count(session, facts.written(found), by) if by in ("span", "channel") else None
    cases = count(session, facts.cases(found), by) if by != "agent_id" else None
    solved = count(session, facts.solved(found), by) if by != "agent_id" else None
    answers = spread(session, facts.answers(found), by, goals.answer_seconds)
    handled = spread(session, facts.handlings(found), by)
    transfers = count(session, facts.transfers(found), by)
    reopened = count(session, facts.reopened(found), by)
    rated = mean(session, facts.rated(found), by)
    judged = mean(session, facts.reviewed(found), by)
    keys: set[Key] = set().union(
        written or (),
        cases or (),
        solved or (),
        answers,
        handled,
        transfers,
        reopened,
        rated,
        judged,
    )
    if by == "agent_id":
        keys.discard(None)  # nobody's
    return [
        Line(
            key=None if key is None else str(key),
            written=None if written is None else written.get(key, 0),
            cases=None if cases is None else cases.get(key, 0),
            solved=None if solved is None else solved.get(key, 0),
            answers=answers.get(key, Spread()),
            handled=handled.get(key, Spread()),
            transfers=transfers.get(key, 0),
            reopened=reopened.get(key, 0),
            ratings=rated.get(key, (0, 0.0))[0],
            score=rated[key][1] if key in rated else None,
            reviewed=judged.get(key, (0, 0.0))[0],
            points=judged[key][1] if key in judged else None,
        )
        for key in keys
    ]


def _line(key: str) -> Line:
    return Line(key, 0, 0, 0, Spread(), Spread(), 0, 0, 0, None, 0, None)


def _number(key: str | None) -> int | None:
    return int(key) if key is not None else None


def _named(line: Line, names: Mapping[int | None, str]) -> Line:
    return replace(line, key=names.get(_number(line.key), line.key))
