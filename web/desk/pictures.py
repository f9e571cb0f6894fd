"""Pictures of both sides: judged by content, made anew without metadata, kept as sealed files.

What seals a file is the key of its conversation, which ends with an erasure, in every copy of it.
"""

from __future__ import annotations

import io
import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk import events, sealing, turns
from web.desk.conversations import hold
from web.desk.errors import DeskError, NotFound, NotYours, WrongState
from web.desk.events import Actor
from web.desk.models import Agent, Base, Event, Moment

LARGEST = 8 * 1024 * 1024  # bytes as sent
PIXELS = 30_000_000  # a few kilobytes can claim to be a picture of any size
# Phones photograph in more, as JPEG or HEIC: what their decoders can give smaller, strip by strip.
PHOTO = 65_000_000
STRIP = 512  # rows
SIDE = 4096  # pixels; larger ones are made smaller
STRETCH = 16_000  # of a long screenshot, whose width must stay readable
PER_CONVERSATION = 20
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "AVIF", "HEIF")
# What iPhones take. One thread a picture, for the pool that decodes is the budget; previews inside
# are pictures that nobody asked for.
pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False)
ID = re.compile(r"[A-Za-z0-9_-]{32}")


class Attachment(Base):
    """A picture of a conversation; the file's name is its id."""

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


class BadPicture(DeskError):
    """What was sent is no picture that we take: reason is "size", "pixels" or "kind"."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"no picture to take: {reason}")
        self.reason = reason


class TooManyPictures(DeskError):
    """The conversation holds as many pictures as it may."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made anew: WebP bytes and its size in pixels."""

    content: bytes
    width: int
    height: int


def remake(raw: bytes) -> Picture:
    """Decode a picture and encode its pixels alone: no metadata, no place, nothing hidden behind.

    Its type is what its content says. Raises BadPicture.
    """
    bare = decode(raw)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=82, method=2)
    return Picture(out.getvalue(), bare.width, bare.height)


def decode(raw: bytes) -> Image.Image:
    """Return a picture's pixels alone, upright, on white where it is clear; raises BadPicture."""
    if not 0 < len(raw) <= LARGEST:
        raise BadPicture("size")
    try:
        image = _open(raw)
        clear = "A" in image.getbands() or "transparency" in image.info
        image = image.convert("RGBA" if clear else "RGB")
    except BadPicture:
        raise
    except Image.DecompressionBombError:
        raise BadPicture("pixels") from None
    except UnidentifiedImageError:
        raise BadPicture("kind") from None
    except Exception as error:
        # Broken files fail in as many ways as there are decoders; none of them is our fault.
        raise BadPicture("kind") from error
    if clear:
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    narrow, long = sorted(image.size)
    scale = min(1.0, SIDE / narrow, STRETCH / long)
    if scale < 1:
        image = image.resize((max(1, int(image.width * scale)), max(1, int(image.height * scale))))
    # A new image, so that nothing of the old one's info goes along. Pasting lets the loop go on,
    # and needs no third copy of what may be 90 MB.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    return bare


def is_large(raw: bytes) -> bool:
    """Tell whether a picture takes so much memory that only one is to be decoded at a time."""
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
            return PIXELS < opened.width * opened.height <= PHOTO
    except Exception:  # decode says what is wrong
        return False


