"""Drafts: changes that wait for somebody to publish them, or for their time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from faq.errors import Collision, NoRevision, NotAllowed
from faq.history import FILE, Change
from web.desk.models import Agent
from web.publishing import ledger
from web.publishing.models import OPEN, ContentDraft, ContentVersion, DraftComment
from web.publishing.roles import is_of, publisher_of

CLOCK = "clock"  # who says why a scheduled draft did not go live
DONE = ("published", "rejected", "withdrawn")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change as somebody wants it.

    text: None for a deletion. target: where it is to go. base: the version of the file that it is
    meant to replace. account: None for a change by hand. due: when it is to go live, None at once.
    """

    name: str
    target: str
    text: str | None
    base: str
    deed: str
    who: str
    account: int | None
    reason: str = ""
    due: datetime | None = None


def token(draft: ContentDraft) -> str:
    """Name a draft as it stands, as faq.store names a file's content."""
    return f"draft-{draft.id}-{draft.edition}"


def open_of(session: Session, name: str) -> ContentDraft | None:
    """Return the open draft of a file, also one that would move another file there."""
    query = select(ContentDraft).where(ContentDraft.state.in_(OPEN))
    mine = session.scalars(query.where(ContentDraft.name == name)).one_or_none()
    return mine or session.scalars(query.where(ContentDraft.target == name)).first()


def get(session: Session, draft_id: int) -> ContentDraft:
    """Return a draft by its number; raises NoRevision."""
    found = session.get(ContentDraft, draft_id)
    if found is None:
        raise NoRevision(f"no draft {draft_id}")
    return found


def text_of(session: Session, draft: ContentDraft) -> str | None:
    """Return what a draft says; None for a deletion."""
    row = session.get(ContentVersion, draft.version)
    return None if row is None else row.text


def waiting(session: Session) -> list[ContentDraft]:
    """List the open drafts, the longest waiting first."""
    query = select(ContentDraft).where(ContentDraft.state.in_(OPEN))
    return list(session.scalars(query.order_by(ContentDraft.at)))


def due(session: Session, now: datetime) -> list[ContentDraft]:
    """List the scheduled drafts whose time has come."""
    query = select(ContentDraft).where(ContentDraft.state == "scheduled", ContentDraft.due <= now)
    return list(session.scalars(query.order_by(ContentDraft.due)))


def comments(session: Session, draft_id: int) -> list[DraftComment]:
    """List what was said about a draft, the oldest first."""
    query = select(DraftComment).where(DraftComment.draft_id == draft_id)
    return list(session.scalars(query.order_by(DraftComment.id)))


def put(
    session: Session, wish: Proposal, seen: str, now: datetime, state: str = "waiting"
) -> ContentDraft:
    """Make a file's draft, or save another edition of the one that the writer saw.

    state: `scheduled` where nobody has to agree. Raises Collision for an edition that was not seen.
    """
    draft = open_of(session, wish.name)
    if draft is None:
        draft = ContentDraft(name=wish.name, edition=0, version=0)
        _fill(draft, wish, now, state)
        session.add(draft)
        try:
            session.flush()
        except IntegrityError:  # another process was quicker
            raise Collision(None, "") from None
    elif seen != token(draft):
        raise Collision(text_of(session, draft), token(draft))
    else:
        _fill(draft, wish, now, state)
    change = Change(wish.who, wish.deed, now, wish.reason, wish.account, None, draft.id, live=False)
    kept = ledger.add(session, wish.target, wish.text, change)
    _guarded(session, draft, draft.edition, version=kept, edition=draft.edition + 1)
    session.refresh(draft)
    return draft


def comment(session: Session, draft_id: int, who: str, text: str, now: datetime) -> None:
    """Say something about a draft."""
    session.add(DraftComment(draft_id=get(session, draft_id).id, at=now, who=who, text=text))


def decide(
    session: Session,
    draft: ContentDraft,
    edition: int,
    state: str,
    who: str,
    account: int | None,
    now: datetime,
    due: datetime | None = None,
) -> None:
    """Publish, schedule, reject or withdraw the edition that was seen; raises Collision."""
    values: dict[str, Any] = {"state": state, "decided_at": now, "decided_by": who}
    values["decider"] = account
    if due is not None:
        values["due"] = due
    _guarded(session, draft, edition, **values)


def give_back(session: Session, draft: ContentDraft, why: str, now: datetime) -> None:
    """Let a scheduled draft wait again, with what kept it from going live."""
    _guarded(session, draft, draft.edition, state="waiting", due=None)
    comment(session, draft.id, CLOCK, why, now)


def writers(session: Session, draft: ContentDraft) -> set[int]:
    """Return the accounts that wrote any edition of a draft."""
    query = select(ContentVersion.account).where(ContentVersion.draft == draft.id)
    return {found for found in session.scalars(query) if found is not None}


def may_publish(session: Session, draft: ContentDraft, agent: Agent, *, review: bool) -> bool:
    """Tell whether somebody may let a draft go live: where review is on, never a writer of it."""
    small = not review and agent.role == "editor" and is_of(draft.name, "editor")
    right = small or agent.role == publisher_of(draft.name)
    return right and not (review and agent.id in writers(session, draft))


def refuse_unless(allowed: bool, why: str) -> None:
    """Raise NotAllowed."""
    if not allowed:
        raise NotAllowed(why)


def by_hand(session: Session, wish: Proposal, now: datetime) -> bool:
    """Take a change by hand up as a draft; False where another one is open already.

    Then it is kept as a version of that draft's file, and said beside the draft.
    """
    draft = open_of(session, wish.name)
    if draft is None or draft.author == FILE:
        put(session, wish, "" if draft is None else token(draft), now)
        return True
    change = Change(FILE, wish.deed, now, draft=None, live=False)
    ledger.add(session, wish.target, wish.text, change)
    comment(session, draft.id, FILE, "", now)
    return False


def _fill(draft: ContentDraft, wish: Proposal, now: datetime, state: str) -> None:
    draft.target, draft.base, draft.deed = wish.target, wish.base, wish.deed
    draft.author, draft.reason, draft.at = wish.who, wish.reason, now
    draft.state, draft.due = state, wish.due
    draft.decided_by = wish.who if state == "scheduled" else None
    draft.decider = wish.account if state == "scheduled" else None


def _guarded(session: Session, draft: ContentDraft, seen: int, **values: Any) -> None:
    """Change a draft that is still open and of that edition; raises Collision."""
    session.flush()
    changed = session.execute(
        update(ContentDraft)
        .where(
            ContentDraft.id == draft.id,
            ContentDraft.edition == seen,
            ContentDraft.state.in_(OPEN),
        )
        .values(**values)
        .returning(ContentDraft.id)
        .execution_options(synchronize_session=False)
    ).all()
    if len(changed) != 1:
        session.refresh(draft)
        raise Collision(text_of(session, draft), token(draft))
