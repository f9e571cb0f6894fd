"""Sealing what was said before conversations had keys, a conversation at a time."""

from __future__ import annotations

import logging
from typing import cast

import sqlalchemy as sa
from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from web.desk import sealing
from web.desk.conversations import hold
from web.desk.database import Database
from web.desk.errors import NotFound
from web.desk.models import DataKey, Event
from web.desk.sealed_words import UNDER_MASTER
from web.desk.vault import Vault
from web.privacy.sealed import WORDS

log = logging.getLogger(__name__)
AT_ONCE = 200  # conversations a round: the rest has its turn at the next
_events = cast(Table, Event.__table__)
_COLUMNS = ("conversation_id", "id", "actor_kind", "actor_name", "data")
_PUT = (
    update(_events)
    .where(
        _events.c.conversation_id == bindparam("of"),
        _events.c.id == bindparam("number"),
        _events.c.sealed.is_(None),
    )
    .values(data=bindparam("left"), actor_name=bindparam("name"), sealed=bindparam("hidden"))
)


def catch_up(database: Database, limit: int | None = AT_ONCE) -> int:
    """Seal what still stands in the open; a process that dies loses nothing.

    limit: of conversations, None for all. Returns how many events were sealed.
    """
    done = left = 0
    while limit is None or left < limit:
        with database.read() as session:
            keys = sealing.keys_of(session)
            if keys is None or not keys.seals:
                return 0
            query = select(Event.conversation_id).where(Event.sealed.is_(None)).distinct()
            found = session.scalars(query.limit(AT_ONCE)).all()
        if not found:
            break
        for one in found:
            with database.write() as session:
                done += _seal(session, keys, one)
        left += len(found)
    if done:
        log.info("sealed %d events from before conversations had keys", done)
    return done


def renew_keys(database: Database, vault: Vault) -> int:
    """Seal every conversation's key under the newest secret, some at a time, while others write.

    Returns how many. Raises Unreadable; what was done before stays done.
    """
    done, last = 0, ""
    while True:
        with database.write() as session:
            query = select(DataKey).where(DataKey.conversation_id > last).with_for_update()
            rows = session.scalars(query.order_by(DataKey.conversation_id).limit(AT_ONCE)).all()
            for row in rows:
                row.sealed = vault.reseal(row.sealed)
        if not rows:
            return done
        done, last = done + len(rows), rows[-1].conversation_id


def renew_words(database: Database, vault: Vault) -> int:
    """Seal words that belong to no conversation under the newest secret, some at a time.

    Returns how many. Raises Unreadable.
    """
    return sum(_renew(database, vault, cast(Table, model.__table__)) for model in WORDS)


def _renew(database: Database, vault: Vault, table: Table) -> int:
    (number,) = table.primary_key
    done = 0
    query = select(number, table.c.sealed).where(table.c.sealed.startswith(UNDER_MASTER))
    query = query.order_by(number).limit(AT_ONCE)
    after = query
    while True:
        with database.write() as session:
            rows = session.execute(after).all()
            for which, sealed in rows:
                anew = vault.reseal(sealed.removeprefix(UNDER_MASTER))
                put = update(table).where(number == which, table.c.sealed == sealed)
                session.execute(put.values(sealed=UNDER_MASTER + anew))
        if not rows:
            return done
        done, after = done + len(rows), query.where(number > rows[-1][0])


def _seal(session: Session, keys: sealing.Keys, conversation_id: str) -> int:
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("PRAGMA secure_delete = ON"))  # no words in freed pages
    try:
        hold(session, conversation_id)
    except NotFound:
        return 0  # erased meanwhile
    key = sealing.key_of(session, conversation_id)
    box = keys.box(key or sealing.make_key(session, keys, conversation_id))
    columns = [_events.c[name] for name in _COLUMNS]
    query = select(*columns).where(
        _events.c.conversation_id == conversation_id, _events.c.sealed.is_(None)
    )
    rows = [dict(row._mapping) for row in session.execute(query)]
    for row in rows:
        left, hidden = sealing.seal(box, row)
        told = {"left": left["data"], "name": left["actor_name"], "hidden": hidden}
        session.execute(_PUT, {"of": conversation_id, "number": row["id"], **told})
    return len(rows)
