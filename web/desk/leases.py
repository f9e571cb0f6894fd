"""Work that is done every few seconds by one process of all, whichever comes first."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk.database import Database
from web.desk.models import Base, Moment

PROOF = "proof"
GAP = timedelta(seconds=6)  # after which the work counts as having been interrupted


class Lease(Base):
    """Work that only one process does: `ran_at` is when it was last done, `since` without a gap."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)
    ran_at: Mapped[datetime] = mapped_column(Moment)


def take(database: Database, name: str, period: timedelta, now: datetime) -> datetime | None:
    """Take the work's next turn, when it is due and nobody was quicker.

    Returns since when it has been done without a gap, None when the turn is not ours.
    """
    with database.read() as session:
        row = session.get(Lease, name)
    if row is not None and now - period < row.ran_at <= now:
        return None
    with database.write() as session:
        if row is None:
            return now if _begin(session, name, now) else None
        # A clock that was set back must not stop the work for good.
        whole = timedelta(0) <= now - row.ran_at <= GAP
        since = row.since if whole else now
        taken = session.execute(
            update(Lease)
            .where(Lease.name == name, Lease.ran_at == row.ran_at)
            .values(ran_at=now, since=since)
            .returning(Lease.name)
            .execution_options(synchronize_session=False)
        ).all()
        return since if len(taken) == 1 else None


def first(session: Session, name: str, now: datetime) -> bool:
    """Tell whether something that is done once, under this name, is ours to do."""
    return _begin(session, name, now)


def prove(database: Database, now: datetime) -> None:
    """Write a row, to see that the database takes it; raises SQLAlchemyError."""
    with database.write() as session:
        changed = session.execute(
            update(Lease)
            .where(Lease.name == PROOF)
            .values(ran_at=now)
            .returning(Lease.name)
            .execution_options(synchronize_session=False)
        ).all()
        if not changed:
            _begin(session, PROOF, now)


def _begin(session: Session, name: str, now: datetime) -> bool:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = session.execute(
        dialect.insert(Lease)
        .values(name=name, since=now, ran_at=now)
        .on_conflict_do_nothing()
        .returning(Lease.name)
    ).all()
    return len(made) == 1
