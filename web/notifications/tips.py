"""Safety tips to customers who asked for them: one after the other, each once, ended by one tap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, String, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from faq.tips import Tip, Tips
from web.assistant.replies import Button, Reply
from web.desk import (
    consents,
    conversations,
    events,
    followups,
    leases,
    offered,
    subjects,
    turns,
)
from web.desk.consents import Consent
from web.desk.conversations import Posted, Visitor
from web.desk.database import Database
from web.desk.events import BOT
from web.desk.models import Base, Conversation, Moment
from web.realtime.bus import Bus, tell
from web.wallet.notices import Quiet

PURPOSE = "tips"
STOP = "/tips_stop"  # the payload of the button that ends them
LEASE, PERIOD = "tips", timedelta(minutes=10)
AT_ONCE = 200  # customers a round
LOOKED_AT = 1_000  # consents a round
UNTIL = 21  # the hour after which nothing is sent that day


class TipSent(Base):
    """A tip that somebody has had. whose: a customer (subjects.py), a stranger's conversation."""

    __tablename__ = "tips_sent"

    whose: Mapped[str] = mapped_column(String(255), primary_key=True)
    tip: Mapped[str] = mapped_column(String(60), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(Moment)


def send(
    database: Database,
    bus: Bus,
    tips: Tips,
    zone: Callable[[], ZoneInfo],
    quiet: Quiet,
    known: Callable[[str], bool],
    now: datetime,
) -> int:
    """Send the next tip to everybody whose turn it is, by one process; returns how many.

    known: tells whether an article is there to lead to.
    """
    here = now.astimezone(zone())
    if not tips.tips or not tips.hour <= here.hour < UNTIL or quiet.end(now, zone()) is not None:
        return 0
    if leases.take(database, LEASE, PERIOD, now) is None:
        return 0
    with database.read() as session:
        found = _due(session, tips, here)
    sent = [told for whose, one in found if (told := _send(database, whose, one, tips, known, now))]
    for conversation_id in sent:
        tell(bus, conversation_id)
    return len(sent)


def stop(
    session: Session, conversation_id: str, client_id: str, title: str, tips: Tips, now: datetime
) -> Posted:
    """End the tips by their button; raises NotFound, NotOffered."""
    posted = conversations.post(
        session, conversation_id, client_id, title, now, payload=STOP, silent=True
    )
    if posted.created:
        conversation = conversations.find(session, conversation_id)
        consents.say(session, conversation, PURPOSE, False, now)
        data = Reply(tips.stopped).data()
        events.append(session, conversation_id, "message", BOT, data, now, cause=posted.message.id)
    return posted


def _due(session: Session, tips: Tips, here: datetime) -> list[tuple[str, str]]:
    """List who agreed and has had none for long: (whose, the conversation where they did).

    here: now, where the desk is. Some words of consent are looked through, at the next round the
    next ones: of all that were ever given each round costs the same.
    """
    first = _first(session.scalar(select(func.max(Consent.id))) or 0, tips, here)
    whose = func.coalesce(Consent.subject, Consent.conversation_id)
    newer = aliased(Consent)
    later = select(newer.id).where(newer.purpose == PURPOSE, newer.id > Consent.id)
    # Two questions, each with an index of its own.
    of_customer = later.where(newer.subject == Consent.subject)
    of_stranger = later.where(
        newer.conversation_id == Consent.conversation_id,
        newer.subject.is_(None),
        Consent.subject.is_(None),
    )
    mine = (TipSent.whose == whose) & TipSent.tip.in_([tip.name for tip in tips.tips])
    count = select(func.count()).where(mine).scalar_subquery()
    lately = select(TipSent.tip).where(mine, TipSent.at > here - timedelta(days=tips.every))
    query = (
        select(whose, Consent.conversation_id)
        .where(Consent.id >= first, Consent.id < first + LOOKED_AT)
        .where(Consent.purpose == PURPOSE, Consent.given)
        .where(~of_customer.exists(), ~of_stranger.exists(), ~lately.exists())
        .where(count < len(tips.tips))
        .order_by(Consent.id)
        .limit(AT_ONCE)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _first(last: int, tips: Tips, here: datetime) -> int:
    """Return the first consent of this round, of those up to the last."""
    rounds_a_day = (UNTIL - tips.hour) * timedelta(hours=1) // PERIOD
    since = timedelta(hours=here.hour - tips.hour, minutes=here.minute)
    number = here.toordinal() * rounds_a_day + since // PERIOD
    return number % (last // LOOKED_AT + 1) * LOOKED_AT


def _send(
    database: Database,
    whose: str,
    agreed: str,
    tips: Tips,
    known: Callable[[str], bool],
    now: datetime,
) -> str | None:
    """Send one customer's next tip; None where another process was quicker, or they said no."""
    with database.write() as session:
        conversation = conversations.hold(session, agreed)
        if consents.latest(session, conversation, PURPOSE) is not True:
            return None
        had = session.scalars(select(TipSent.tip).where(TipSent.whose == whose)).all()
        tip = next((one for one in tips.tips if one.name not in had), None)
        if tip is None:
            return None
        here = _where(session, conversation, now)
        kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        row = {"whose": whose, "tip": tip.name, "conversation_id": here, "at": now}
        once = kind.insert(cast(Table, TipSent.__table__)).values(row).on_conflict_do_nothing()
        if not session.execute(once.returning(TipSent.tip)).all():
            return None
        faq = tip.faq if tip.faq and known(tip.faq) else None
        _say(session, here, replace(tip, faq=faq), tips, now)
        return here


def _where(session: Session, agreed: Conversation, now: datetime) -> str:
    """Find the conversation that is the customer's now; a new one greets nobody."""
    if agreed.subject is None:
        return agreed.id
    known = subjects.find(session, agreed.subject)
    if known is not None and known.conversation_id == agreed.id:
        return agreed.id
    visitor = Visitor(channel="app", subject=agreed.subject, name=agreed.name)
    opened = conversations.open_for(session, visitor, now)
    if opened.created:
        turns.drop(session, opened.conversation.id)
    return opened.conversation.id


def _say(session: Session, conversation_id: str, tip: Tip, tips: Tips, now: datetime) -> None:
    conversations.hold(session, conversation_id)
    text = f"{tips.title}\n{tip.text}" if tips.title else tip.text
    reply = Reply(text, faq_id=tip.faq, short=True, buttons=(Button(tips.stop, STOP),))
    event = events.append(session, conversation_id, "message", BOT, reply.data(), now)
    offered.note(session, conversation_id, STOP)
    followups.owe(session, conversation_id, event.id, now, kind=followups.TIP)
    followups.email_goes(session, conversation_id, event.id)  # a push at most: no mail for a tip
