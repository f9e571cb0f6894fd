"""All that is sealed, in one list, so that a new key reaches every place."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.accounts.models import SecondFactor
from web.desk import callbacks
from web.desk.asked import Asked
from web.desk.blocks import Block
from web.desk.bookings import Callback
from web.desk.devices import Address, PushKey
from web.desk.feedback import Feedback, Opinion
from web.desk.improvements import Improvement
from web.desk.mails import Mail
from web.desk.models import DataKey, Escalation
from web.desk.reviews.records import Review
from web.desk.sealed_words import Words
from web.desk.vault import Vault
from web.wallet.models import WalletLook, WalletNotice, WalletRequest

# sealed row by row
WORDS: tuple[type[Words], ...] = (
    Asked, Feedback, Improvement, Opinion, Block, Review, Mail, WalletLook, WalletRequest,
    WalletNotice,
)  # fmt: skip
# Columns whose texts the vault has sealed; empty ones were erased.
SEALED: tuple[tuple[Any, str], ...] = (
    (Callback, "number"),
    (Escalation, "email"),
    (Mail, "address"),
    (Address, "address"),
    (PushKey, "secret"),
    (SecondFactor, "secret"),
    (DataKey, "sealed"),  # and with it all that is said: sealed under these keys
    *((model, "sealed") for model in WORDS),
)
# Many rows, renewed some at a time (seal.py).
WALKED = {(DataKey, "sealed"), *((model, "sealed") for model in WORDS)}


def reseal(session: Session, vault: Vault) -> int:
    """Seal everything under the newest key but what has a walk of its own; returns how many texts.

    Raises Unreadable.
    """
    count = callbacks.reseal(session, vault)  # with the keyed hashes that find a number again
    for model, name in SEALED:
        if model is Callback or (model, name) in WALKED:
            continue
        column = getattr(model, name)
        query = select(model).where(column.is_not(None), column != "").with_for_update()
        for row in session.scalars(query):
            setattr(row, name, vault.reseal(getattr(row, name)))
            count += 1
    session.flush()
    return count
