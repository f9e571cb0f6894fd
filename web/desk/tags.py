"""Tags that agents give to cases, to find and sort them by."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ForeignKey, Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk.masking import mask
from web.desk.models import Base
from web.desk.texts import shown

LENGTH, MOST = 20, 8  # characters of a tag; tags of a case
OFFERED = 12


class Tag(Base):
    """A case has a tag."""

    __tablename__ = "tags"
    __table_args__ = (Index("ix_tags_tag", "tag"),)

    escalation_id: Mapped[int] = mapped_column(
        ForeignKey("escalations.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)


def tidy(words: Iterable[str]) -> list[str]:
    """Bring wished tags into one form: without signs before, blanks and secrets, none twice."""
    found = (mask("".join(shown(word).lstrip("#＃").split()))[0][:LENGTH] for word in words)
    return list(dict.fromkeys(word for word in found if word))[:MOST]


def of_cases(session: Session, ids: Collection[int]) -> dict[int, list[str]]:
    """Read the tags of cases, by their ids."""
    found: dict[int, list[str]] = {}
    if not ids:
        return found
    query = select(Tag).where(Tag.escalation_id.in_(ids)).order_by(Tag.tag)
    for one in session.scalars(query):
        found.setdefault(one.escalation_id, []).append(one.tag)
    return found


def put(session: Session, case_id: int, words: Iterable[str]) -> list[str] | None:
    """Give a case these tags in place of its former ones; None where it has them already."""
    wished = sorted(tidy(words))
    if wished == sorted(of_cases(session, [case_id]).get(case_id, ())):
        return None
    session.execute(delete(Tag).where(Tag.escalation_id == case_id))
    session.add_all([Tag(escalation_id=case_id, tag=word) for word in wished])
    session.flush()
    return wished


def common(session: Session) -> list[str]:
    """List the tags that most cases have, for those who choose."""
    query = select(Tag.tag).group_by(Tag.tag).order_by(func.count().desc(), Tag.tag).limit(OFFERED)
    return list(session.scalars(query))
