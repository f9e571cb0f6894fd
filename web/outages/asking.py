"""Notes, with each turn, who was told of an announced outage and asks about something meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from web.assistant.replies import Announced, Reply, Step, Understood
from web.outages.models import Outage, OutageAsker

OUTAGE = "outage"  # the level of an announcement that is over one day, which customers wait for
TITLE = 200


def note(
    session: Session,
    conversation_id: str,
    steps: Sequence[Step],
    understood: Understood | None,
    announced: Iterable[Mapping[str, Any]],
    now: datetime,
) -> None:
    """Note what a turn tells of outages, and whether its customer asks about something.

    announced: what holds now, as the bot was told. Who was greeted with an outage and then says
    nothing, or only hello, has not asked.
    """
    outages = {str(one["id"]): str(one["title"]) for one in announced if one["level"] == OUTAGE}
    if not outages:
        return
    told = {step.announcement for step in steps if isinstance(step, Announced)}
    for name in sorted(told & set(outages)):
        _keep(session, Outage, {"name": name, "title": outages[name][:TITLE], "gone_at": None})
        row = {"name": name, "conversation_id": conversation_id, "told_at": now, "asked_at": None}
        _keep(session, OutageAsker, row)
    if _is_matter(steps, understood):
        session.execute(
            update(OutageAsker)
            .where(
                OutageAsker.conversation_id == conversation_id,
                OutageAsker.name.in_(sorted(outages)),
                OutageAsker.asked_at.is_(None),
            )
            .values(asked_at=now)
        )


def _is_matter(steps: Sequence[Step], understood: Understood | None) -> bool:
    """Tell whether a turn is about something that the help center knows."""
    if any(isinstance(step, Reply) and step.faq_id for step in steps):
        return True
    sure = understood is not None and understood.band != "unknown" and understood.topic is None
    return understood is not None and sure and understood.faq_id is not None


def _keep(session: Session, table: type, values: dict[str, object]) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())
