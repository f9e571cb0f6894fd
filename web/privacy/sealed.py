"""All that is sealed, in one list, so that a new key reaches every place."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.accounts.models import SecondFactor
from web.desk import callbacks
from web.desk.bookings import Callback
from web.desk.devices import Address, PushKey
from web.desk.mails import Mail
from web.desk.models import DataKey, Escalation
from web.desk.vault import Vault

# Columns whose texts the vault has sealed; empty ones were erased.
SEALED: tuple[tuple[Any, str], ...] = (
    (Callback, "number"),
    (Escalation, "email"),
    (Mail, "address"),
    (Address, "address"),
    (PushKey, "secret"),
    (SecondFactor, "secret"),
    (DataKey, "sealed"),  # and with it all that is said: sealed under these keys
)


def reseal(session: Session, vault: Vault) -> int:
    """Seal everything under the newest key but conversations' keys; returns how many texts.

    Those are many, and have a walk of their own (seal.renew_keys). Raises Unreadable.
    """
    count = callbacks.reseal(session, vault)  # with the keyed hashes that find a number again
    for model, name in SEALED:
        if model in (Callback, DataKey):
            continue
        column = getattr(model, name)
        query = select(model).where(column.is_not(None), column != "").with_for_update()
        for row in session.scalars(query):
            setattr(row, name, vault.reseal(getattr(row, name)))
            count += 1
    session.flush()
    return count
