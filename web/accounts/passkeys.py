"""Passkeys (WebAuthn) of the staff: added, named, removed; asked for as second factor or alone.

py_webauthn checks what authenticators answer. Each challenge is good for minutes, in the browser
that it was drawn for, for one purpose, once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import webauthn
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from web.accounts.models import Passkey, SpentChallenge
from web.desk.errors import BadPassword, DeskError, NotFound
from web.desk.models import Agent

LIFE = timedelta(minutes=5)  # of a challenge
MOST = 20  # passkeys of an account
TIMEOUT = 120_000  # ms that the browser gives a person
VERIFIED = UserVerificationRequirement.REQUIRED  # a finger or a PIN: two factors in one


class BadPasskey(BadPassword):
    """What was answered proves nothing."""


class Copied(BadPasskey):
    """The authenticator counts less than was seen of it: there are two of it."""


class Full(DeskError):
    """The account has as many passkeys as it may have."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys are good: the site's domain, the origin of its pages, its name."""

    domain: str
    origin: str
    name: str


def of_agent(session: Session, agent_id: int) -> list[Passkey]:
    """List an account's passkeys, the oldest first."""
    query = select(Passkey).where(Passkey.agent_id == agent_id).order_by(Passkey.id)
    return list(session.scalars(query))


def has(session: Session, agent_id: int) -> bool:
    """Tell whether an account has a passkey."""
    return bool(session.scalar(select(func.count()).where(Passkey.agent_id == agent_id)))


def having(session: Session) -> set[int]:
    """List the ids of the accounts that have one."""
    return set(session.scalars(select(Passkey.agent_id)))


def draw(purpose: str, now: datetime) -> dict[str, Any]:
    """Draw a challenge, as the browser keeps it (signed) until it is answered."""
    drawn = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return {"for": purpose, "drawn": drawn, "until": (now + LIFE).timestamp()}


def to_add(session: Session, agent: Agent, place: Place, kept: Mapping[str, Any]) -> str:
    """Say, as JSON for the browser, what passkey is to be made; raises Full."""
    mine = of_agent(session, agent.id)
    if len(mine) >= MOST:
        raise Full(f"{agent.name} has {len(mine)} passkeys")
    options = webauthn.generate_registration_options(
        rp_id=place.domain,
        rp_name=place.name,
        user_name=agent.name,
        user_display_name=agent.display,
        user_id=_handle(agent.id),
        challenge=_challenge(kept),
        timeout=TIMEOUT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
        exclude_credentials=[_described(one) for one in mine],
    )
    return webauthn.options_to_json(options)


def add(
    session: Session, agent: Agent, place: Place, kept: Mapping[str, Any], sent: Mapping[str, Any],
    name: str, now: datetime,
) -> Passkey:  # fmt: skip
    """Keep the passkey that a browser made; raises BadPasskey."""
    challenge = _spend(session, kept, "add", now)
    try:
        made = webauthn.verify_registration_response(
            credential=dict(sent),
            expected_challenge=challenge,
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise BadPasskey(str(error)) from None
    row = Passkey(
        agent_id=agent.id,
        credential=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        counter=made.sign_count,
        name=_named(name),
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise BadPasskey("this passkey is known already") from None
    return row


def to_prove(session: Session, agent: Agent | None, place: Place, kept: Mapping[str, Any]) -> str:
    """Say, as JSON for the browser, what is asked of a passkey.

    agent: whose second factor is owed; None when whoever comes is to be found by their passkey.
    """
    mine = of_agent(session, agent.id) if agent is not None else []
    options = webauthn.generate_authentication_options(
        rp_id=place.domain,
        challenge=_challenge(kept),
        timeout=TIMEOUT,
        allow_credentials=[_described(one) for one in mine] or None,
        user_verification=VERIFIED,
    )
    return webauthn.options_to_json(options)


def prove(
    session: Session, agent: Agent | None, place: Place, kept: Mapping[str, Any],
    sent: Mapping[str, Any], now: datetime,
) -> Agent:  # fmt: skip
    """Check a passkey's answer; returns its account.

    agent: whose it has to be, None for anybody's. Raises BadPasskey, Copied.
    """
    challenge = _spend(session, kept, "second" if agent is not None else "enter", now)
    found = str(sent.get("id") or "")
    row = session.scalars(select(Passkey).where(Passkey.credential == found)).one_or_none()
    if row is None or (agent is not None and row.agent_id != agent.id):
        raise BadPasskey("not a passkey of this account")
    owner = session.scalars(select(Agent).where(Agent.id == row.agent_id)).one()
    if not owner.active:
        raise BadPasskey("the account is closed")
    try:
        proven = webauthn.verify_authentication_response(
            credential=dict(sent),
            expected_challenge=challenge,
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=0,  # compared below, to tell a copy from a lie
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise BadPasskey(str(error)) from None
    counts = proven.new_sign_count > 0 or row.counter > 0
    if counts and proven.new_sign_count <= row.counter:
        raise Copied(f"{owner.name}: {proven.new_sign_count} after {row.counter}")
    moved = session.execute(
        update(Passkey)
        .where(Passkey.id == row.id, Passkey.counter == row.counter)
        .values(counter=proven.new_sign_count, used_at=now)
        .returning(Passkey.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not moved:
        raise Copied(f"{owner.name}: used twice at once")
    return owner


def rename(session: Session, agent_id: int, passkey_id: int, name: str) -> None:
    """Give a passkey another name; raises NotFound."""
    _own(session, agent_id, passkey_id).name = _named(name)


def remove(session: Session, agent_id: int, passkey_id: int) -> None:
    """Take a passkey away; raises NotFound."""
    session.delete(_own(session, agent_id, passkey_id))


def drop(session: Session, agent_id: int) -> None:
    """Take all passkeys of an account away."""
    session.execute(delete(Passkey).where(Passkey.agent_id == agent_id))


def _own(session: Session, agent_id: int, passkey_id: int) -> Passkey:
    row = session.get(Passkey, passkey_id)
    if row is None or row.agent_id != agent_id:
        raise NotFound("no such passkey")
    return row


def _spend(session: Session, kept: Mapping[str, Any], purpose: str, now: datetime) -> bytes:
    """Take a challenge for its purpose, once; raises BadPasskey."""
    if kept.get("for") != purpose or now.timestamp() > float(kept.get("until", 0)):
        raise BadPasskey("no challenge, or too late")
    challenge = _challenge(kept)
    session.execute(delete(SpentChallenge).where(SpentChallenge.until < now))
    mark = hashlib.sha256(challenge).hexdigest()
    until = datetime.fromtimestamp(float(kept["until"]), UTC)
    try:
        with session.begin_nested():
            session.add(SpentChallenge(mark=mark, until=until))
    except IntegrityError:
        raise BadPasskey("answered already") from None
    return challenge


def _challenge(kept: Mapping[str, Any]) -> bytes:
    return base64.urlsafe_b64decode(str(kept.get("drawn", "")))


def _described(row: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(row.credential))


def _handle(agent_id: int) -> bytes:
    return b"staff-%d" % agent_id


def _named(name: str) -> str:
    bare = " ".join(name.split())[:64]
    return bare if bare and bare.isprintable() else "—"


def read(raw: bytes) -> dict[str, Any]:
    """Read what a browser sends; raises BadPasskey."""
    try:
        sent = json.loads(raw)
    except ValueError:
        raise BadPasskey("no JSON") from None
    if not isinstance(sent, dict):
        raise BadPasskey("no object")
    return sent
