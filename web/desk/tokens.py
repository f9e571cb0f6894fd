"""Bearer tokens: given out once, kept as hashes only, bound to an identity, and not for ever.

A token lives on as long as it is used now and then. It can be exchanged for a new one; the old one
ends shortly after the new one was first used, so that an answer that got lost locks nobody out.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from web.desk import devices
from web.desk.errors import ExpiredToken, NotFound, OtherIdentity, UnknownToken
from web.desk.models import Conversation, Token

KEPT = 8  # tokens a conversation, one a device
FORM = re.compile(r"[A-Za-z0-9_-]{20,100}")
NOBODY = "anonymous"
LIFE = timedelta(days=30)  # of an anonymous visitor's: nothing else leads back to the conversation
SIGNED_LIFE = timedelta(days=1)  # of a signed-in customer's, who can prove again who they are
WHOLE, EMAIL = "whole", "letter"
EMAIL_LIFE = timedelta(days=7)
SLACK = 24  # a token is renewed once this part of its life is used up: not at every request
GRACE = timedelta(minutes=1)  # for requests on their way when a token is exchanged
_VALID = select(
    Token.token_hash,
    Token.conversation_id,
    Token.who,
    Token.replaces,
    Token.expires_at,
    Token.scope,
).where(Token.token_hash == bindparam("hashed"))  # built once: each request asks it


@dataclass(frozen=True, slots=True)
class Pass:
    """How a token's holder came in. due: the token is to be renewed. email: by an email's link."""

    due: bool
    email: bool = False


def issue(
    session: Session,
    conversation: Conversation,
    now: datetime,
    *,
    login: str | None = None,
    replaces: str | None = None,
) -> tuple[str, datetime]:
    """Give out another token for a conversation; the oldest beyond eight stop working.

    login: the wallet's session that proved the identity, whose tokens are revoked together.
    replaces: the token that ends once this one is used. Returns the token and when it expires.
    """
    token = secrets.token_urlsafe(32)
    expires = now + _life(conversation.subject)
    session.add(
        Token(
            token_hash=digest(token),
            conversation_id=conversation.id,
            who=who(conversation.subject),
            login=digest(login) if login else None,
            replaces=digest(replaces) if replaces else None,
            created_at=now,
            expires_at=expires,
        )
    )
    session.flush()
    query = select(Token.token_hash).where(
        Token.conversation_id == conversation.id, Token.scope == WHOLE
    )
    old = session.scalars(
        query.order_by(Token.created_at.desc(), Token.token_hash).offset(KEPT)
    ).all()
    if old:
        session.execute(delete(Token).where(Token.token_hash.in_(old)))
    return token, expires


def issue_for_email(session: Session, conversation_id: str, token: str, now: datetime) -> None:
    """Let a token that goes with an email open one conversation's thread for a week."""
    hashed = digest(token)
    if session.get(Token, hashed) is not None:
        return  # the email is sent again
    session.add(
        Token(
            token_hash=hashed,
            conversation_id=conversation_id,
            who=NOBODY,  # whoever holds the email; it proves nobody's identity
            scope=EMAIL,
            created_at=now,
            expires_at=now + EMAIL_LIFE,
        )
    )
    session.flush()
    mine = select(Token.token_hash).where(
        Token.conversation_id == conversation_id, Token.scope == EMAIL
    )
    old = session.scalars(
        mine.order_by(Token.created_at.desc(), Token.token_hash).offset(KEPT)
    ).all()
    if old:
        session.execute(delete(Token).where(Token.token_hash.in_(old)))


def check(
    session: Session,
    conversation_id: str,
    token: str,
    now: datetime,
    claimed: str | None = None,
    *,
    email: bool = False,
) -> Pass:
    """Let a token's holder in, an email's only where email is True.

    claimed: whom the client believes to be (see `who`), None when it does not say. Raises
    UnknownToken when no conversation has that token, ExpiredToken, OtherIdentity when it was given
    to somebody else, NotFound when another conversation has it: the answer never tells whether
    the conversation asked for exists.
    """
    row = _valid(session, token, now, claimed)
    if not hmac.compare_digest(row.conversation_id.encode(), conversation_id.encode()):
        raise NotFound(f"no conversation {conversation_id[:32]} of this token")
    if row.scope == EMAIL:
        if not email:
            raise NotFound("an email's token opens the thread alone")
        return Pass(due=False, email=True)
    life = LIFE if row.who == NOBODY else SIGNED_LIFE
    return Pass(due=row.replaces is not None or row.expires_at - now < life - life / SLACK)


