"""What is kept of the wallet: who looked at what, what it was asked to do, what it has told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from web.desk.models import Base, Json, Moment, key_of
from web.desk.sealed_words import Words

# One open request for one transaction, however many windows ask for it.
OPEN = "state IN ('proposed', 'asked', 'accepted') AND kind IN ('Refund', 'Dispute')"


class WalletLook(Words):
    """One look into a customer's wallet, for whom and how it ended.

    what: list, beside (a list of which nothing was offered), transaction, account, incident,
    by_hand, or what was done. outcome: ok, down,
    refused, or the request's state.
    refs: ids of transactions or incidents, nothing else of them, sealed. agent_id: None for the
    helper.
    """

    __tablename__ = "wallet_looks"
    WORDS = ("refs",)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    event_id: Mapped[int | None]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    what: Mapped[str] = mapped_column(String(16))
    concern: Mapped[str | None] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(16))
    refs: Mapped[list[Any]] = mapped_column(Json)
    key: Mapped[str | None] = key_of(conversation_id)


class WalletRequest(Words):
    """Something the wallet was asked to do. key: under which it is asked any number of times.

    state: proposed (waits for a second pair of eyes), declined, withdrawn or lapsed without one;
    asked, and the wallet's accepted, completed, refused; lost: the wallet never took it.
    about: what is kept of the transaction. note: why. Both are sealed; transaction_id is not: the
    database keeps one open request for each. second_id: who looked twice.
    """

    __tablename__ = "wallet_requests"
    WORDS = ("about", "note")
    KEY = "own_key"
    __table_args__ = (
        Index(
            "uq_wallet_requests_open",
            "kind",
            "transaction_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index("ix_wallet_requests_state", "state", "at"),
    )

    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(16))
    request_id: Mapped[str | None] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(default=0)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    transaction_id: Mapped[str | None] = mapped_column(String(64))
    about: Mapped[dict[str, Any] | None] = mapped_column(Json)
    note: Mapped[str | None] = mapped_column(String(280))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    own_key: Mapped[str | None] = key_of(conversation_id)


class WalletNotice(Words):
    """A message that waits until the quiet hours are over; sealed."""

    __tablename__ = "wallet_notices"
    WORDS = ("text",)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    due: Mapped[datetime] = mapped_column(Moment, index=True)
    key: Mapped[str | None] = key_of(conversation_id)


class WalletTold(Base):
    """An event or nonce of the wallet's that was taken: a second one is not. Kept for days."""

    __tablename__ = "wallet_told"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
