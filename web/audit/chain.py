"""Writing the chain and checking it: each entry's hash covers the one before.

Reasons are sealed under the key of the conversation that they are about: the chain covers what was
sealed, and still holds when the key is destroyed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from web.audit.models import AuditEntry, AuditHead
from web.desk.masking import mask
from web.desk.sealing import open_note, seal_note

START = "0" * 64
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did. about: the conversation whose end the reason is to end with, if any."""

    who: str
    action: str
    object: str = ""
    role: str = ""
    address: str = ""
    reason: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. wrong: the first entry that doesn't fit, None where all do."""

    entries: int
    head: str
    wrong: int | None
    why: str = ""


def append(session: Session, deed: Deed, now: datetime) -> AuditEntry:
    """Write an entry in the transaction of the session; others who write wait for its end."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = dialect.insert(AuditHead).values(id=1, last_id=0, hash=START)
    session.execute(made.on_conflict_do_nothing())
    query = select(AuditHead).where(AuditHead.id == 1).with_for_update()
    head = session.scalars(query.execution_options(populate_existing=True)).one()
    reason = mask(deed.reason)[0].strip()[:LONGEST_REASON]
    entry = AuditEntry(
        id=head.last_id + 1,
        at=now.astimezone(UTC),
        who=deed.who[:80],
        role=deed.role[:16],
        address=deed.address[:64],
        action=deed.action[:32],
        object=deed.object[:200],
        reason=seal_note(session, deed.about, reason) if deed.about else reason,
        before=head.hash,
    )
    entry.hash = digest(entry)
    session.add(entry)
    head.last_id, head.hash = entry.id, entry.hash
    session.flush()
    return entry


def lately(session: Session, deed: Deed, now: datetime, within: timedelta) -> bool:
    """Tell whether the same was written just now, so that a page that reloads fills no record.

    A reason that is given after reading without one is news.
    """
    query = select(AuditEntry.id).where(
        AuditEntry.who == deed.who,
        AuditEntry.action == deed.action,
        AuditEntry.object == deed.object[:200],
        AuditEntry.at > now - within,
    )
    if deed.reason.strip():
        query = query.where(AuditEntry.reason != "")
    return session.scalars(query.limit(1)).first() is not None


def gave_reason(session: Session, who: str, about: str, since: datetime) -> bool:
    """Tell whether somebody has said since then why they read something."""
    query = select(AuditEntry.id).where(
        AuditEntry.who == who,
        AuditEntry.action == "read",
        AuditEntry.object == about,
        AuditEntry.reason != "",
        AuditEntry.at > since,
    )
    return session.scalars(query.limit(1)).first() is not None


def reason_of(session: Session, entry: AuditEntry) -> str | None:
    """Read the reason of an entry; None when it was sealed and its conversation is erased."""
    return open_note(session, entry.reason)


def verify(session: Session, expect: tuple[int, str] | None = None) -> Verdict:
    """Check every entry. expect: an entry's number and hash that were noted elsewhere before.

    Whoever may write the database could write a whole other chain; only what was noted elsewhere
    shows that.
    """
    before, count = START, 0
    query = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)
    for entry in session.scalars(query):
        count += 1
        if entry.id != count:
            return Verdict(count - 1, before, count, "missing")
        if entry.before != before or digest(entry) != entry.hash:
            return Verdict(count, before, entry.id, "changed")
        if expect is not None and expect[0] == entry.id and expect[1] != entry.hash:
            return Verdict(count, before, entry.id, "not as noted")
        before = entry.hash
    head = session.get(AuditHead, 1)
    last = (head.last_id, head.hash) if head is not None else (0, START)
    if last != (count, before) or (expect is not None and expect[0] > count):
        return Verdict(count, before, count + 1, "cut off")
    return Verdict(count, before, None)


def digest(entry: AuditEntry) -> str:
    """Return the hash of an entry."""
    told = [
        entry.id, entry.at.astimezone(UTC).isoformat(timespec="microseconds"), entry.who,
        entry.role, entry.address, entry.action, entry.object, entry.reason, entry.before,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