def renew(session: Session, token: str, now: datetime) -> None:
    """Let a token that is used live on, and end the one that it replaces."""
    row = session.get(Token, digest(token))
    if row is None:
        return
    if row.replaces is not None:
        session.execute(
            update(Token)
            .where(Token.token_hash == row.replaces, Token.expires_at > now + GRACE)
            .values(expires_at=now + GRACE)
            .execution_options(synchronize_session=False)
        )
        row.replaces = None
    if row.expires_at > now + GRACE:  # one that was exchanged is not renewed
        row.expires_at = now + (LIFE if row.who == NOBODY else SIGNED_LIFE)
    session.flush()


def exchange(
    session: Session, conversation_id: str, token: str, now: datetime
) -> tuple[str, datetime]:
    """Give a token's holder a new one; the old one ends a minute after the new one is used.

    Returns the token and when it expires. Raises UnknownToken.
    """
    old = session.get(Token, digest(token))
    conversation = session.get(Conversation, conversation_id)
    if old is None or conversation is None:
        raise UnknownToken("no conversation has this token")
    # What was given out before for the same old one and never used is of no use any more.
    session.execute(delete(Token).where(Token.replaces == old.token_hash))
    fresh, expires = issue(session, conversation, now, replaces=token)
    devices.hand_on(session, old.token_hash, digest(fresh))
    session.get_one(Token, digest(fresh)).login = old.login
    session.flush()
    return fresh, expires


def revoke(session: Session, token: str) -> None:
    """End a token, those it was exchanged for, and every one of the same sign-in at the wallet.

    With them go the emails' tokens of their conversations, and the pushes to their browsers.
    """
    row = session.get(Token, digest(token))
    if row is None:
        return
    same = or_(Token.token_hash == row.token_hash, Token.replaces == row.token_hash)
    if row.login is not None:
        same = or_(same, (Token.login == row.login) & (Token.who == row.who))
    ended = session.execute(select(Token.token_hash, Token.conversation_id).where(same)).all()
    devices.leave(session, [hashed for hashed, _ in ended])
    of_them = Token.conversation_id.in_({conversation_id for _, conversation_id in ended})
    session.execute(delete(Token).where(or_(same, (Token.scope == EMAIL) & of_them)))


def family(session: Session, token: str) -> list[str]:
    """Return the hashes of a token, of those it was exchanged for and of what it replaces."""
    hashed = digest(token)
    row = session.get(Token, hashed)
    query = select(Token.token_hash).where(Token.replaces == hashed)
    before = [row.replaces] if row is not None and row.replaces else []
    return [hashed, *before, *session.scalars(query)]


def holder(session: Session, token: str, now: datetime, claimed: str | None = None) -> str:
    """Find the conversation of a token; raises UnknownToken, ExpiredToken, OtherIdentity."""
    row = _valid(session, token, now, claimed)
    if row.scope == EMAIL:
        raise UnknownToken("an email's token opens the thread alone")
    conversation: str = row.conversation_id
    return conversation


def who(subject: str | None) -> str:
    """Name an identity without telling it: a hash of the subject, or "anonymous".

    The browser makes the same name from the identity that it was given, so that a page whose user
    has changed never writes with the former one's token.
    """
    return NOBODY if subject is None else hashlib.sha256(f"xiaohu:{subject}".encode()).hexdigest()


def digest(token: str) -> str:
    """Hash a token; it is random enough that a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def _valid(
    session: Session, token: str, now: datetime, claimed: str | None
) -> Row[str, str, str, str | None, datetime, str]:
    if not FORM.fullmatch(token):
        raise UnknownToken("not a token")
    hashed = digest(token)
    row = session.execute(_VALID, {"hashed": hashed}).one_or_none()
    if row is None or not hmac.compare_digest(row.token_hash, hashed):
        raise UnknownToken("no conversation has this token")
    if row.expires_at <= now:
        raise ExpiredToken("the token has not been used for too long, or was exchanged")
    if claimed is not None and not hmac.compare_digest(row.who.encode(), claimed.encode()):
        raise OtherIdentity("the token was given to another identity")
    return row


def _life(subject: str | None) -> timedelta:
    return LIFE if subject is None else SIGNED_LIFE
