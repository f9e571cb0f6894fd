"""Senders who abuse: kept from people for a while, never from the assistant or from help in danger.

A signed-in customer is blocked as a person, a stranger in their conversation alone: nothing is kept
of them by which another one would be known.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk import events, subjects
from web.desk.conversations import hold
from web.desk.errors import DeskError, NotFound, NotYours, WrongState
from web.desk.events import SYSTEM, Actor
from web.desk.masking import mask
from web.desk.models import Agent, Conversation, Moment, key_of
from web.desk.sealed_words import Words
from web.desk.texts import clean

LONGEST = timedelta(days=30)


class Blocked(DeskError):
    """The sender is kept from people. until: when that ends, as the API writes times."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"blocked until {until}")
        self.until = events.timestamp(until)


class Block(Words):
    """One block. lifted_at: when it was ended before its time, None without.

    subject: what finds its customer again, see subjects.py. reason: sealed.
    """

    __tablename__ = "blocks"
    WORDS = ("reason",)
    __table_args__ = (Index("ix_blocks_subject", "subject", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    subject: Mapped[str | None] = mapped_column(String(255))
    at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(200))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    key: Mapped[str | None] = key_of(conversation_id)


def place(
    session: Session,
    conversation_id: str,
    agent: Agent,
    lasts: timedelta,
    reason: str,
    now: datetime,
) -> Block:
    """Block the sender of a conversation that the agent has, or any as a lead.

    The customer is told until when, colleagues why. Raises NotFound, NotYours, WrongState where one
    stands already.
    """
    conversation = hold(session, conversation_id)
    if agent.role != "lead" and conversation.agent_id != agent.id:
        raise NotYours(f"{conversation_id} is not this agent's")
    if standing(session, conversation, now) is not None:
        raise WrongState("blocked already")
    block = Block(
        conversation_id=conversation_id,
        subject=subjects.written(session, conversation.subject),
        at=now,
        until=now + min(lasts, LONGEST),
        reason=mask(clean(reason).strip(), "order_number")[0][:200],
        agent_id=agent.id,
    )
    session.add(block)
    session.flush()
    tell(session, conversation_id, block, now)
    return block


def lift(session: Session, conversation_id: str, agent: Agent, now: datetime) -> None:
    """End the block that stands; raises NotFound where there is none."""
    conversation = hold(session, conversation_id)
    block = standing(session, conversation, now)
    if block is None:
        raise NotFound("no block stands")
    session.execute(
        update(Block)
        .where(Block.id == block.id, Block.lifted_at.is_(None))
        .values(lifted_at=now, lifted_by=agent.id)
    )
    actor = Actor("agent", agent.display)
    events.append(session, conversation_id, "notice", actor, {"code": "unblocked"}, now)


def standing(session: Session, conversation: Conversation, now: datetime) -> Block | None:
    """Return the block that counts for a conversation now; None without."""
    whose: ColumnElement[bool]
    if conversation.subject is not None:
        whose = Block.subject.in_(subjects.known_as(session, conversation.subject))
    else:
        whose = Block.conversation_id == conversation.id
    query = select(Block).where(whose, Block.until > now, Block.lifted_at.is_(None))
    return session.scalars(query.order_by(Block.until.desc()).limit(1)).one_or_none()


def require_free(session: Session, conversation_id: str, now: datetime) -> None:
    """Raise Blocked where the sender is kept from people."""
    block = standing(session, hold(session, conversation_id), now)
    if block is not None:
        raise Blocked(block.until)


def tell(
    session: Session, conversation_id: str, block: Block, now: datetime, cause: int | None = None
) -> None:
    """Tell the customer until when no person is to be had, and what to do in danger."""
    data = {"code": "blocked", "until": events.timestamp(block.until)}
    events.append(session, conversation_id, "notice", SYSTEM, data, now, cause=cause)
