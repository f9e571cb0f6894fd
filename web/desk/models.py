"""The desk's tables. Events are the truth; the columns of a conversation are their summary."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    MappedSQLExpression,
    column_property,
    mapped_column,
)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
OWED = text("state = 'pending'")
UNSEALED = text("sealed IS NULL")
Json = JSON().with_variant(JSONB(), "postgresql")


class Moment(TypeDecorator[datetime]):
    """An aware UTC time on every database; SQLite itself keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time and turn any other into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value}: give it a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of web."""

    metadata = MetaData(naming_convention=NAMES)


class Agent(Base):
    """An account of the staff, of one of the roles in agents.py.

    temporary: somebody else set the password, so that its owner has to change it first.
    status_at: since when the status is what it is, or since when they are at their desk again.
    rota: how often their rota was changed, so that nobody changes one that they did not see.
    """

    __tablename__ = "agents"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    display: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(16), default="agent", server_default="agent")
    active: Mapped[bool] = mapped_column(default=True)
    temporary: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[str] = mapped_column(String(16), default="online")  # or away
    status_at: Mapped[datetime | None] = mapped_column(Moment)
    max_chats: Mapped[int] = mapped_column(default=4)
    rota: Mapped[int] = mapped_column(default=0, server_default="0")


def _as_created(context: Any) -> datetime:
    created: datetime = context.get_current_parameters()["created_at"]
    return created


class AgentSession(Base):
    """One signed-in browser of an agent; deleting the row signs it out.

    seen_at: the page's last sign of life; used_at: the person's. stage: `code` while the second
    factor is owed, then `whole`. codes: wrong ones so far. second: whether there was a second one.
    """

    __tablename__ = "agent_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime] = mapped_column(Moment, default=_as_created)
    stage: Mapped[str] = mapped_column(String(8), default="whole", server_default="whole")
    codes: Mapped[int] = mapped_column(default=0, server_default="0")
    second: Mapped[bool] = mapped_column(default=False, server_default=false())
    address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    browser: Mapped[str] = mapped_column(String(64), default="", server_default="")


class DataKey(Base):
    """The key of what is said in a conversation, sealed by the master key: see sealing.py.

    It ends with its conversation, and with it all that was written under it. Backups leave it out.
    """

    __tablename__ = "data_keys"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[str] = mapped_column(Text)


def key_of(conversation_id: Mapped[Any]) -> MappedSQLExpression[str | None]:
    """Return the property that reads, with a row, the sealed key of its conversation."""
    query = select(DataKey.sealed).where(DataKey.conversation_id == conversation_id)
    return column_property(query.scalar_subquery(), expire_on_flush=False)


class Conversation(Base):
    """A thread of one customer. `owner` is its state: see transitions.py.

    escalation_id: the case that is with people, or the last one that was. front: put before all
    who wait as urgently, because its agent was lost. *_read: the newest event that each side saw.
    doubtful: behind all who wait as urgently, until its script has worked for the place.
    preferred_*: who had this customer last, and until when nobody else may claim them.
    opening: hash of the id under which an anonymous client opened it, so that a retry opens none.
    card, name, subject, page: sealed in the row, see sealed_cards.py and subjects.py. key: what
    seals them, sealed itself.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        Index("ix_conversations_queue", "owner", "urgent", "front", "queued_at"),
        # For the hourly deletion. Not by updated_at, which each message would move in the index.
        Index("ix_conversations_created_at", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str | None] = mapped_column(String(255), index=True)
    name: Mapped[str | None] = mapped_column(String(64))
    page: Mapped[str | None] = mapped_column(String(500))
    owner: Mapped[str] = mapped_column(String(16), default="bot")
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"), index=True)
    escalation_id: Mapped[int | None] = mapped_column(index=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    front: Mapped[bool] = mapped_column(default=False)
    doubtful: Mapped[bool] = mapped_column(default=False, server_default=false())
    queued_at: Mapped[datetime | None] = mapped_column(Moment)
    preferred_id: Mapped[int | None]
    preferred_until: Mapped[datetime | None] = mapped_column(Moment)
    customer_read: Mapped[int] = mapped_column(default=0)
    agent_read: Mapped[int] = mapped_column(default=0)
    last_event: Mapped[int] = mapped_column(default=0)
    expects: Mapped[str | None] = mapped_column(String(32))
    bot_down: Mapped[bool] = mapped_column(default=False)
    card: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    opening: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    key: Mapped[str | None] = key_of(id)


class Customer(Base):
    """A signed-in customer (see subjects.py) and the conversation that is theirs now."""

    __tablename__ = "customers"

    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL")
    )


class Event(Base):
    """What happened in a conversation; never changed, numbered 1, 2, 3 … without gaps.

    data: what it says. Its row holds that in `sealed`, and in `data` what the database counts;
    rows from before there were keys hold all in `data`. key: of the conversation, sealed.
    """

    __tablename__ = "events"
    __table_args__ = (
        # An agent's client id must not answer for a customer's, so the actor is part of it.
        UniqueConstraint("conversation_id", "actor_kind", "client_id"),
        Index("ix_events_cause", "conversation_id", "cause"),
        Index("ix_events_type", "type", "at"),  # for what is counted by day
        # For the job that seals what is from before there were keys; empty when it is done.
        Index(
            "ix_events_unsealed",
            "conversation_id",
            sqlite_where=UNSEALED,
            postgresql_where=UNSEALED,
        ),
    )

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_name: Mapped[str | None] = mapped_column(String(64))
    cause: Mapped[int | None]
    client_id: Mapped[str | None] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    key: Mapped[str | None] = column_property(
        select(DataKey.sealed).where(DataKey.conversation_id == conversation_id).scalar_subquery()
    )


class Turn(Base):
    """The bot's duty to answer one message; `pending` until its replies are stored.

    Then `done`, `covered` when the answer came without the bot, `dropped` when a human took over,
    `failed` when it could not be given. attempts: how often it was begun.
    """

    __tablename__ = "turns"
    __table_args__ = (
        Index("ix_turns_owed", "started_at", sqlite_where=OWED, postgresql_where=OWED),
    )

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=1, server_default="1")


class Escalation(Base):
    """One case handed to people: from the queue or a left message to its end, with its card.

    number: told to the customer. joined_at: when it first came into the queue. ticket_at: when it
    became a message to be answered later. email: sealed, erased with the last answer. agent_id:
    who has it, a ticket's owner too. asked_back: id of the ticket's answer that asked the customer.
    card, key: as a conversation's.
    """

    __tablename__ = "escalations"
    __table_args__ = (Index("ix_escalations_ended", "state", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[str | None] = mapped_column(String(16), unique=True, index=True)
    topic: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(32))
    urgent: Mapped[bool]
    card: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(16))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)
    joined_at: Mapped[datetime | None] = mapped_column(Moment)
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    ticket_at: Mapped[datetime | None] = mapped_column(Moment)
    email: Mapped[str | None] = mapped_column(Text)
    asked_back: Mapped[int | None]
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    score: Mapped[int | None]
    rated_at: Mapped[datetime | None] = mapped_column(Moment)
    key: Mapped[str | None] = key_of(conversation_id)
