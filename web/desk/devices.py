"""Where a customer can be reached once the page is left: browsers that take pushes, an address.

A browser belongs to the identity that asked: who signs out is not called there any more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, delete, false, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk.models import Base, Conversation, Moment

KEPT = 8  # browsers of one identity
NOBODY = "anonymous"


class Device(Base):
    """A browser's push subscription, under the hash of its address.

    who: whose it is (tokens.who). token_hash: of the token that it was asked with, or of the one
    that replaced it. words: whether the notification may show what was said.
    """

    __tablename__ = "devices"

    endpoint_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    who: Mapped[str] = mapped_column(String(64), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), index=True)
    endpoint: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(128))
    auth: Mapped[str] = mapped_column(String(64))
    words: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime] = mapped_column(Moment)


class Address(Base):
    """The e-mail address, sealed, to which it is told that something was answered."""

    __tablename__ = "addresses"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str] = mapped_column(Text)
    words: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime] = mapped_column(Moment)


class PushKey(Base):
    """The key, sealed, with which we sign what we push; browsers are bound to it."""

    __tablename__ = "push_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser tells of itself: where to push, its public key and its shared secret."""

    endpoint: str
    key: str
    auth: str


def subscribe(
    session: Session,
    conversation: Conversation,
    who: str,
    token_hash: str,
    endpoint_hash: str,
    wish: Subscription,
    now: datetime,
    *,
    words: bool,
) -> None:
    """Call this browser from now on, for this identity alone; the oldest beyond eight are not."""
    forget(session, endpoint_hash)
    session.add(
        Device(
            endpoint_hash=endpoint_hash,
            conversation_id=conversation.id,
            who=who,
            token_hash=token_hash,
            endpoint=wish.endpoint,
            key=wish.key,
            auth=wish.auth,
            words=words,
            at=now,
        )
    )
    session.flush()
    for old in of(session, conversation.id, who)[KEPT:]:
        session.delete(old)
    session.flush()


def of(session: Session, conversation_id: str, who: str) -> list[Device]:
    """List the browsers of an identity, the newest first; a stranger's are of the conversation."""
    mine = Device.who == who if who != NOBODY else Device.conversation_id == conversation_id
    return list(session.scalars(select(Device).where(mine).order_by(Device.at.desc())))


def here(session: Session, tokens: Collection[str]) -> Device | None:
    """Find the browser that asked with one of these tokens (hashes)."""
    return session.scalars(select(Device).where(Device.token_hash.in_(tokens)).limit(1)).first()


def hand_on(session: Session, old: str, fresh: str) -> None:
    """Follow a token that is exchanged."""
    session.execute(
        update(Device)
        .where(Device.token_hash == old)
        .values(token_hash=fresh)
        .execution_options(synchronize_session=False)
    )


def leave(session: Session, tokens: Collection[str]) -> None:
    """Call the browsers of these tokens (hashes) no more."""
    session.execute(
        delete(Device)
        .where(Device.token_hash.in_(tokens))
        .execution_options(synchronize_session=False)
    )


def leave_all(session: Session, conversation_id: str, who: str) -> None:
    """Call none of an identity's browsers any more, and forget the conversation's address."""
    mine = Device.who == who if who != NOBODY else Device.conversation_id == conversation_id
    session.execute(delete(Device).where(mine).execution_options(synchronize_session=False))
    write_to(session, conversation_id, None, words=False, now=None)


def forget(session: Session, endpoint_hash: str) -> None:
    """Forget a browser that is gone, or somebody else's by now."""
    session.execute(
        delete(Device)
        .where(Device.endpoint_hash == endpoint_hash)
        .execution_options(synchronize_session=False)
    )


def write_to(
    session: Session,
    conversation_id: str,
    sealed: str | None,
    *,
    words: bool,
    now: datetime | None,
) -> None:
    """Keep the address of a conversation's customer; None forgets it."""
    session.execute(
        delete(Address)
        .where(Address.conversation_id == conversation_id)
        .execution_options(synchronize_session=False)
    )
    if sealed is not None and now is not None:
        session.add(Address(conversation_id=conversation_id, address=sealed, words=words, at=now))
        session.flush()
