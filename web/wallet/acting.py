"""Has the wallet do something, once under one key, and keeps how it ended."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from sqlalchemy import and_, case, func, or_, select, update

from web.desk import leases
from web.desk.database import Database
from web.desk.models import Conversation
from web.realtime.bus import tell
from web.wallet import looks, proposals
from web.wallet.client import NotThere, Wallet, WalletDown
from web.wallet.contract import Request, Wish
from web.wallet.models import WalletRequest

if TYPE_CHECKING:
    from web.realtime.bus import Bus
    from web.wallet.helping import Helper

log = logging.getLogger(__name__)
LEASE = "wallet"
PERIOD = timedelta(seconds=5)
PATIENCE = timedelta(seconds=15)  # for the wallet to tell by itself how a request ended
GIVEN_UP = timedelta(hours=6)
AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Errand:
    """What is asked of the wallet, and for whom; asked again it is the same to the letter."""

    key: str
    conversation_id: str
    customer: str
    kind: Wish
    transaction: str | None = None
    note: str | None = None

    @classmethod
    def of(cls, row: WalletRequest, customer: str) -> Errand:
        """Read what was noted."""
        kind = cast("Wish", row.kind)
        return cls(row.key, row.conversation_id, customer, kind, row.transaction_id, row.note)


def ask(
    database: Database,
    wallet: Wallet,
    errand: Errand,
    now: datetime,
    *,
    event_id: int | None = None,
    agent_id: int | None = None,
    about: dict[str, str] | None = None,
) -> Request | None:
    """Ask for something and return the request; None where the wallet did not take it.

    Raises AlreadyAsked. Nothing of the database is held while the wallet is asked.
    """
    with database.write() as session:
        looks.begin(
            session,
            errand.key,
            errand.conversation_id,
            errand.kind,
            now,
            agent_id,
            about=about,
            note=errand.note,
        )
    return carry_out(database, wallet, errand, now, event_id=event_id, agent_id=agent_id)


def carry_out(
    database: Database,
    wallet: Wallet,
    errand: Errand,
    now: datetime,
    *,
    event_id: int | None = None,
    agent_id: int | None = None,
) -> Request | None:
    """Ask for what was noted before; None where the wallet did not take it."""
    told = None
    try:
        told = _request(wallet, errand)
    except (WalletDown, NotThere):
        outcome = "down"
    else:
        outcome = told.Status
    with database.write() as session:
        if told is not None:
            looks.answered(session, errand.key, told)
        looks.record(
            session,
            errand.conversation_id,
            errand.kind.lower(),
            outcome,
            now,
            event_id=event_id,
            agent_id=agent_id,
            refs=[errand.transaction] if errand.transaction else (),
        )
    return told


def pursue(database: Database, helper: Helper, bus: Bus, now: datetime) -> int:
    """Ask after freezes that are not known to hold, and for all that the wallet never took.

    One process of all does it. Returns how many were asked after. What waits too long for a second
    pair of eyes, or for the wallet, is ended, which is noted in its case.
    """
    since = func.coalesce(WalletRequest.decided_at, WalletRequest.at)
    due = (
        select(WalletRequest, Conversation)
        .join(Conversation, Conversation.id == WalletRequest.conversation_id)
        .where(
            or_(
                WalletRequest.state == "asked",
                and_(WalletRequest.kind == "Freeze", WalletRequest.state == "accepted"),
            ),
            since <= now - PATIENCE,
            since >= now - GIVEN_UP,
        )
        .order_by(case((WalletRequest.kind == "Freeze", 0), else_=1), since)
        .limit(AT_ONCE)
    )
    over = (
        select(WalletRequest.key)
        .where(
            or_(
                and_(WalletRequest.state == "asked", since < now - GIVEN_UP),
                and_(WalletRequest.state == "proposed", WalletRequest.at <= now - proposals.LASTS),
            )
        )
        .limit(AT_ONCE)
    )
    with database.read() as session:
        found = [
            (Errand.of(row, own.subject), row.request_id)
            for row, own in session.execute(due)
            if own.subject is not None
        ]
        ended = list(session.scalars(over))
    if not (found or ended) or leases.take(database, LEASE, PERIOD, now) is None:
        return 0
    for key in ended:
        _end(database, helper, bus, key, now)
    for errand, request_id in found:
        try:
            if request_id is None:
                told = _request(helper.wallet, errand)
            else:
                wallet = helper.wallet
                told = wallet.requested(errand.customer, request_id, wallet.deadline())
        except (WalletDown, NotThere) as error:
            log.info("a request is not known to hold yet: %s", type(error).__name__)
            continue
        with database.write() as session:
            if request_id is None:
                looks.named(session, errand.key, told)
            concerned = helper.herald.request_changed(session, errand.customer, told, now)
        for conversation_id in concerned:
            tell(bus, conversation_id, desk=True)
    return len(found)


def _request(wallet: Wallet, errand: Errand) -> Request:
    until = wallet.deadline()
    wanted, note = errand.transaction, errand.note
    return wallet.request(errand.customer, errand.kind, errand.key, until, wanted, note)


def _end(database: Database, helper: Helper, bus: Bus, key: str, now: datetime) -> None:
    """End what nobody confirmed (lapsed) or the wallet never took (lost)."""
    with database.write() as session:
        for before, after in (("proposed", "lapsed"), ("asked", "lost")):
            rows = session.execute(
                update(WalletRequest)
                .where(WalletRequest.key == key, WalletRequest.state == before)
                .values(state=after, decided_at=now)
                .returning(WalletRequest.key)
            ).all()
            if rows:
                row = session.get(WalletRequest, key, populate_existing=True)
                if row is not None:
                    proposals.note(session, helper.teller(), row, after, now)
                    tell(bus, row.conversation_id, desk=True)
