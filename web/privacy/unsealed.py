"""What lies in the open from before it was sealed: cards and names, and the files of pictures.

Nothing tells without a look which of them do, so each process walks through all of them once, some
at a time; what is written meanwhile is sealed as it is written. A process that dies loses nothing.
"""

from __future__ import annotations

import logging
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import select

from web.desk import attachments, sealed_cards, sealing
from web.desk.attachments import Attachment
from web.desk.conversations import hold
from web.desk.database import Database
from web.desk.errors import NotFound

log = logging.getLogger(__name__)
AT_ONCE = 200  # conversations and pictures a round


class Unsealed:
    """One walk. folder: of the pictures. sealed: how many rows and files it has sealed so far."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._conversation: str | None = ""  # the last one that was looked at, None at the end
        self._picture: str | None = ""
        self.sealed = 0

    @property
    def is_over(self) -> bool:
        """Whether all was looked at."""
        return self._conversation is None and self._picture is None

    def go_on(self) -> None:
        """Seal what lies in the open among the next ones; nothing where nothing is sealed."""
        with self._database.read() as session:
            keys = sealing.keys_of(session)
        if keys is None or not keys.seals:
            self._conversation = self._picture = None
        before = self.sealed
        if self._conversation is not None:
            self._conversation = self._rows(self._conversation)
        if self._picture is not None:
            self._picture = self._files(self._picture)
        if self.sealed > before:
            log.info("sealed %d cards and pictures of before", self.sealed - before)

    def _rows(self, after: str) -> str | None:
        with self._database.read() as session:
            found, last = sealed_cards.find_open(session, after, AT_ONCE)
        for one in found:
            with self._database.write() as session:
                if session.get_bind().dialect.name == "sqlite":
                    session.execute(sa.text("PRAGMA secure_delete = ON"))  # no words in freed pages
                try:
                    hold(session, one)
                except NotFound:
                    continue  # erased meanwhile
                self.sealed += sealed_cards.seal_again(session, one)
        return last or None

    def _files(self, after: str) -> str | None:
        query = select(Attachment.id, Attachment.conversation_id).where(Attachment.id > after)
        with self._database.read() as session:
            rows = session.execute(query.order_by(Attachment.id).limit(AT_ONCE)).all()
        for name, own in rows:
            if not attachments.paths_of(self._folder, name)[1].is_file():
                continue
            with self._database.write() as session:
                try:
                    hold(session, own)
                except NotFound:
                    continue
                self.sealed += attachments.seal_file(session, self._folder, own, name)
        return rows[-1].id if rows else None
