"""What customers say about articles and of the product, and what nobody could answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk.masking import mask, whose
from web.desk.models import Base, Event, Moment, key_of
from web.desk.sealed_words import Words
from web.desk.texts import clean


class Miss(Base):
    """A customer's message that nothing fitted, for the editor's reports."""

    __tablename__ = "misses"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    event_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Moment)


class Opinion(Words):
    """What a customer wants the product team to know; the text is masked and sealed."""

    __tablename__ = "opinions"
    WORDS = ("text",)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    event_id: Mapped[int | None]
    text: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    key: Mapped[str | None] = key_of(conversation_id)


class Feedback(Words):
    """Whether an article helped; the reason is masked and sealed."""

    __tablename__ = "feedback"
    WORDS = ("reason",)

    id: Mapped[int] = mapped_column(primary_key=True)
    faq_id: Mapped[str] = mapped_column(String(100), index=True)
    helpful: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(Moment, index=True)


def record(session: Session, faq_id: str, helpful: bool, reason: str | None, now: datetime) -> None:
    """Keep one vote on an article; the reason is masked."""
    told = whose(mask(clean(reason))[0]).strip()[:500] if reason else None
    session.add(Feedback(faq_id=faq_id, helpful=helpful, reason=told or None, at=now))


def miss(session: Session, conversation_id: str, event_id: int | None, now: datetime) -> None:
    """Note a message that nothing fitted."""
    session.add(Miss(conversation_id=conversation_id, event_id=event_id, at=now))


def reject(
    session: Session, conversation_id: str, faq_id: str, event_id: int | None, now: datetime
) -> None:
    """Note that an FAQ's answer was not what a customer had asked, in the customer's words."""
    event = session.get(Event, (conversation_id, event_id)) if event_id is not None else None
    record(session, faq_id, False, str(event.data.get("text", "")) if event else None, now)


def opinion(
    session: Session, conversation_id: str, text: str, event_id: int | None, now: datetime
) -> None:
    """Keep what a customer wants the product team to know, masked."""
    told = whose(mask(clean(text))[0]).strip()[:500]
    if told:
        session.add(Opinion(conversation_id=conversation_id, event_id=event_id, text=told, at=now))
