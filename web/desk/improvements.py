"""What agents propose to the editors: a customer's words and the answer that a draft became.

Editors never read a conversation; they get these two texts, masked as strictly as a customer's.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk import events
from web.desk.errors import NotFound, WrongState
from web.desk.masking import mask, whose
from web.desk.models import Agent, Event, Moment, key_of
from web.desk.sealed_words import Words
from web.desk.texts import clean

OPEN = "open"
LISTED = 100
LONGEST = 2000  # characters, as of a message


class Improvement(Words):
    """One proposal about one FAQ. state: open, taken, done or declined.

    asked, said: sealed. event_id: of the customer's message that was answered; one proposal each.
    """

    __tablename__ = "improvements"
    WORDS = ("asked", "said")
    __table_args__ = (
        UniqueConstraint("conversation_id", "event_id"),
        Index("ix_improvements_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    event_id: Mapped[int]
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    faq_id: Mapped[str] = mapped_column(String(100))
    asked: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default=OPEN)
    at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    key: Mapped[str | None] = key_of(conversation_id)


def propose(
    session: Session,
    conversation_id: str,
    agent: Agent,
    faq_id: str,
    event_id: int,
    client_id: str,
    now: datetime,
) -> tuple[Improvement, bool]:
    """Propose what an agent made of an FAQ's draft; the same message again changes nothing.

    event_id: the customer's message. client_id: of the agent's answer to it. Returns the proposal
    and whether it is new. Raises NotFound for what is not there or not so.
    """
    asked = session.get(Event, (conversation_id, event_id))
    said = events.of_client(session, conversation_id, "agent", client_id)
    if asked is None or asked.actor_kind != "customer" or asked.type != "message":
        raise NotFound(f"no customer's message {event_id}")
    if said is None or said.type != "message" or said.id < asked.id:
        raise NotFound("no answer under this id")
    query = select(Improvement).where(
        Improvement.conversation_id == conversation_id, Improvement.event_id == event_id
    )
    known = session.scalars(query).one_or_none()
    if known is not None:
        return known, False
    made = Improvement(
        conversation_id=conversation_id,
        event_id=event_id,
        agent_id=agent.id,
        faq_id=faq_id,
        asked=_masked(asked),
        said=_masked(said),
        at=now,
    )
    session.add(made)
    session.flush()
    return made, True


def waiting(session: Session) -> list[tuple[Improvement, str]]:
    """List the open proposals, the oldest first, each with its agent's shown name."""
    query = (
        select(Improvement, Agent.display)
        .join(Agent, Agent.id == Improvement.agent_id)
        .where(Improvement.state == OPEN)
        .order_by(Improvement.id)
        .limit(LISTED)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def count(session: Session) -> int:
    """Count the open proposals."""
    query = select(func.count()).select_from(Improvement).where(Improvement.state == OPEN)
    return session.scalar(query) or 0


def get(session: Session, number: int) -> Improvement:
    """Read one that is open; raises NotFound, WrongState once somebody has decided."""
    found = session.get(Improvement, number, populate_existing=True)
    if found is None:
        raise NotFound(f"no proposal {number}")
    if found.state != OPEN:
        raise WrongState(f"proposal {number} is {found.state}")
    return found


def decide(session: Session, number: int, state: str, who: str, now: datetime) -> None:
    """Note what became of a proposal; raises NotFound, WrongState when somebody was quicker."""
    changed = session.execute(
        update(Improvement)
        .where(Improvement.id == number, Improvement.state == OPEN)
        .values(state=state, decided_at=now, decided_by=who)
        .returning(Improvement.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not changed:
        get(session, number)


def _masked(event: Event) -> str:
    shown = mask(clean(str(event.data.get("text", ""))))[0]
    return whose(shown).strip()[:LONGEST]
