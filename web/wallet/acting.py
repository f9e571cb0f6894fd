"""Has the wallet do something, once under one key, and keeps how it ended."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from web.desk.database import Database
from web.wallet import looks
from web.wallet.client import NotThere, Wallet, WalletDown
from web.wallet.contract import Request, Wish

if TYPE_CHECKING:
    from web.desk.models import Conversation


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
