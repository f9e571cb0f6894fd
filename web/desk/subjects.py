"""Customers' identities in rows: a keyed hash finds them again, the identity itself is in no row.

Who it is lies sealed in the row of each of their conversations (sealed_cards.py). Rows from before
hold identities in the open until privacy/identities.py has come by, and are found all the same.
"""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from web.desk.database import insert_once
from web.desk.models import Customer
from web.desk.sealing import Keys, keys_of
from web.desk.vault import Vault

MARK = "keyed:"  # no identity begins so: see web/identity.py


def kept(keys: Keys | None, subject: str) -> str:
    """Return what a row holds of an identity; itself where nothing is sealed."""
    return subject if keys is None or not keys.seals else marks(keys.vault, subject)[0]


def written(session: Session, subject: str | None) -> str | None:
    """Return what a row of this session is to hold of an identity; None of a stranger's."""
    return None if subject is None else kept(keys_of(session), subject)


def marks(vault: Vault, subject: str) -> list[str]:
    """Return an identity's keyed hashes, under the newest secret first."""
    return [f"{MARK}{one}" for one in vault.fingerprints(f"identity:{subject}")]


def known_as(session: Session, subject: str) -> list[str]:
    """Return all that rows may hold of an identity, the newest way first."""
    keys = keys_of(session)
    return [subject] if keys is None else [*marks(keys.vault, subject), subject]


def find(session: Session, subject: str) -> Customer | None:
    """Find a signed-in customer's row."""
    return session.scalars(
        select(Customer).where(Customer.subject.in_(known_as(session, subject)))
    ).first()


def hold(session: Session, subject: str) -> Customer:
    """Read a signed-in customer's row, made where there is none, and keep other writers off it."""
    own = kept(keys_of(session), subject)
    again = aliased(Customer)
    session.execute(
        update(Customer)
        .where(
            Customer.subject.in_(known_as(session, subject)),
            Customer.subject != own,
            ~select(again.subject).where(again.subject == own).exists(),
        )
        .values(subject=own)
        .execution_options(synchronize_session=False)
    )
    insert_once(session, Customer, [{"subject": own}])
    query = select(Customer).where(Customer.subject == own).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()
