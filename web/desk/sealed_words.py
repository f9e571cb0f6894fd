"""Words in rows of their own (questions, reasons, letters, what a wallet told), sealed there.

In memory they are plain; in the row they are one sealed text in a column beside, and their own
columns are empty. What seals them is the key of their conversation, and the master where a row
belongs to none. Rows from before hold them in the open until privacy/unsealed.py has come by.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, ClassVar, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Text,
    bindparam,
    event,
    null,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Mapper, QueryContext, Session, mapped_column, object_session
from sqlalchemy.orm.attributes import set_committed_value

from web.desk import sealing
from web.desk.models import Base
from web.desk.sealing import Keys
from web.desk.vault import Unreadable

UNDER_KEY, UNDER_MASTER = "key:", "master:"
LOOKED_AT = 5_000  # rows a round, sealed ones among them
TOLD = "_told"  # of an instance while it is flushed: what its row hides


Told = Mapping[str, Any]  # what is sealed, by the names of its columns: texts, lists, tables


class Words(Base):
    """A row that holds words. WORDS: their columns; conversation_id: whose, where it has one.

    KEY: the attribute with the sealed key of that conversation.
    """

    __abstract__ = True
    WORDS: ClassVar[tuple[str, ...]]
    KEY: ClassVar[str] = "key"

    sealed: Mapped[str | None] = mapped_column(Text)

    @classmethod
    def emptied(cls, told: Told) -> dict[str, Any]:
        """Return what the columns of sealed words hold."""
        columns = cls.__table__.c
        return {
            name: None if columns[name].nullable else type(value)() for name, value in told.items()
        }

    @classmethod
    def owner(cls) -> ColumnElement[Any]:
        """Return the column of the conversation that a row belongs to, null where it has none."""
        found: ColumnElement[Any] | None = cls.__table__.c.get("conversation_id")
        return null() if found is None else found


def seal(
    connection: Connection, keys: Keys | None, conversation_id: str | None, told: Told
) -> str | None:
    """Seal words for a row; None where nothing is sealed, or nothing is told."""
    if keys is None or not keys.seals or not told:
        return None
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    if conversation_id is None:
        return UNDER_MASTER + keys.vault.seal(text)
    box = keys.box(sealing.key_within(connection, keys, conversation_id))
    raw = sealing.shut(box, text.encode(), _place(conversation_id))
    return UNDER_KEY + base64.b64encode(raw).decode()


def unseal(
    session: Session, sealed: str, key: str | None, conversation_id: str | None
) -> dict[str, Any]:
    """Open what a row hides; nothing where its key was destroyed. Raises Unreadable."""
    if sealed.startswith(UNDER_MASTER):
        keys = sealing.keys_of(session)
        if keys is None:
            raise Unreadable("this database was opened without its secret")
        found: dict[str, Any] = json.loads(keys.vault.open(sealed.removeprefix(UNDER_MASTER)))
        return found
    if key is None or conversation_id is None:
        return {}
    raw = base64.b64decode(sealed.removeprefix(UNDER_KEY))
    text = sealing.unshut(sealing.box_of(session, key), raw, _place(conversation_id))
    told: dict[str, Any] = json.loads(text)
    return told


def seal_open(session: Session, model: type[Words], after: Any, limit: int) -> tuple[int, Any]:
    """Seal what lies in the open among so many rows after a primary key, None for the first ones.

    Returns how many rows were sealed, and the last key that was looked at, None at the end.
    """
    table, keys = cast(Table, model.__table__), sealing.keys_of(session)
    (number,) = table.primary_key
    found, last = _lying_open(session, table, after, limit)
    query = select(
        number.label("_number"),
        model.owner().label("_owner"),
        *(table.c[one] for one in model.WORDS),
    )
    rows = session.execute(query.where(number.in_(found)).order_by(number)).all() if found else []
    put = update(table).where(number == bindparam("which"), table.c.sealed.is_(None))
    done = 0
    for row in rows:
        which, owner, *said = row
        told = {name: text for name, text in zip(model.WORDS, said, strict=True) if text}
        hidden = seal(session.connection(), keys, owner, told)
        if hidden is not None:
            values: dict[str, Any] = {**model.emptied(told), "sealed": hidden}
            session.execute(put.values(values), {"which": which})
            done += 1
    return done, last


def _lying_open(session: Session, table: Table, after: Any, limit: int) -> tuple[list[Any], Any]:
    """Find at most so many rows in the open among the next LOOKED_AT; and the last looked at.

    Where all is sealed, looking for one that is not would read the table from end to end.
    """
    (number,) = table.primary_key
    query = select(number, table.c.sealed.is_(None)).order_by(number).limit(LOOKED_AT)
    rows = session.execute(query if after is None else query.where(number > after)).all()
    found = [which for which, is_open in rows if is_open]
    if len(found) > limit:
        return found[:limit], found[limit - 1]
    return found, rows[-1][0] if len(rows) == LOOKED_AT else None


def _place(conversation_id: str) -> bytes:
    return b"words:" + conversation_id.encode()


@event.listens_for(Words, "load", propagate=True)
@event.listens_for(Words, "refresh", propagate=True)
def _open(words: Words, context: QueryContext | None, *_: object) -> None:
    if context is None:
        return  # an UPDATE has changed what lies in memory; nothing was read
    # Straight into what was loaded: it is no change of the row.
    there = words.__dict__
    sealed = there.get("sealed")
    if sealed is not None:
        own = there.get("conversation_id")
        there.update(unseal(context.session, sealed, there.get(words.KEY), own))


@event.listens_for(Words, "before_insert", propagate=True)
def _seal(_: Mapper[Any], connection: Connection, words: Words) -> None:
    session = object_session(words)
    keys = sealing.keys_of(session) if session is not None else None
    told = {name: text for name in words.WORDS if (text := getattr(words, name))}
    words.sealed = seal(connection, keys, getattr(words, "conversation_id", None), told)
    if words.sealed is not None:
        words.__dict__[TOLD] = told
        for name, empty in words.emptied(told).items():
            setattr(words, name, empty)


@event.listens_for(Words, "after_insert", propagate=True)
def _show_again(_: Mapper[Any], connection: Connection, words: Words) -> None:
    for name, text in words.__dict__.pop(TOLD, {}).items():
        set_committed_value(words, name, text)
