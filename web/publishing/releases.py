"""A draft goes live: its file is written under the store's lock, then the draft is closed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from faq.errors import Busy, Collision, FaqError
from faq.findings import Finding, errors
from faq.store import NONE, Saved, Store, Why, version_of
from web.desk.database import Database
from web.publishing import drafts
from web.publishing.judging import refuse_errors
from web.publishing.models import OPEN, ContentDraft

log = logging.getLogger(__name__)
# Finds what is wrong: (name, text or None to delete it, the file that goes when it comes)
Judging = Callable[[str, str | None, str | None], list[Finding]]


class Releases:
    """Publishes drafts, for a person and for the clock alike."""

    def __init__(self, database: Database, store: Store, judging: Judging) -> None:
        self._database = database
        self._store = store
        self._judging = judging

    def findings(self, draft: ContentDraft, text: str | None) -> list[Finding]:
        """Judge a draft as if it went live now."""
        moves = draft.name if draft.name != draft.target else None
        return self._judging(draft.target, text, moves)

    def publish(
        self, draft_id: int, edition: int, who: str, account: int | None, now: datetime
    ) -> Saved:
        """Let a draft go live. who: publishes it. Raises Unfit, Collision, Busy.

        A process that died between the file and the draft's end leaves a draft that says what the
        file says: publishing it again only ends it.
        """
        with self._database.read() as session:
            draft = drafts.get(session, draft_id)
            text = drafts.text_of(session, draft)
        if not self._is_written(draft, text):
            refuse_errors(self.findings(draft, text))
        saved = self._write(draft, edition, text, now)
        with self._database.write() as session:
            drafts.decide(
                session, drafts.get(session, draft_id), edition, "published", who, account, now
            )
        return saved

    def release_due(self, now: datetime) -> list[int]:
        """Publish what is due; what can't go live waits again, with the reason. Returns which went.

        now: the time that counts; whoever agreed to it is who publishes.
        """
        with self._database.read() as session:
            found = drafts.due(session, now)
        released = []
        for draft in found:
            who, account = draft.decided_by or draft.author, draft.decider
            try:
                self.publish(draft.id, draft.edition, who, account, now)
                released.append(draft.id)
            except Busy:
                continue  # the next round tries again
            except FaqError as error:
                log.warning("draft %s of %s did not go live: %s", draft.id, draft.name, error)
                self._give_back(draft, error, now)
        return released

    def _give_back(self, draft: ContentDraft, error: FaqError, now: datetime) -> None:
        found = errors(getattr(error, "findings", []))
        why = "；".join(f"{item.why} → {item.fix}" for item in found)
        try:
            with self._database.write() as session:
                current = drafts.get(session, draft.id)
                drafts.give_back(session, current, why or type(error).__name__, now)
        except Collision:
            pass  # somebody changed or withdrew it just now

    def _is_written(self, draft: ContentDraft, text: str | None) -> bool:
        there = self._store.read(draft.target).text == text
        if draft.name == draft.target or not there:
            return there
        return self._store.read(draft.name).text is None

    def _write(self, draft: ContentDraft, edition: int, text: str | None, now: datetime) -> Saved:
        if self._is_written(draft, text):
            return Saved(NONE if text is None else version_of(text.encode()), True)
        with self._database.read() as session:
            wrote = sorted(drafts.writers(session, draft))
        why = Why(draft.reason, wrote[-1] if wrote else None, draft.deed, draft.id)

        def still(_: str) -> None:
            with self._database.read() as session:
                current = drafts.get(session, draft.id)
                if current.edition != edition or current.state not in OPEN:
                    raise Collision(drafts.text_of(session, current), drafts.token(current))

        if text is None:
            still("")
            return self._store.delete(draft.name, draft.base, draft.author, now, why)
        if draft.name != draft.target:
            return self._store.move(
                draft.name, draft.target, text, draft.base, draft.author, now, still, why
            )
        return self._store.write(draft.name, text, draft.base, draft.author, now, still, why)
