"""Erasing what is kept of a person, and giving them a copy of it: by case or by identity."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from web.desk import attachments, subjects
from web.desk.asked import Asked
from web.desk.attachments import Attachment
from web.desk.bookings import Callback
from web.desk.calls import Call
from web.desk.consents import Consent
from web.desk.database import Database
from web.desk.devices import Address, Device
from web.desk.errors import NotFound
from web.desk.events import INTERNAL
from web.desk.feedback import Opinion
from web.desk.improvements import Improvement
from web.desk.mails import Mail
from web.desk.models import Conversation, Customer, Escalation, Event
from web.desk.vault import Vault
from web.outages.models import OutageAsker
from web.wallet.models import WalletLook, WalletRequest

# The bot's own tables, in its own database: see bot/runtime/tables.py.
REMEMBERED = sa.table("conversations", sa.column("id"))
REPLIES = sa.table("replies", sa.column("conversation"))


def of_case(session: Session, number: str) -> list[str]:
    """Find the conversation of a case; raises NotFound."""
    query = select(Escalation.conversation_id).where(Escalation.number == number.strip().upper())
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(f"no case {number!r}")
    return [found]


def of_subject(session: Session, subject: str) -> list[str]:
    """Find all conversations of a signed-in customer; raises NotFound."""
    query = select(Conversation.id).where(
        Conversation.subject.in_(subjects.known_as(session, subject))
    )
    found = list(session.scalars(query.order_by(Conversation.created_at)))
    if not found and subjects.find(session, subject) is None:
        raise NotFound("nothing is kept of this identity")
    return found


def copy(session: Session, ids: Sequence[str], vault: Vault) -> list[dict[str, Any]]:
    """Write down what is kept in conversations, as their customer may have it.

    Notes that colleagues wrote for each other are not in it.
    """
    shown = []
    for one in session.scalars(select(Conversation).where(Conversation.id.in_(ids))):
        mine = {
            "events": (Event, ("at", "type", "actor_kind", "data")),
            "cases": (Escalation, ("number", "topic", "reason", "card", "state", "created_at")),
            "callbacks": (Callback, ("slot", "state", "number_shown")),
            "calls": (Call, ("state",)),
            "pictures": (Attachment, ("id", "at", "width", "height")),
            "questions": (Asked, ("at", "text")),
            "opinions": (Opinion, ("at", "text")),
            "wallet_looks": (WalletLook, ("at", "what", "concern", "outcome", "refs")),
            "wallet_requests": (WalletRequest, ("at", "kind", "state", "about")),
            "outages": (OutageAsker, ("name", "told_at", "asked_at")),
            "consents": (Consent, ("at", "purpose", "given")),
            "proposals": (Improvement, ("at", "asked")),
            "browsers": (Device, ("at", "endpoint", "words")),
        }
        told: dict[str, Any] = {
            "id": one.id, "name": one.name, "identity": one.subject, "card": one.card,
            "created_at": one.created_at.isoformat(),
        }  # fmt: skip
        for name, (model, columns) in mine.items():
            of_it = model.conversation_id == one.id  # type: ignore[attr-defined]
            rows = session.scalars(select(model).where(of_it))
            told[name] = [
                {column: _plain(getattr(row, column)) for column in columns}
                for row in rows
                if getattr(row, "type", "") not in INTERNAL
            ]
        told["email"] = [
            *_opened(session, vault, Escalation.email, one.id),
            *_opened(session, vault, Address.address, one.id),
        ]
        told["phone"] = _opened(session, vault, Callback.number, one.id)
        shown.append(told)
    return shown


def erase(
    database: Database, folder: Path, memory: str, ids: Sequence[str], subject: str | None = None
) -> int:
    """Erase conversations with pictures, emails, questions and what the bot remembers of them.

    folder: of the pictures. memory: the bot's database. subject: an identity to forget as well.
    What lies outside of the database goes first: an erasure that was cut off is begun again.
    Returns how many conversations.
    """
    with database.read() as session:
        query = select(Attachment.id).where(Attachment.conversation_id.in_(ids))
        names = session.scalars(query).all()
    for name in names:
        attachments.remove(folder, name)
    forget(memory, ids)
    with database.write() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(sa.text("PRAGMA secure_delete = ON"))  # no words in freed pages
        session.execute(delete(Asked).where(Asked.conversation_id.in_(ids)))
        session.execute(delete(Mail).where(Mail.conversation_id.in_(ids)))
        wanted: sa.ColumnElement[bool] = Customer.conversation_id.in_(ids)
        if subject is not None:
            wanted = or_(wanted, Customer.subject.in_(subjects.known_as(session, subject)))
        session.execute(delete(Customer).where(wanted))
        gone = session.execute(
            delete(Conversation).where(Conversation.id.in_(ids)).returning(Conversation.id)
        ).all()
    forget(memory, ids)  # what an answer under way has written meanwhile
    _sweep_log(database)
    return len(gone)


def forget(memory: str, ids: Sequence[str]) -> None:
    """Delete what the bot remembers of conversations; there may be no memory yet."""
    url = sa.make_url(memory)
    if url.drivername.startswith("postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    elif not url.database or not Path(url.database).exists():
        return
    engine = sa.create_engine(url)
    try:
        known = set(sa.inspect(engine).get_table_names())
        with engine.begin() as connection:
            if "conversations" in known:
                connection.execute(sa.delete(REMEMBERED).where(REMEMBERED.c.id.in_(ids)))
            if "replies" in known:
                connection.execute(sa.delete(REPLIES).where(REPLIES.c.conversation.in_(ids)))
    finally:
        engine.dispose()


def _sweep_log(database: Database) -> None:
    """Leave no erased words in the log that SQLite writes ahead, as far as readers let it."""
    if database.engine.dialect.name == "sqlite":
        connection = database.engine.raw_connection()  # no statement may be open beside it
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def _opened(session: Session, vault: Vault, column: Any, conversation_id: str) -> list[str]:
    query = select(column).where(column.class_.conversation_id == conversation_id)
    return [vault.open(sealed) for sealed in session.scalars(query) if sealed]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
