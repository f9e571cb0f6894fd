"""What a customer agreed to and took back: rows that only grow, so that each stays provable.

A signed-in customer's word counts in all their conversations, a stranger's in theirs alone.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, and_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk import subjects
from web.desk.errors import DeskError
from web.desk.models import Base, Conversation, Moment

# notices: the wallet's news that are not urgent, and outages that are over; pictures: sending any;
# tips: about safety, now and then; video: with a camera.
PURPOSES = ("notices", "pictures", "tips", "video")


class Withdrawn(DeskError):
    """The customer has taken back their consent to this."""


class Consent(Base):
    """One word of a customer's. given: False where it was refused or taken back.

    subject: what finds its customer again, see subjects.py.
    """

    __tablename__ = "consents"
    __table_args__ = (
        Index("ix_consents_conversation_id", "conversation_id", "purpose"),
        Index("ix_consents_subject", "subject", "purpose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    subject: Mapped[str | None] = mapped_column(String(255))
    purpose: Mapped[str] = mapped_column(String(16))
    given: Mapped[bool] = mapped_column(Boolean)


def say(
    session: Session, conversation: Conversation, purpose: str, given: bool, now: datetime
) -> bool:
    """Note what a customer says; False where they said so before and nothing is written."""
    if latest(session, conversation, purpose) is given:
        return False
    session.add(
        Consent(
            at=now,
            conversation_id=conversation.id,
            subject=subjects.written(session, conversation.subject),
            purpose=purpose,
            given=given,
        )
    )
    session.flush()
    return True


def latest(session: Session, conversation: Conversation, purpose: str) -> bool | None:
    """Return what a customer said last; None where they were never asked."""
    own = and_(Consent.conversation_id == conversation.id, Consent.subject.is_(None))
    whose = own
    if conversation.subject is not None:
        whose = Consent.subject.in_(subjects.known_as(session, conversation.subject))
    query = select(Consent.given).where(whose, Consent.purpose == purpose)
    return session.scalars(query.order_by(Consent.id.desc()).limit(1)).one_or_none()


def shown(session: Session, conversation: Conversation) -> dict[str, bool | None]:
    """Show what a customer said of every purpose."""
    return {purpose: latest(session, conversation, purpose) for purpose in PURPOSES}


def require(session: Session, conversation: Conversation, purpose: str) -> None:
    """Raise Withdrawn where the customer said no; who was never asked is asked by their page."""
    if latest(session, conversation, purpose) is False:
        raise Withdrawn(purpose)
