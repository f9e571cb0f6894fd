"""The buttons that the bot offered: what else a customer sends as a payload is refused."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk.database import insert_once
from web.desk.models import Base


class Offer(Base):
    """A button's payload that the bot offered in a conversation."""

    __tablename__ = "offers"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    payload: Mapped[str] = mapped_column(String(500), primary_key=True)


def note(session: Session, conversation_id: str, *payloads: str) -> None:
    """Remember that buttons with these payloads were shown in the conversation."""
    offered = [{"conversation_id": conversation_id, "payload": one} for one in payloads]
    if offered:
        insert_once(session, Offer, offered)


def knows(session: Session, conversation_id: str, payload: str) -> bool:
    """Tell whether a button with this payload was shown in the conversation."""
    return session.get(Offer, (conversation_id, payload)) is not None
