"""Has the wallet do something, once under one key, and keeps how it ended."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from web.desk import leases
from web.desk.database import Database
from web.desk.models import Conversation
from web.realtime.bus import tell
from web.wallet import looks
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


def ask(
    database: Database,
    wallet: Wallet,
    conversation: Conversation,
    wish: Wish,
    key: str,
    now: datetime,
    *,
    event_id: int | None = None,
    agent_id: int | None = None,
    transaction: str | None = None,
) -> Request | None:
    """Ask for something and return the request; None where the wallet did not take it.

    Nothing of the database is held while the wallet is asked.
    """
    with database.write() as session:
        looks.begin(session, key, conversation.id, wish, now, agent_id)
    told = None
    try:
        told = wallet.request(str(conversation.subject), wish, key, wallet.deadline(), transaction)
    except (WalletDown, NotThere):
        outcome = "down"
    else:
        outcome = told.Status
    with database.write() as session:
        if told is not None:
            looks.answered(session, key, told)
        looks.record(
            session,
            conversation.id,
            wish.lower(),
            outcome,
            now,
            event_id=event_id,
            agent_id=agent_id,
            refs=[transaction] if transaction else (),
        )
    return told


def pursue(database: Database, helper: Helper, bus: Bus, now: datetime) -> int:
    """Ask after freezes that are not known to hold, and for those that the wallet never took.

    One process of all does it. Returns how many were asked after. What is refused or too old is
    left; a person has the case by then.
    """
    due = (
        select(WalletRequest, Conversation.subject)
        .join(Conversation, Conversation.id == WalletRequest.conversation_id)
        .where(
            WalletRequest.kind == "Freeze",
            WalletRequest.state.in_(("asked", "accepted")),
            WalletRequest.at <= now - PATIENCE,
            WalletRequest.at >= now - GIVEN_UP,
        )
        .order_by(WalletRequest.at)
        .limit(AT_ONCE)
    )
    with database.read() as session:
        found = [(row.key, row.request_id, customer) for row, customer in session.execute(due)]
    if not found or leases.take(database, LEASE, PERIOD, now) is None:
        return 0
    for key, request_id, customer in found:
        wallet = helper.wallet
        try:
            if request_id is None:
                told = wallet.request(customer, "Freeze", key, wallet.deadline())
            else:
                told = wallet.requested(customer, request_id, wallet.deadline())
        except (WalletDown, NotThere) as error:
            log.info("a freeze is not known to hold yet: %s", type(error).__name__)
            continue
        with database.write() as session:
            if request_id is None:
                looks.named(session, key, told)
            concerned = helper.herald.request_changed(session, customer, told, now)
        for conversation_id in concerned:
            tell(bus, conversation_id, desk=True)
    return len(found)
