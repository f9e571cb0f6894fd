"""Bearer tokens: given out once, kept as hashes only."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from web.desk.errors import NotFound, UnknownToken
from web.desk.models import Token

KEPT = 8  # tokens a conversation, one a device
FORM = re.compile(r"[A-Za-z0-9_-]{20,100}")


def issue(session: Session, conversation_id: str, now: datetime) -> str:
    """Give out another token for a conversation; the oldest beyond eight stop working."""
    token = secrets.token_urlsafe(32)
    session.add(Token(token_hash=digest(token), conversation_id=conversation_id, created_at=now))
    session.flush()
    query = select(Token.token_hash).where(Token.conversation_id == conversation_id)
    old = session.scalars(
        query.order_by(Token.created_at.desc(), Token.token_hash).offset(KEPT)
    ).all()
    if old:
        session.execute(delete(Token).where(Token.token_hash.in_(old)))
    return token


def check(session: Session, conversation_id: str, token: str) -> None:
    """Let a token's holder in.

    Raises UnknownToken when no conversation has that token, NotFound when another one has it:
    the answer never tells whether the conversation asked for exists.
    """
    if not FORM.fullmatch(token):
        raise UnknownToken("not a token")
    hashed = digest(token)
    row = session.get(Token, hashed)
    if row is None or not hmac.compare_digest(row.token_hash, hashed):
        raise UnknownToken("no conversation has this token")
    if not hmac.compare_digest(row.conversation_id.encode(), conversation_id.encode()):
        raise NotFound(f"no conversation {conversation_id[:32]} of this token")


def holder(session: Session, token: str) -> str:
    """Find the conversation of a token; raises UnknownToken."""
    row = session.get(Token, digest(token)) if FORM.fullmatch(token) else None
    if row is None:
        raise UnknownToken("no conversation has this token")
    return row.conversation_id


def digest(token: str) -> str:
    """Hash a token; it is random enough that a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()
