"""Guessing is slowed by address and by account, and whoever signed in here before is let through.

Four things are counted, each in a row of its own: the tries of one address at one account, of one
address at any account, of anybody at one account, and of one browser that has signed in to that
account before. A known browser answers for its own tries alone, so that nobody else can keep its
owner out; from a new place the owner's own first tries are always taken, however many strangers
try.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import String, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk.errors import Throttled
from web.desk.models import Base, Moment

FREE_FAILURES = 5
LONGEST_WAIT = 60  # seconds
FREE_OF_ADDRESS = 30  # tries of one address at all accounts: whoever sprays one password on many
CROWD = 50  # tries an hour at one account, by whomever, from which strangers are slowed more
FREE_IN_CROWD = 1
LONGEST_IN_CROWD = 900
FORGOTTEN = timedelta(hours=1)


class LoginAttempt(Base):
    """Tries of one kind, counted whether or not the account exists."""

    __tablename__ = "login_attempts"

    name_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from. device: the mark of a browser that signed in to this account."""

    address: str = ""
    device: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True)
class _Counter:
    """One count. free: tries without a wait; longest: seconds, 0 where it is only counted."""

    key: str
    free: int
    longest: int


def count(session: Session, name: str, origin: Origin, now: datetime) -> None:
    """Count a try before it is checked, so that many at once don't slip through.

    name: the account's, or what else is guessed at. Raises Throttled, and then counts nothing.
    """
    session.execute(delete(LoginAttempt).where(LoginAttempt.last_at < now - FORGOTTEN))
    rows = [(_locked(session, one.key, now), one) for one in _counters(name, origin)]
    crowded = any(one.longest == 0 and row.failures >= CROWD for row, one in rows)
    wait = timedelta(0)
    for row, one in rows:
        free = FREE_IN_CROWD if crowded and one.free == FREE_FAILURES else one.free
        longest = LONGEST_IN_CROWD if crowded and one.free == FREE_FAILURES else one.longest
        over = row.failures - free
        if longest and over >= 0:
            pause = timedelta(seconds=min(longest, 2 ** min(over + 1, 10)))
            wait = max(wait, row.last_at + pause - now)
    if wait > timedelta(0):
        raise Throttled(max(1, int(wait.total_seconds() + 0.999)))
    for row, _ in rows:
        row.failures += 1
        row.last_at = now


def forgive(session: Session, name: str, origin: Origin) -> None:
    """Take a try back that was right; the others' tries stay counted."""
    for one in _counters(name, origin):
        if one.free == FREE_FAILURES and one.longest:
            session.execute(delete(LoginAttempt).where(LoginAttempt.name_hash == one.key))
        else:
            session.execute(
                update(LoginAttempt)
                .where(LoginAttempt.name_hash == one.key, LoginAttempt.failures > 0)
                .values(failures=LoginAttempt.failures - 1)
                .execution_options(synchronize_session=False)
            )


def _counters(name: str, origin: Origin) -> Iterator[_Counter]:
    if origin.device:
        yield _Counter(_key("device", name, origin.device), FREE_FAILURES, LONGEST_WAIT)
        return
    net = network(origin.address)
    # Always in this order: two tries at once that lock the same rows can't wait for each other.
    yield _Counter(_key("account", name), 0, 0)
    if net:
        yield _Counter(_key("address", net), FREE_OF_ADDRESS, LONGEST_WAIT)
    yield _Counter(_key("pair", name, net), FREE_FAILURES, LONGEST_WAIT)


def _locked(session: Session, key: str, now: datetime) -> LoginAttempt:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(LoginAttempt)
        .values(name_hash=key, failures=0, last_at=now)
        .on_conflict_do_nothing()
    )
    query = select(LoginAttempt).where(LoginAttempt.name_hash == key).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def network(address: str) -> str:
    """Return the address as one customer of a provider has it: of IPv6 the first half."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    plain = getattr(parsed, "ipv4_mapped", None) or parsed  # as a socket for both kinds tells it
    return str(ip_network(f"{plain}/64", strict=False)) if plain.version == 6 else str(plain)


def wider(address: str) -> str:
    """Return the range of an address as `network` gives it, "" of what is no address.

    A /24, or of IPv6 a /48, is what one customer of a hoster has at little cost.
    """
    try:
        own = ip_network(address)
    except ValueError:
        return ""
    return str(own.supernet(new_prefix=48 if own.version == 6 else 24))


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
