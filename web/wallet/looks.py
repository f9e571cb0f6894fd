"""Who looked into whose wallet, and what the wallet was asked to do: rows, never values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from web.desk import sealed_words
from web.desk.errors import DeskError
from web.desk.models import Base
from web.desk.sealing import keys_of
from web.wallet.contract import Request
from web.wallet.models import WalletLook, WalletRequest, WalletTold

REMEMBERED = timedelta(days=7)  # for which an event of the wallet's may not come again


class AlreadyAsked(DeskError):
    """The same is being asked of the wallet already, for the same transaction."""


def record(
    session: Session,
    conversation_id: str,
    what: str,
    outcome: str,
    now: datetime,
    *,
    event_id: int | None = None,
    agent_id: int | None = None,
    concern: str | None = None,
    refs: Sequence[str] = (),
) -> None:
    """Write that somebody looked, or had the wallet do something."""
    session.add(
        WalletLook(
            at=now,
            conversation_id=conversation_id,
            event_id=event_id,
            agent_id=agent_id,
            what=what,
            concern=concern,
            outcome=outcome,
            refs=list(refs),
        )
    )
    session.flush()


def last(session: Session, conversation_id: str, since: datetime) -> WalletLook | None:
    """Return the helper's newest look in a conversation."""
    query = (
        select(WalletLook)
        .where(
            WalletLook.conversation_id == conversation_id,
            WalletLook.agent_id.is_(None),
            WalletLook.at >= since,
            WalletLook.what.in_(("list", "transaction", "by_hand")),
        )
        .order_by(WalletLook.id.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def asked_about(session: Session, incident: str) -> list[str]:
    """List the conversations that were told of an incident."""
    query = select(WalletLook).where(WalletLook.what == "incident").order_by(WalletLook.id)
    rows = session.scalars(query)
    return list(dict.fromkeys(row.conversation_id for row in rows if incident in row.refs))


def begin(
    session: Session,
    key: str,
    conversation_id: str,
    kind: str,
    now: datetime,
    agent_id: int | None = None,
    *,
    state: str = "asked",
    about: dict[str, str] | None = None,
    note: str | None = None,
) -> bool:
    """Note what the wallet will be asked under a key, before it is asked.

    about: the card's part of the transaction. False where it was noted before under this key;
    raises AlreadyAsked where the same is under way for the same transaction.
    """
    told = {name: one for name, one in (("about", about), ("note", note)) if one}
    sealed = sealed_words.seal(session.connection(), keys_of(session), conversation_id, told)
    values: dict[str, object] = {
        "key": key,
        "conversation_id": conversation_id,
        "kind": kind,
        "state": state,
        "version": 0,
        "agent_id": agent_id,
        "at": now,
        "transaction_id": about["id"] if about else None,
        **({"about": None, "note": None} if sealed else {"about": about, "note": note}),
        "sealed": sealed,
    }
    if _insert_once(session, WalletRequest, values):
        return True
    if session.get(WalletRequest, key) is None:
        raise AlreadyAsked(f"{kind} is under way for this transaction")
    return False


def answered(session: Session, key: str, told: Request) -> None:
    """Note what the wallet answered."""
    session.execute(
        update(WalletRequest)
        .where(WalletRequest.key == key, WalletRequest.version < told.Version)
        .values(request_id=told.RequestId, state=told.Status, version=told.Version)
    )


def named(session: Session, key: str, told: Request) -> None:
    """Note under which id the wallet knows a request that it took at last."""
    session.execute(
        update(WalletRequest)
        .where(WalletRequest.key == key, WalletRequest.request_id.is_(None))
        .values(request_id=told.RequestId)
    )


def changed(session: Session, told: Request) -> WalletRequest | None:
    """Note a request's new state once; None where it is not ours or this was known already."""
    rows = session.execute(
        update(WalletRequest)
        .where(
            WalletRequest.request_id == told.RequestId,
            WalletRequest.kind == told.Kind,
            WalletRequest.version < told.Version,
        )
        .values(state=told.Status, version=told.Version)
        .returning(WalletRequest.key)
    ).all()
    return session.get(WalletRequest, rows[0][0], populate_existing=True) if rows else None


def take(session: Session, told: str, now: datetime) -> bool:
    """Take an event or nonce; False when it was taken before."""
    session.execute(delete(WalletTold).where(WalletTold.at < now - REMEMBERED))
    return _insert_once(session, WalletTold, {"id": told, "at": now})


def _insert_once(session: Session, model: type[Base], values: dict[str, object]) -> bool:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    table = cast(Table, model.__table__)
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    return bool(session.execute(statement.returning(*table.primary_key)).all())
