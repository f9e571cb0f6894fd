"""How long each class of data is kept (data/retention.yml), and the job that carries it out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from faq import retention
from faq.retention import Retention
from search.errors import BadContent
from web.desk import attachments, leases
from web.desk.asked import Asked
from web.desk.attachments import Attachment
from web.desk.bookings import Callback
from web.desk.database import Database
from web.desk.devices import Address, Device
from web.desk.feedback import Feedback
from web.desk.models import Conversation, Escalation
from web.privacy.erasure import erase

log = logging.getLogger(__name__)
PERIOD = timedelta(hours=1)
TOLD_AT = 30  # days for which an address or a browser is told of answers, then asked anew
AT_ONCE = 200  # conversations or pictures of one transaction, so that nobody waits for it
MOST_ROUNDS = 250  # of one hour's job: more than a million conversations a day
BREATH = 0.05  # seconds between two of them, for everybody else


class BadRetention(ValueError):
    """The file can't be used; nothing is deleted until it can."""


def read(path: Path) -> Retention:
    """Read the file, the defaults where there is none; raises BadRetention."""
    try:
        return retention.read(path, path.read_bytes())
    except FileNotFoundError:
        return Retention()
    except OSError as error:
        raise BadRetention(f"{path.name}: {error}") from None
    except BadContent as error:
        found = error.problems[0]
        raise BadRetention(f"{path.name}: {found.reason}: {found.fix}") from None


def sweep(
    database: Database, data: Path, folder: Path, memory: str, now: datetime
) -> dict[str, int] | None:
    """Delete what is too old, by one process an hour; None when it isn't this one's turn.

    Raises BadRetention.
    """
    if leases.take(database, "retention", PERIOD, now) is None:
        return None
    return carry_out(database, read(data / "retention.yml"), folder, memory, now)


def carry_out(
    database: Database, kept: Retention, folder: Path, memory: str, now: datetime
) -> dict[str, int]:
    """Delete what is too old; returns how much of each class."""

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    def conversations(days: int) -> int:
        with database.read() as session:
            ids = list(session.scalars(_untouched(before(days))))
        return erase(database, folder, memory, ids) if ids else 0

    def shown(days: int) -> int:
        with database.write() as session:
            return _drop_pictures(session, folder, before(days))

    gone: dict[str, int] = {}
    if kept.conversations is not None:
        gone["conversations"] = _in_rounds(partial(conversations, kept.conversations))
    if kept.pictures is not None:
        gone["pictures"] = _in_rounds(partial(shown, kept.pictures))
    with database.write() as session:
        for name, days, model in (
            ("questions", kept.questions, Asked),
            ("feedback", kept.feedback, Feedback),
        ):
            if days is not None:
                deleted: Any = session.execute(delete(model).where(model.at < before(days)))
                gone[name] = deleted.rowcount
        for name, asked in (("addresses", Address.at), ("browsers", Device.at)):
            left: Any = session.execute(delete(asked.class_).where(asked < before(TOLD_AT)))
            gone[name] = left.rowcount
    if any(gone.values()):
        log.info("retention: deleted %s", gone)
    return gone


def _in_rounds(delete: Callable[[], int]) -> int:
    """Delete in one transaction after the other, until one finds less than it may take."""
    gone = 0
    for _ in range(MOST_ROUNDS):
        found = delete()
        gone += found
        if found < AT_ONCE:
            break
        time.sleep(BREATH)
    return gone


def due(session: Session, kept: Retention, now: datetime) -> dict[str, int]:
    """Count what of each class is too old now; nothing is deleted."""

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    found: dict[str, int] = {}
    if kept.conversations is not None:
        old = _untouched(before(kept.conversations)).order_by(None).limit(None).subquery()
        found["conversations"] = session.scalar(select(func.count()).select_from(old)) or 0
    for name, days, at in (
        ("pictures", kept.pictures, Attachment.at),
        ("questions", kept.questions, Asked.at),
        ("feedback", kept.feedback, Feedback.at),
    ):
        if days is not None:
            found[name] = session.scalar(select(func.count()).where(at < before(days))) or 0
    return found


def job(
    database: Database, data: Path, folder: Path, memory: str, now: Callable[[], datetime]
) -> Callable[[], None]:
    """Make the job for a ticker."""

    def run() -> None:
        try:
            sweep(database, data, folder, memory, now())
        except BadRetention as error:
            log.error("nothing is deleted: %s", error)

    return run


def _untouched(before: datetime) -> Any:
    open_case = select(Escalation.id).where(
        Escalation.conversation_id == Conversation.id, Escalation.ended_at.is_(None)
    )
    open_call = select(Callback.id).where(
        Callback.conversation_id == Conversation.id, Callback.number != ""
    )
    return (
        select(Conversation.id)
        .where(Conversation.created_at < before)  # follows from the next, and has an index
        # Nobody's but the bot's, said so that no index by owner leads through all of these.
        .where(Conversation.updated_at < before, Conversation.owner.not_in(("queue", "agent")))
        .where(~open_case.exists(), ~open_call.exists())
        .order_by(Conversation.created_at)
        .limit(AT_ONCE)
    )


def _drop_pictures(session: Session, folder: Path, before: datetime) -> int:
    query = select(Attachment).where(Attachment.at < before).limit(AT_ONCE)
    found = list(session.scalars(query))
    for picture in found:
        attachments.remove(folder, picture.id)
        session.delete(picture)
    return len(found)
