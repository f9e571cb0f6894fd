"""Customers' identities in the rows of several tables: sealed where they lie open, and moved on.

Each holds what finds its customer again (web/desk/subjects.py).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, aliased

from web.desk import subjects
from web.desk.blocks import Block
from web.desk.consents import Consent
from web.desk.database import Database
from web.desk.models import Conversation, Customer
from web.desk.sealing import keys_of
from web.desk.subjects import MARK
from web.desk.vault import Vault
from web.notifications.tips import TipSent

AT_ONCE = 200  # identities or conversations a round
ELSEWHERE: tuple[Any, ...] = (Consent.subject, Block.subject, TipSent.whose, Customer.subject)


def find_open(session: Session, limit: int) -> list[str]:
    """Find identities that lie in the open outside of conversations."""
    found: set[str] = set()
    for column in ELSEWHERE:
        query = select(column).where(column.is_not(None), ~column.startswith(MARK))
        if column is TipSent.whose:
            query = query.where(TipSent.whose != TipSent.conversation_id)  # a stranger's
        found.update(session.scalars(query.distinct().limit(limit)))
    return sorted(found)


def seal(session: Session, subject: str) -> None:
    """Put what finds a customer again in the place of their identity; nothing where none seals."""
    keys = keys_of(session)
    if keys is not None and keys.seals:
        move(session, subject, subjects.kept(keys, subject))


def renew(database: Database, vault: Vault) -> int:
    """Write what finds customers again anew, by the newest secret; returns how many were written.

    Some conversations at a time, while others write. Raises Unreadable.
    """
    done, last = 0, ""
    while True:
        with database.write() as session:
            query = select(Conversation, Conversation.subject.label("row"))
            query = query.where(Conversation.id > last, Conversation.subject.startswith(MARK))
            rows = session.execute(query.order_by(Conversation.id).limit(AT_ONCE)).all()
            known = {
                before: subjects.marks(vault, conversation.subject)[0]
                for conversation, before in rows
                if before and conversation.subject
            }
            for before, own in known.items():
                if own != before:
                    move(session, before, own)
                    session.execute(
                        update(Conversation)
                        .where(Conversation.subject == before)
                        .values(subject=own)
                        .execution_options(synchronize_session=False)
                    )
                    done += 1
        if not rows:
            return done
        last = rows[-1][0].id


def move(session: Session, before: str, own: str) -> None:
    """Write one name for a customer in the place of another."""
    for column in ELSEWHERE:
        table = column.class_
        wanted = column == before
        if table in (Customer, TipSent):  # whose rows have one such name each
            other = aliased(table)
            there = select(1).where(getattr(other, column.key) == own)
            if table is TipSent:
                there = there.where(other.tip == TipSent.tip)
            session.execute(
                delete(table)
                .where(wanted, there.exists())
                .execution_options(synchronize_session=False)
            )
        session.execute(
            update(table)
            .where(wanted)
            .values({column.key: own})
            .execution_options(synchronize_session=False)
        )
