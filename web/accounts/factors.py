"""The second factor: one-time passwords of an authenticator (RFC 6238), and recovery codes."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime

import pyotp
import segno
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from web.accounts import passkeys
from web.accounts.models import RecoveryCode, SecondFactor
from web.desk.errors import BadPassword
from web.desk.models import Agent
from web.desk.vault import Vault

STEP = 30  # seconds
DRIFT = 1  # steps that a phone's clock may be off to either side
CODES = 10
GROUPS = 4  # a code is four groups of four letters: 80 bits


def has(session: Session, agent_id: int) -> bool:
    """Tell whether an account has an authenticator that counts."""
    row = session.get(SecondFactor, agent_id)
    return row is not None and row.confirmed_at is not None


def any_of(session: Session, agent_id: int) -> bool:
    """Tell whether an account has any second factor: an authenticator or a passkey."""
    return has(session, agent_id) or passkeys.has(session, agent_id)


def having(session: Session) -> set[int]:
    """List the ids of the accounts that have any."""
    query = select(SecondFactor.agent_id).where(SecondFactor.confirmed_at.is_not(None))
    return set(session.scalars(query)) | passkeys.having(session)


def begin(session: Session, vault: Vault, agent_id: int) -> str:
    """Draw a secret that counts once `confirm` saw a code of it; the one before counts till then.

    Returns the secret of the set-up that is under way, the same until it is confirmed.
    """
    row = session.get(SecondFactor, agent_id)
    if row is None:
        secret = pyotp.random_base32()
        session.add(SecondFactor(agent_id=agent_id, secret=vault.seal(secret), last_step=0))
        return secret
    if row.confirmed_at is not None:
        raise BadPassword("the account has a second factor already")
    return vault.open(row.secret)


def confirm(
    session: Session,
    vault: Vault,
    agent_id: int,
    code: str,
    now: datetime,
    draw: Callable[[], Iterable[str]] = lambda: draw_codes(),
) -> list[str]:
    """Let the second factor count from now on; raises BadPassword. Returns its recovery codes."""
    row = session.get(SecondFactor, agent_id, with_for_update=True)
    if row is None or row.confirmed_at is not None:
        raise BadPassword("no set-up is under way")
    step = _step_of(vault.open(row.secret), code, now)
    if step is None:
        raise BadPassword("wrong code")
    row.confirmed_at, row.last_step = now, step
    return renew_codes(session, agent_id, draw)


def renew_codes(
    session: Session, agent_id: int, draw: Callable[[], Iterable[str]] = lambda: draw_codes()
) -> list[str]:
    """Draw recovery codes in place of all before; they are shown this once."""
    codes = list(draw())
    session.execute(delete(RecoveryCode).where(RecoveryCode.agent_id == agent_id))
    session.add_all(RecoveryCode(code_hash=_hash(code), agent_id=agent_id) for code in codes)
    return codes


def check(session: Session, vault: Vault, agent_id: int, code: str, now: datetime) -> str:
    """Check a code of the authenticator or a recovery code; raises BadPassword.

    Each is taken once. Returns which of them it was: code or recovery.
    """
    row = session.get(SecondFactor, agent_id)
    if row is None or row.confirmed_at is None:
        raise BadPassword("no second factor")
    step = _step_of(vault.open(row.secret), code, now)
    if step is not None:
        taken = session.execute(
            update(SecondFactor)
            .where(SecondFactor.agent_id == agent_id, SecondFactor.last_step < step)
            .values(last_step=step)
            .returning(SecondFactor.agent_id)
            .execution_options(synchronize_session=False)
        ).all()
        if taken:
            return "code"
    gone = session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.code_hash == _hash(code), RecoveryCode.agent_id == agent_id)
        .returning(RecoveryCode.agent_id)
    ).all()
    if not gone:
        raise BadPassword("wrong code")
    return "recovery"


def codes_left(session: Session, agent_id: int) -> int:
    """Count the recovery codes that are left."""
    query = select(func.count()).where(RecoveryCode.agent_id == agent_id)
    return session.scalar(query) or 0


def drop(session: Session, agent_id: int) -> None:
    """Take the second factor away, with its recovery codes."""
    session.execute(delete(SecondFactor).where(SecondFactor.agent_id == agent_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.agent_id == agent_id))


def reseal(session: Session, vault: Vault) -> int:
    """Seal every secret under the newest key; returns how many."""
    rows = list(session.scalars(select(SecondFactor)))
    for row in rows:
        row.secret = vault.reseal(row.secret)
    return len(rows)


def picture(secret: str, agent: Agent, issuer: str) -> str:
    """Draw what an authenticator scans, as a data URI. issuer: the help center's name."""
    address = pyotp.TOTP(secret).provisioning_uri(name=agent.name, issuer_name=issuer)
    drawn: str = segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="#fff")
    return drawn


def draw_codes() -> list[str]:
    """Draw recovery codes."""
    return [_written(secrets.token_bytes(GROUPS * 4 * 5 // 8)) for _ in range(CODES)]


def _written(drawn: bytes) -> str:
    letters = base64.b32encode(drawn).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _hash(code: str) -> str:
    # 80 drawn bits need no salt and no slow hash.
    bare = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hashlib.sha256(f"recovery:{bare}".encode()).hexdigest()


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the step whose code this is; None when it is none of those near now."""
    bare = "".join(code.split())
    if len(bare) != 6 or not bare.isascii() or not bare.isdigit():
        return None
    here = int(now.timestamp()) // STEP
    device = pyotp.TOTP(secret, interval=STEP)
    for step in range(here - DRIFT, here + DRIFT + 1):
        if secrets.compare_digest(device.at(step * STEP), bare):
            return step
    return None
