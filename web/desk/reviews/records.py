"""Reviews: of one agent's time with one case, drawn or asked for, judged once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, column_property, mapped_column

from web.desk import sealed_words
from web.desk.errors import DeskError, NotFound, NotYours, WrongState
from web.desk.handlings import Handling
from web.desk.masking import mask
from web.desk.models import Agent, DataKey, Escalation, Json, Moment
from web.desk.reviews.form import Form
from web.desk.sealed_words import Words
from web.desk.sealing import keys_of
from web.desk.texts import clean

LISTED = 200


class Incomplete(DeskError):
    """A criterion has no points, or more than there are."""


class Review(Words):
    """A review. state: waiting, done or passed (looked at and not judged).

    seed: of the draw that it came from; None: asked for by the case's number. form, points: what
    was asked and given. share: per cent. words: to the agent, masked and sealed. seen_at: when they
    read it.
    """

    __tablename__ = "reviews"
    WORDS = ("words",)
    __table_args__ = (
        Index("ix_reviews_state_drawn_at", "state", "drawn_at"),
        Index("ix_reviews_agent_id_done_at", "agent_id", "done_at"),
        Index("ix_reviews_done_at", "done_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handling_id: Mapped[int] = mapped_column(
        ForeignKey("handlings.id", ondelete="CASCADE"), unique=True
    )
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    seed: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    drawn_at: Mapped[datetime] = mapped_column(Moment)
    drawn_by: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    form: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    points: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    share: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text, default="")
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    conversation_id: Mapped[str] = column_property(
        select(Handling.conversation_id)
        .where(Handling.id == handling_id)
        .correlate_except(Handling)
        .scalar_subquery(),
        expire_on_flush=False,
    )
    key: Mapped[str | None] = column_property(
        select(DataKey.sealed)
        .join(Handling, Handling.conversation_id == DataKey.conversation_id)
        .where(Handling.id == handling_id)
        .correlate_except(DataKey, Handling)
        .scalar_subquery(),
        expire_on_flush=False,
    )

    @classmethod
    def owner(cls) -> ColumnElement[Any]:
        """Return the conversation that was judged."""
        query = select(Handling.conversation_id).where(Handling.id == cls.handling_id)
        return query.correlate_except(Handling).scalar_subquery()


def ask_for(session: Session, number: str, lead: Agent, now: datetime) -> Review:
    """Put the last handling of a case on the list, by the number that its customer was told.

    One that is there already is returned. Raises NotFound, WrongState (it is not over yet).
    """
    query = (
        select(Handling)
        .join(Escalation, Escalation.id == Handling.escalation_id)
        .where(Escalation.number == number.strip().upper())
        .order_by(Handling.id.desc())
        .limit(1)
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(f"nobody had a case {number!r} in hand")
    if found.ended_at is None:
        raise WrongState(f"{number} is still in hand")
    known = session.scalars(select(Review).where(Review.handling_id == found.id)).one_or_none()
    return known or add(session, found, None, lead, now)


def add(
    session: Session, handling: Handling, seed: str | None, lead: Agent, now: datetime
) -> Review:
    """Put a handling on the list."""
    review = Review(
        handling_id=handling.id,
        agent_id=handling.agent_id,
        seed=seed,
        state="waiting",
        drawn_at=now,
        drawn_by=lead.id,
    )
    session.add(review)
    session.flush()
    return review


def find(session: Session, review_id: int) -> Review:
    """Find a review; raises NotFound."""
    found = session.get(Review, review_id, populate_existing=True)
    if found is None:
        raise NotFound(f"no review {review_id}")
    return found


def judge(
    session: Session,
    review_id: int,
    lead: Agent,
    form: Form,
    given: Mapping[str, int],
    words: str,
    now: datetime,
) -> Review:
    """Give a review its points; of two leads at once exactly one does.

    Raises NotFound, NotYours (one's own conversation), Incomplete, WrongState (judged already).
    """
    review = find(session, review_id)
    if review.agent_id == lead.id:
        raise NotYours("nobody judges their own conversation")
    for one in form.criteria:
        if not 0 <= given.get(one.id, -1) <= one.points:
            raise Incomplete(f"{one.id}: 0 to {one.points} points")
    shown = mask(clean(words).strip(), "order_number")[0]
    told = {"words": shown} if shown else {}
    own = session.get_one(Handling, review.handling_id).conversation_id
    sealed = sealed_words.seal(session.connection(), keys_of(session), own, told)
    asked = [
        {"id": one.id, "title": one.title, "points": one.points, "grave": one.grave}
        for one in form.criteria
    ]
    _end(
        session,
        review_id,
        state="done",
        reviewer_id=lead.id,
        done_at=now,
        form=asked,
        points={one.id: given[one.id] for one in form.criteria},
        share=form.share(given),
        words="" if sealed else shown,
        sealed=sealed,
    )
    return find(session, review_id)


def pass_over(session: Session, review_id: int, lead: Agent, now: datetime) -> None:
    """Take a review off the list unjudged: there is nothing to judge. Raises as judge does."""
    find(session, review_id)
    _end(session, review_id, state="passed", reviewer_id=lead.id, done_at=now)


def read_by_agent(session: Session, agent_id: int, now: datetime) -> None:
    """Note that an agent has seen all that was said of them so far."""
    session.execute(
        update(Review)
        .where(Review.agent_id == agent_id, Review.state == "done", Review.seen_at.is_(None))
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def count_unseen(session: Session, agent_id: int) -> int:
    """Count the reviews of an agent that they have not seen."""
    query = select(func.count()).where(
        Review.agent_id == agent_id, Review.state == "done", Review.seen_at.is_(None)
    )
    return session.scalar(query) or 0


def _end(session: Session, review_id: int, **columns: Any) -> None:
    ended = session.execute(
        update(Review)
        .where(Review.id == review_id, Review.state == "waiting")
        .values(**columns)
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    ).all()
    if len(ended) != 1:
        raise WrongState(f"review {review_id} is over")
