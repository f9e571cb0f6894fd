"""Who a customer of the app is: a JWT that the wallet signs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from web.desk.errors import DeskError
from web.desk.subjects import MARK
from web.desk.texts import shown
from web.settings import Settings

LEEWAY = 30  # seconds that clocks may differ
LONGEST = timedelta(hours=24)  # from now: what was copied out of a phone must not work for ever


class BadIdentity(DeskError):
    """The identity is not valid; the message says why, without its content."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A signed-in customer. login: the wallet's session, when the identity names one (sid)."""

    subject: str
    name: str | None
    login: str | None = None


def verify(settings: Settings, token: str, now: datetime) -> Identity:
    """Check an identity's signature, audience and how long it lives; raises BadIdentity."""
    keys = {"RS256": settings.jwt_public_key, "HS256": settings.jwt_secret}
    try:
        # The key goes with the algorithm: a public key never serves as an HS256 secret.
        algorithm = jwt.get_unverified_header(token).get("alg")
        key = keys.get(algorithm) if isinstance(algorithm, str) else None
        if not key or not isinstance(algorithm, str):
            raise BadIdentity("identities of this kind are not accepted here")
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=settings.jwt_audience or None,
            leeway=LEEWAY,
            # Also without an audience of ours: one that is for somebody is not for anybody.
            options={"require": ["exp", "sub"], "verify_aud": True},
        )
    except jwt.ExpiredSignatureError:
        raise BadIdentity("the identity has expired") from None
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise BadIdentity(f"the identity is not valid: {type(error).__name__}") from None
    if int(claims["exp"]) > (now + LONGEST).timestamp() + LEEWAY:
        raise BadIdentity(f"the identity lives longer than {LONGEST.total_seconds() / 3600:g} h")
    subject, name = claims["sub"], claims.get("name")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise BadIdentity("the identity's sub is not usable")
    if subject.startswith(MARK):  # it would pass for what a row holds of another one
        raise BadIdentity("the identity's sub is not usable")
    login = claims.get("sid")
    return Identity(
        subject,
        shown(name)[:64] or None if isinstance(name, str) else None,
        login[:255] or None if isinstance(login, str) else None,
    )


def sign(settings: Settings, subject: str, name: str | None, now: datetime, life: timedelta) -> str:
    """Sign an identity for tests with the HS256 secret; raises BadIdentity without one."""
    if not settings.jwt_secret:
        raise BadIdentity("set XIAOHU_JWT_SECRET first")
    claims: dict[str, Any] = {"sub": subject, "iat": now, "exp": now + life}
    if name:
        claims["name"] = name
    if settings.jwt_audience:
        claims["aud"] = settings.jwt_audience
    return jwt.encode(claims, settings.jwt_secret, algorithm="HS256")
