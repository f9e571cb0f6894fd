"""Pictures and documents of both sides, kept as sealed files beside the event that tells of them.

What seals a file is the key of its conversation, which ends with an erasure, in every copy of it.
"""

from __future__ import annotations

import os
import re
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk import events, sealing, turns
from web.desk.conversations import hold
from web.desk.documents import Document, Named
from web.desk.errors import DeskError, NotFound, NotYours, WrongState
from web.desk.events import Actor
from web.desk.models import Agent, Base, Event, Moment
from web.desk.pixels import Picture

PER_CONVERSATION = 20
ID = re.compile(r"[A-Za-z0-9_-]{32}")


class Attachment(Base):
    """A picture or document of a conversation; the file's name is its id.

    A document has no width or height; its kind and name stand in its event.
    """

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    event_id: Mapped[int | None]
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class TooManyAttachments(DeskError):
    """The conversation holds as many pictures and documents as it may."""


def add(
    session: Session,
    folder: Path,
    conversation_id: str,
    client_id: str,
    sent: Picture | Document,
    now: datetime,
    agent: Agent | None = None,
) -> tuple[Event, bool]:
    """Keep what was sent and write its event; the same client id again changes nothing.

    agent: who sends it, the customer when None. Returns the event, and whether it is new. Raises
    NotFound, TooManyAttachments; of an agent also WrongState, NotYours (they have the conversation
    not, or no longer).
    """
    conversation = hold(session, conversation_id)
    kind = "customer" if agent is None else "agent"
    stored = events.of_client(session, conversation_id, kind, client_id)
    if stored is not None:
        return stored, False
    if agent is not None and conversation.owner != "agent":
        raise WrongState(f"{conversation_id} is with {conversation.owner}")
    if agent is not None and conversation.agent_id != agent.id:
        raise NotYours(f"another agent owns {conversation_id}")
    count = select(func.count()).where(Attachment.conversation_id == conversation_id)
    if (session.scalar(count) or 0) >= PER_CONVERSATION:
        raise TooManyAttachments(f"{conversation_id} has {PER_CONVERSATION} already")
    attachment_id = secrets.token_urlsafe(24)
    _keep(session, folder, conversation_id, attachment_id, sent.content)
    width, height = (sent.width, sent.height) if isinstance(sent, Picture) else (0, 0)
    size = len(sent.content)
    of_kind: dict[str, Any] = {"width": width, "height": height}
    if isinstance(sent, Document):
        of_kind = {"kind": sent.kind, "name": sent.name}
    data = {"attachment": attachment_id, **of_kind, "size": size}
    actor = Actor(kind, conversation.name if agent is None else agent.display)
    event = events.append(
        session, conversation_id, "attachment", actor, data, now, client_id=client_id
    )
    session.add(
        Attachment(
            id=attachment_id,
            conversation_id=conversation_id,
            event_id=event.id,
            width=width,
            height=height,
            size=size,
            at=now,
        )
    )
    if conversation.owner in turns.ANSWERED:
        turns.owe(session, conversation_id, event.id, now)
    session.flush()
    return event, True


def of_conversation(session: Session, conversation_id: str) -> list[Attachment]:
    """List what was sent in a conversation, oldest first."""
    query = select(Attachment).where(Attachment.conversation_id == conversation_id)
    return list(session.scalars(query.order_by(Attachment.event_id)))


def read(session: Session, folder: Path, conversation_id: str, attachment_id: str) -> bytes:
    """Read what was sent in a conversation; raises NotFound, Unreadable."""
    found = _find(session, conversation_id, attachment_id)
    sealed, plain = paths_of(folder, found.id)
    try:
        raw = sealed.read_bytes()
    except FileNotFoundError:
        if not plain.is_file():
            raise NotFound("its file is gone") from None
        return plain.read_bytes()
    key = sealing.key_of(session, conversation_id)
    if key is None:
        raise NotFound("its key was destroyed")
    return sealing.unshut(sealing.box_of(session, key), raw, _place(found.id))


def named(session: Session, conversation_id: str, attachment_id: str) -> Named | None:
    """Tell a document's kind and name; None of a picture. Raises NotFound."""
    found = _find(session, conversation_id, attachment_id)
    event = session.get(Event, (conversation_id, found.event_id)) if found.event_id else None
    if event is None or "kind" not in event.data:
        return None
    return Named(event.data["kind"], event.data["name"])


def paths_of(folder: Path, attachment_id: str) -> tuple[Path, Path]:
    """Return where a file lies: sealed, and as pictures lay before they were sealed."""
    there = folder / attachment_id[:2] / attachment_id
    return there.with_suffix(".sealed"), there.with_suffix(".webp")


def remove(folder: Path, attachment_id: str) -> None:
    """Delete a file."""
    for path in paths_of(folder, attachment_id):
        path.unlink(missing_ok=True)


def seal_file(session: Session, folder: Path, conversation_id: str, attachment_id: str) -> bool:
    """Seal the file of a picture from before pictures were sealed; the caller holds its place.

    Returns whether there was one. What dies in between has both files, and is done again.
    """
    plain = paths_of(folder, attachment_id)[1]
    if sealing.box_for(session, conversation_id) is None or not plain.is_file():
        return False
    _keep(session, folder, conversation_id, attachment_id, plain.read_bytes())
    plain.unlink(missing_ok=True)
    return True


def _find(session: Session, conversation_id: str, attachment_id: str) -> Attachment:
    found = session.get(Attachment, attachment_id) if ID.fullmatch(attachment_id) else None
    if found is None or found.conversation_id != conversation_id:
        raise NotFound("nothing like it was sent in this conversation")
    return found


def _keep(
    session: Session, folder: Path, conversation_id: str, attachment_id: str, content: bytes
) -> None:
    box, (sealed, plain) = (
        sealing.box_for(session, conversation_id),
        paths_of(folder, attachment_id),
    )
    if box is None:
        _write(plain, content)
    else:
        _write(sealed, sealing.shut(box, content, _place(attachment_id)))


def _place(attachment_id: str) -> bytes:
    return b"picture:" + attachment_id.encode()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".part")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.rename(path)
