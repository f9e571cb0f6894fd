"""What customers asked and how it was understood, for the editors' report: masked, no names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ForeignKey, String, Table, delete, insert, select
from sqlalchemy.orm import Mapped, Session, column_property, mapped_column

from web.desk import sealed_words
from web.desk.feedback import Feedback, Opinion
from web.desk.masking import mask, whose
from web.desk.models import DataKey, Escalation, Moment
from web.desk.sealed_words import Words
from web.desk.sealing import keys_of
from web.desk.texts import clean

LONGEST = 300
# A wish for a human so long after an answer still says that the answer did not do.
FOLLOWED = timedelta(minutes=10)
KEPT = timedelta(days=400)


class Asked(Words):
    """One question of a customer as the ranking understood it; the text is masked and sealed."""

    __tablename__ = "asked"
    WORDS = ("text",)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    place: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(String(300))
    band: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float]
    faq_id: Mapped[str | None] = mapped_column(String(100))
    outcome: Mapped[str] = mapped_column(String(16))
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    key: Mapped[str | None] = column_property(
        select(DataKey.sealed).where(DataKey.conversation_id == conversation_id).scalar_subquery()
    )


# Built once, on the table: see events.py.
_ASK = insert(cast(Table, Asked.__table__))


@dataclass(frozen=True, slots=True)
class Question:
    """One question. place: chat or search. band, confidence, faq_id: the ranking's.

    outcome: what came of it: answer, offer, unknown, flow, human. followed: a human was asked for
    soon after.
    """

    at: datetime
    place: str
    text: str
    band: str
    confidence: float
    faq_id: str | None
    outcome: str
    followed: bool


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote on an article."""

    at: datetime
    faq_id: str
    helpful: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """One customer's opinion, masked."""

    at: datetime
    text: str


def record(
    session: Session,
    text: str,
    band: str,
    confidence: float,
    faq_id: str | None,
    now: datetime,
    *,
    place: str,
    outcome: str | None = None,
    conversation_id: str | None = None,
) -> None:
    """Keep one question; the text is masked here, and sealed."""
    # What is kept is looked at, with as much again, so that no secret is cut in two unseen.
    shown = whose(mask(clean(text)[: 2 * LONGEST])[0]).strip()[:LONGEST]
    if not shown:
        return
    sealed = sealed_words.seal(
        session.connection(), keys_of(session), conversation_id, {"text": shown}
    )
    asked = {
        "at": now, "place": place, "text": "" if sealed else shown, "sealed": sealed,
        "band": band, "confidence": confidence,
        "faq_id": faq_id, "outcome": outcome or band, "conversation_id": conversation_id,
    }  # fmt: skip
    session.execute(_ASK, asked)


def since(session: Session, begin: datetime | None) -> Iterator[Question]:
    """Yield the questions from a time on, the oldest first."""
    human: dict[str, list[datetime]] = {}
    cases = select(Escalation.conversation_id, Escalation.created_at)
    if begin is not None:
        cases = cases.where(Escalation.created_at >= begin)  # a wish follows its question
    for conversation_id, at in session.execute(cases):
        human.setdefault(conversation_id, []).append(at)
    query = select(
        Asked.at,
        Asked.place,
        Asked.text,
        Asked.band,
        Asked.confidence,
        Asked.faq_id,
        Asked.outcome,
        Asked.conversation_id,
        Asked.sealed,
        Asked.key,
    ).order_by(Asked.at, Asked.id)
    if begin is not None:
        query = query.where(Asked.at >= begin)
    for row in session.execute(query):
        text = _text(session, row.text, row.sealed, row.key, row.conversation_id)
        if not text:
            continue  # its key was destroyed
        wishes = human.get(row.conversation_id or "", ())
        followed = any(row.at < wish <= row.at + FOLLOWED for wish in wishes)
        yield Question(
            row.at,
            row.place,
            text,
            row.band,
            row.confidence,
            row.faq_id,
            row.outcome,
            followed,
        )


def newest(session: Session, limit: int) -> list[tuple[str, str | None]]:
    """List the newest questions, each with the FAQ that was nearest."""
    query = select(Asked.text, Asked.faq_id, Asked.conversation_id, Asked.sealed, Asked.key)
    rows = session.execute(query.order_by(Asked.id.desc()).limit(limit))
    found = [
        (_text(session, row.text, row.sealed, row.key, row.conversation_id), row.faq_id)
        for row in rows
    ]
    return [one for one in found if one[0]]


def votes(session: Session, begin: datetime | None) -> list[Vote]:
    """List the votes on articles from a time on, the oldest first."""
    query = select(Feedback).order_by(Feedback.at, Feedback.id)
    if begin is not None:
        query = query.where(Feedback.at >= begin)
    return [
        Vote(row.at, row.faq_id, row.helpful, whose(row.reason) if row.reason else row.reason)
        for row in session.scalars(query)
    ]


def opinions(session: Session, begin: datetime | None) -> list[Said]:
    """List what customers want the product team to know from a time on, the newest first."""
    query = select(Opinion).order_by(Opinion.at.desc(), Opinion.id.desc())
    if begin is not None:
        query = query.where(Opinion.at >= begin)
    return [Said(row.at, whose(row.text)) for row in session.scalars(query) if row.text]


def _text(
    session: Session, text: str, sealed: str | None, key: str | None, conversation_id: str | None
) -> str:
    if sealed is not None:
        text = sealed_words.unseal(session, sealed, key, conversation_id).get("text", "")
    return whose(text)  # again: what was kept by earlier versions tells names


def forget(session: Session, now: datetime) -> None:
    """Delete what is older than a report can reach back."""
    session.execute(delete(Asked).where(Asked.at < now - KEPT))
