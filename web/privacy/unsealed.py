"""What lies in the open from before it was sealed: cards, names, identities, words, pictures.

Nothing tells without a look which of them do, so each process walks through all of them once, some
at a time; what is written meanwhile is sealed as it is written. A process that dies loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk import attachments, sealed_cards, sealed_words, sealing
from web.desk.attachments import Attachment
from web.desk.conversations import hold
from web.desk.database import Database
from web.desk.errors import NotFound
from web.desk.sealed_words import Words
from web.privacy import identities
from web.privacy.sealed import WORDS

log = logging.getLogger(__name__)
AT_ONCE = 200  # conversations and pictures a round


class Unsealed:
    """One walk. folder: of the pictures. sealed: how many rows and files it has sealed so far.

    words, identities: how many of those.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._conversation: str | None = ""  # the last one that was looked at, None at the end
        self._picture: str | None = ""
        self._words: dict[type[Words], Any] = dict.fromkeys(WORDS)  # the last looked at of each
        self._known = True  # whether there may be identities in the open
        self.sealed = self.words = self.identities = 0

    @property
    def is_over(self) -> bool:
        """Whether all was looked at."""
        left = self._conversation, self._picture
        return left == (None, None) and not self._words and not self._known

    def go_on(self) -> None:
        """Seal what lies in the open among the next ones; nothing where nothing is sealed."""
        with self._database.read() as session:
            keys = sealing.keys_of(session)
        if keys is None or not keys.seals:
            self._conversation = self._picture = None
            self._words, self._known = {}, False
        before = self.sealed + self.words + self.identities
        if self._conversation is not None:
            self._conversation = self._rows(self._conversation)
        if self._picture is not None:
            self._picture = self._files(self._picture)
        for model in list(self._words):
            self._lines(model)
        if self._known:
            self._known = self._identities()
        if (now := self.sealed + self.words + self.identities) > before:
            log.info("sealed %d rows and pictures of before", now - before)

    def _lines(self, model: type[Words]) -> None:
        with self._writing() as session:
            done, last = sealed_words.seal_open(session, model, self._words[model], AT_ONCE)
        self.words += done
        self._words[model] = last
        if last is None:
            del self._words[model]

    def _identities(self) -> bool:
        with self._database.read() as session:
            found = identities.find_open(session, AT_ONCE)
        for subject in found:
            with self._writing() as session:
                identities.seal(session, subject)
        self.identities += len(found)
        return bool(found)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with self._database.write() as session:
            if session.get_bind().dialect.name == "sqlite":
                session.execute(sa.text("PRAGMA secure_delete = ON"))  # no words in freed pages
            yield session

    def _rows(self, after: str) -> str | None:
        with self._database.read() as session:
            found, last = sealed_cards.find_open(session, after, AT_ONCE)
        for one in found:
            with self._writing() as session:
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
