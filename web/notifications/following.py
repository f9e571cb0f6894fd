"""Tells customers what they did not see: a push first, an e-mail if that was not seen either.

Each duty is claimed before it is carried out (an UPDATE that only one process wins) and goes on
after: a process that dies in between pushes once more rather than never, under the same topic, so
that browsers show it once.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from web import claims
from web.desk import conversations, devices, events, followups, tokens
from web.desk.cases import current
from web.desk.database import Database
from web.desk.devices import Address, Device
from web.desk.errors import NotFound
from web.desk.followups import MAIL, PUSH, Followup
from web.desk.mails import Mail
from web.desk.models import Conversation, Event
from web.notifications.push import Message, Pusher, Undelivered, topic_of
from web.wallet.notices import Quiet, is_awake

if TYPE_CHECKING:
    from faq.brand import Brand

log = logging.getLogger(__name__)
TEMPLATES = Path(__file__).parent / "templates"
AT_ONCE = 50  # conversations a round
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30))
MAILED = timedelta(minutes=10)  # after which what was not seen is written by e-mail
SHOWN = 120  # characters of an answer that a notification shows, where the customer chose so
EMAIL = "unseen"
# Of several things at once the notification names the one that a customer waits for most.
RANK = ("answer", "came", "callback", "news", "tip")


@dataclass(frozen=True, slots=True)
class Due:
    """What one conversation is owed now. text: the newest answer's words, or file: its name."""

    conversation_id: str
    kind: str
    urgent: bool
    rows: tuple[int, ...]
    attempts: int
    began: datetime
    text: str
    file: str
    browsers: tuple[Device, ...]