def _open(raw: bytes) -> Image.Image:
    """Decode, at a fraction of its size what would otherwise be too many pixels; upright."""
    with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
        pixels = opened.width * opened.height
        if pixels > PIXELS and (opened.format not in ("JPEG", "HEIF") or pixels > PHOTO):
            raise BadPicture("pixels")
        if pixels > PIXELS and opened.format == "HEIF":
            return _halved(raw)
        if pixels > PIXELS:
            opened.draft("RGB", (opened.width // 2, opened.height // 2))
        else:
            opened.draft("RGB", (SIDE, SIDE))
        opened.load()
        return ImageOps.exif_transpose(opened)


def _halved(raw: bytes) -> Image.Image:
    """Decode a HEIC photo to half its sides, never holding more of it than the decoder's own copy.

    Pillow keeps four bytes a pixel and copies on each step: 600 MB for what takes 300 MB here.
    """
    frame = pillow_heif.open_heif(io.BytesIO(raw), convert_hdr_to_8bit=True)
    data, (width, height) = frame.data, frame.size
    if width * height > PHOTO or frame.mode not in ("RGB", "RGBA", "L"):
        raise BadPicture("pixels")
    half = Image.new(frame.mode, (width // 2, height // 2))
    for top in range(0, height - height % 2, STRIP):
        rows = min(STRIP, height - height % 2 - top)
        part = data[top * frame.stride : (top + rows) * frame.stride]
        strip = Image.frombuffer(
            frame.mode, (width, rows), part, "raw", frame.mode, frame.stride, 1
        )
        half.paste(strip.reduce(2, (0, 0, width - width % 2, rows)), (0, top // 2))
    return half


def add(
    session: Session,
    folder: Path,
    conversation_id: str,
    client_id: str,
    picture: Picture,
    now: datetime,
    agent: Agent | None = None,
) -> tuple[Event, bool]:
    """Keep a picture and write its event; the same client id again changes nothing.

    agent: who sends it, the customer when None. Returns the event, and whether it is new. Raises
    NotFound, TooManyPictures; of an agent also WrongState, NotYours (they have the conversation
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
        raise TooManyPictures(f"{conversation_id} has {PER_CONVERSATION} pictures")
    attachment_id = secrets.token_urlsafe(24)
    _keep(session, folder, conversation_id, attachment_id, picture.content)
    size = len(picture.content)
    data = {
        "attachment": attachment_id,
        "width": picture.width,
        "height": picture.height,
        "size": size,
    }
    actor = Actor(kind, conversation.name if agent is None else agent.display)
    event = events.append(
        session, conversation_id, "attachment", actor, data, now, client_id=client_id
    )
    session.add(
        Attachment(
            id=attachment_id,
            conversation_id=conversation_id,
            event_id=event.id,
            width=picture.width,
            height=picture.height,
            size=size,
            at=now,
        )
    )
    if conversation.owner in turns.ANSWERED:
        turns.owe(session, conversation_id, event.id, now)
    session.flush()
    return event, True


def of_conversation(session: Session, conversation_id: str) -> list[Attachment]:
    """List a conversation's pictures, oldest first."""
    query = select(Attachment).where(Attachment.conversation_id == conversation_id)
    return list(session.scalars(query.order_by(Attachment.event_id)))


def read(session: Session, folder: Path, conversation_id: str, attachment_id: str) -> bytes:
    """Read a conversation's picture; raises NotFound, Unreadable."""
    found = session.get(Attachment, attachment_id) if ID.fullmatch(attachment_id) else None
    if found is None or found.conversation_id != conversation_id:
        raise NotFound("no such picture in this conversation")
    sealed, plain = paths_of(folder, found.id)
    try:
        raw = sealed.read_bytes()
    except FileNotFoundError:
        if not plain.is_file():
            raise NotFound("the picture's file is gone") from None
        return plain.read_bytes()
    key = sealing.key_of(session, conversation_id)
    if key is None:
        raise NotFound("the picture's key was destroyed")
    return sealing.unshut(sealing.box_of(session, key), raw, _place(found.id))


def paths_of(folder: Path, attachment_id: str) -> tuple[Path, Path]:
    """Return where a picture's file lies: sealed, and as it lay before pictures were sealed."""
    there = folder / attachment_id[:2] / attachment_id
    return there.with_suffix(".sealed"), there.with_suffix(".webp")


def remove(folder: Path, attachment_id: str) -> None:
    """Delete a picture's file."""
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
