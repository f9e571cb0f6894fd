"""The versions of content files in the database: rows are added, none is changed or dropped."""

from __future__ import annotations

import datetime as dt
import json
import logging
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from faq.errors import NoRevision
from faq.history import FILE, SHOWN, Change, Version, note_of
from web.desk.database import Database
from web.publishing.models import ContentDraft, ContentVersion

log = logging.getLogger(__name__)
BEGUN = "."  # the name of the row that says that all files were looked through once
NAMES = 20  # that a file may have had, one after the other


class Ledger:
    """The program's own store of versions; see faq.history.Own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, text: str | None, change: Change) -> int:
        """Add a version, text None where the file is gone; returns its number."""
        with self._database.write() as session:
            return add(session, name, text, change)

    def begin(self, texts: dict[str, str], change: Change) -> None:
        """Keep what there was before anything was kept, and that this is done."""
        mark = _row(BEGUN, None, replace(change, live=False))
        with self._database.write() as session:
            session.add_all([*(_row(name, text, change) for name, text in texts.items()), mark])

    def has_begun(self) -> bool:
        """Tell whether `begin` was ever called."""
        with self._database.read() as session:
            query = select(ContentVersion.id).where(ContentVersion.name == BEGUN)
            return session.scalar(query.limit(1)) is not None

    def versions(self, name: str, most: int = SHOWN) -> list[Version]:
        """List a file's versions, also under the names it had before, the newest first."""
        with self._database.read() as session:
            names = _names(session, name)
            published = (ContentDraft.id == ContentVersion.draft) & ContentVersion.live
            query = select(ContentVersion, ContentDraft.decided_by).outerjoin(
                ContentDraft, published
            )
            query = query.where(ContentVersion.name.in_(names))
            rows = session.execute(query.order_by(ContentVersion.id.desc()).limit(most))
            # What went to this very name shows once, as the move that it is.
            return [
                _shown(row, by or "")
                for row, by in rows
                if not (row.deed == "move" and row.text is None and row.other in names)
            ]

    def text(self, name: str, revision: str) -> str | None:
        """Return a version's text, None where there is none; raises NoRevision for a deletion."""
        if not revision.isdigit() or len(revision) > 9:
            return None
        with self._database.read() as session:
            row = session.get(ContentVersion, int(revision))
            if row is None or row.name not in _names(session, name):
                return None
            if row.text is None:
                raise NoRevision(f"{name} was deleted in version {revision}")
            return row.text

    def last(self, name: str) -> tuple[bool, str | None]:
        """Tell whether anything of a file was ever live, and its text now (None: it is gone)."""
        with self._database.read() as session:
            query = select(ContentVersion.text).where(
                ContentVersion.name == name, ContentVersion.live
            )
            row = session.execute(query.order_by(ContentVersion.id.desc()).limit(1)).one_or_none()
            return (False, None) if row is None else (True, row.text)

    def published(self) -> dict[str, str | None]:
        """Return every file's newest live text (None: it is gone), by name."""
        with self._database.read() as session:
            newest = select(func.max(ContentVersion.id)).where(ContentVersion.live)
            newest = newest.group_by(ContentVersion.name)
            query = select(ContentVersion.name, ContentVersion.text)
            rows = session.execute(query.where(ContentVersion.id.in_(newest)))
            return {row.name: row.text for row in rows}

    def gone(self) -> list[str]:
        """Name the files whose newest live version is a deletion, the latest first."""
        with self._database.read() as session:
            newest = select(func.max(ContentVersion.id)).where(ContentVersion.live)
            newest = newest.group_by(ContentVersion.name)
            query = select(ContentVersion.name).where(
                ContentVersion.id.in_(newest),
                ContentVersion.text.is_(None),
                ContentVersion.deed == "delete",
            )
            return list(session.scalars(query.order_by(ContentVersion.id.desc())))

    def is_empty(self) -> bool:
        """Tell whether no version was ever kept."""
        with self._database.read() as session:
            return session.scalar(select(ContentVersion.id).limit(1)) is None


def add(session: Session, name: str, text: str | None, change: Change) -> int:
    """Add a version within a transaction; returns its number."""
    row = _row(name, text, change)
    session.add(row)
    session.flush()
    return row.id


def take_over(ledger: Ledger, folder: Path) -> int:
    """Take over the copies that earlier versions of the program kept in a folder, once.

    Returns how many. Nothing is taken where the ledger has anything, so a second call is harmless.
    """
    if not folder.is_dir() or not ledger.is_empty():
        return 0
    found = []
    for path in folder.glob("**/*.json"):
        try:
            entry = json.loads(path.read_text(encoding="utf-8"))
            at = dt.datetime.fromisoformat(entry["at"])
            found.append((at, path.stem, path.parent.relative_to(folder).as_posix(), entry))
        except (OSError, ValueError, KeyError, TypeError):
            log.warning("%s is no kept version", path)
    found.sort(key=lambda item: item[:3])
    with ledger._database.write() as session:
        for at, _, name, entry in found:
            old = str(entry.get("note", ""))
            deed = {"before": "found", "by hand": "by-hand"}.get(old, old.split(" ")[0].lower())
            who = FILE if entry["who"] == "-" else str(entry["who"])
            add(session, name, entry["text"], Change(who, deed[:16], at))
    return len(found)


def _row(name: str, text: str | None, change: Change) -> ContentVersion:
    return ContentVersion(
        name=name,
        at=change.at,
        who=change.who,
        account=change.account,
        deed=change.deed,
        reason=change.reason,
        text=None if text is None else text.replace("\x00", "\ufffd"),
        other=change.other,
        draft=change.draft,
        live=change.live,
    )


def _names(session: Session, name: str) -> list[str]:
    """List a file's names: now, and those that it had before it was moved."""
    names = [name]
    while len(names) < NAMES:
        query = select(ContentVersion.other).where(
            ContentVersion.name == names[-1],
            ContentVersion.deed == "move",
            ContentVersion.live,
            ContentVersion.text.is_not(None),
        )
        before = session.scalars(query.order_by(ContentVersion.id.desc()).limit(1)).first()
        if before is None or before in names:
            break
        names.append(before)
    return names


def _shown(row: ContentVersion, by: str) -> Version:
    note = note_of(row.deed, row.name)
    number = str(row.id)
    return Version(number, row.at, row.who, note, row.deed, row.reason, row.name, row.live, by)