class Follower:
    """Carries out the duties of web/desk/followups.py.

    pusher: None where nothing is pushed. writes: whether emails can be sent. prefix: the path
    that the site stands below. hours: gives the desk's zone, in which `quiet` hours are.
    """

    def __init__(
        self,
        database: Database,
        pusher: Pusher | None,
        brand: Callable[[], Brand],
        zone: Callable[[], ZoneInfo],
        *,
        writes: bool,
        quiet: Quiet,
        prefix: str = "",
    ) -> None:
        self._database = database
        self._pusher = pusher
        self._brand = brand
        self._zone = zone
        self._writes = writes
        self._quiet = quiet
        self._prefix = prefix
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            undefined=StrictUndefined,
            trim_blocks=True,
            autoescape=False,  # noqa: S701 (shown as text by the browser)
        )

    def look(self, now: datetime) -> int:
        """Carry out what is due; returns how many pushes and emails went out."""
        with self._database.read() as session:
            query = (
                select(Followup.conversation_id, Followup.step)
                .where(Followup.due_at <= now)
                .distinct()
                .limit(AT_ONCE)
            )
            found = session.execute(query).all()
        told, clock = 0, claims.running(now)
        for conversation_id, step in found:
            carry_out = self._push if step == PUSH else self._write
            told += carry_out(conversation_id, clock())
        return told

    def _push(self, conversation_id: str, now: datetime) -> int:
        with self._database.write() as session:
            due = self._claim(session, conversation_id, PUSH, now)
            if due is None:
                return 0
            if not due.browsers or self._pusher is None:
                self._go_on(session, due, now)
                return 0
        with claims.renewed(partial(self._claimed, due), now):
            told, failed = self._sent(self._pusher, due, now)
        with self._database.write() as session:
            if told or not failed or due.attempts > len(PAUSES):
                self._go_on(session, due, now)
            else:
                self._put_off(session, due, now + PAUSES[due.attempts - 1])
        return told

    def _claimed(self, due: Due, until: datetime) -> None:
        with self._database.write() as session:
            self._put_off(session, due, until)

    def _sent(self, pusher: Pusher, due: Due, now: datetime) -> tuple[int, int]:
        """Push to all browsers; returns how many were told, and how many may be tried again."""
        told, failed = 0, 0
        for device in due.browsers:
            try:
                pusher.send(device, self._message(due, device, now), now)
                told += 1
            except Undelivered as problem:
                log.info("not pushed: %s", problem)
                if problem.gone:
                    with self._database.write() as session:
                        devices.forget(session, device.endpoint_hash)
                else:
                    failed += 1
        return told, failed

    def _write(self, conversation_id: str, now: datetime) -> int:
        with self._database.write() as session:
            due = self._claim(session, conversation_id, MAIL, now)
            if due is None:
                return 0
            address = session.get(Address, conversation_id) if self._writes else None
            if address is not None:
                said = {"text": due.text, "file": due.file} if address.words else {"text": ""}
                data = {"kind": due.kind, **said}
                session.add(
                    Mail(
                        conversation_id=conversation_id,
                        kind=EMAIL,
                        address=address.address,
                        data=data,
                        due_at=now,
                        created_at=now,
                    )
                )
            self._drop(session, due)
            return int(address is not None)

    def _claim(
        self, session: Session, conversation_id: str, step: str, now: datetime
    ) -> Due | None:
        """Take what is due of a conversation, when it was not seen and may be told now."""
        try:
            conversation = conversations.hold(session, conversation_id)
        except NotFound:
            return None  # erased since, and its duties with it
        followups.seen(session, conversation_id, _read_up_to(session, conversation))
        mine = (Followup.conversation_id == conversation_id) & (Followup.step == step)
        rows = session.scalars(
            update(Followup)
            .where(mine, Followup.due_at <= now)
            .values(due_at=now + claims.CLAIM, attempts=Followup.attempts + 1)
            .returning(Followup)
            .execution_options(synchronize_session=False, populate_existing=True)
        ).all()
        if step == MAIL:
            lettered = [row.event_id for row in rows if row.lettered]
            _delete(session, conversation_id, lettered)
            rows = [row for row in rows if not row.lettered]
        if not rows:
            return None
        case = current(session, conversation)
        urgent = any(row.urgent for row in rows) or bool(case and case.urgent)
        due = _due(session, conversation, rows, urgent=urgent)
        ends = self._quiet.end(now, self._zone())
        if ends is not None and not urgent and not is_awake(session, conversation_id, now):
            self._put_off(session, due, ends, again=True)
            return None
        return due

    def _go_on(self, session: Session, due: Due, now: datetime) -> None:
        """Leave what was pushed to the email that follows, where one can be written."""
        if not self._writes or session.get(Address, due.conversation_id) is None:
            self._drop(session, due)
            return
        later = max(due.began + MAILED, now)
        self._set(session, due, step=MAIL, due_at=later, attempts=0)

    def _put_off(self, session: Session, due: Due, until: datetime, *, again: bool = False) -> None:
        attempts = due.attempts - 1 if again else due.attempts
        self._set(session, due, due_at=until, attempts=attempts)

    def _set(self, session: Session, due: Due, **values: Any) -> None:
        session.execute(
            update(Followup)
            .where(Followup.conversation_id == due.conversation_id, Followup.event_id.in_(due.rows))
            .values(**values)
            .execution_options(synchronize_session=False)
        )

    def _drop(self, session: Session, due: Due) -> None:
        _delete(session, due.conversation_id, due.rows)

    def _message(self, due: Due, device: Device, now: datetime) -> Message:
        """Write what one browser shows, with a link that opens this conversation alone."""
        token = secrets.token_urlsafe(32)
        with self._database.write() as session:
            tokens.issue_for_email(session, due.conversation_id, token, now)
        words = due.text[:SHOWN] if device.words else ""
        brand = self._brand()
        said = self._templates.get_template("notifications/said.txt")
        file = due.file if device.words else ""
        body = said.render(kind=due.kind, words=words, file=file, brand=brand).strip()
        told = {
            "title": brand.center,
            "body": body,
            "tag": topic_of(due.conversation_id),
            "conversation": due.conversation_id,
            "open": f"{self._prefix}/letter#{due.conversation_id}.{token}",
        }
        content = json.dumps(told, ensure_ascii=False).encode()
        return Message(content, topic_of(due.conversation_id), due.urgent)


def _read_up_to(session: Session, conversation: Conversation) -> int:
    """Return the newest event that the customer has seen: read, or written after."""
    wrote = select(func.max(Event.id)).where(
        Event.conversation_id == conversation.id,
        Event.actor_kind == "customer",
        events.is_one_of("message", "attachment"),
    )
    return max(conversation.customer_read, session.scalar(wrote) or 0)


def _due(
    session: Session, conversation: Conversation, rows: Sequence[Followup], *, urgent: bool
) -> Due:
    kinds = {row.kind for row in rows}
    newest = max(row.event_id for row in rows)
    told = session.get(Event, (conversation.id, newest))
    who = tokens.who(conversation.subject)
    return Due(
        conversation_id=conversation.id,
        kind=next((kind for kind in RANK if kind in kinds), RANK[0]),
        urgent=urgent,
        rows=tuple(row.event_id for row in rows),
        attempts=max(row.attempts for row in rows),
        began=min(row.created_at for row in rows),
        text=str(told.data.get("text", "")) if told is not None else "",
        file=str(told.data.get("name", "")) if told is not None else "",
        browsers=tuple(devices.of(session, conversation.id, who)),
    )


def _delete(session: Session, conversation_id: str, rows: Sequence[int]) -> None:
    session.execute(
        delete(Followup)
        .where(Followup.conversation_id == conversation_id, Followup.event_id.in_(rows))
        .execution_options(synchronize_session=False)
    )
