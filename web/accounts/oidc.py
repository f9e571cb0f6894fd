"""Signing in by OpenID Connect: the code flow with PKCE, state and nonce; tokens that are checked.

Authlib's claims and joserfc's signatures do the checking; what is asked of the provider goes by
httpx, within seconds.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from web.accounts.provider import Provider, is_safe
from web.desk.errors import DeskError

WELL_KNOWN = "/.well-known/openid-configuration"
# Signatures alone: neither `none` nor a secret that both sides share.
ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]
TIMEOUT = httpx.Timeout(5.0)
LIFE = timedelta(minutes=10)  # from being sent to the provider to coming back
FRESH = timedelta(hours=1)  # for which what the provider says of itself is good
AGAIN = timedelta(seconds=30)  # between looks for a key that is not known
LEEWAY = 60  # seconds that the clocks may differ
SCOPE = "openid profile email"
MANY = frozenset({"mfa", "otp", "hwk", "swk", "sc"})  # ways (RFC 8176) beyond a password


class Away(DeskError):
    """The provider can't be asked now."""


class Refused(DeskError):
    """What came back proves nothing; reason says in a word why, for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not signed in by the provider: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider vouches for. second: whether it says more than a password was given."""

    issuer: str
    subject: str
    name: str
    display: str
    claims: Mapping[str, Any]
    second: bool


class Client:
    """Asks one provider. What it says of itself and its keys are kept for a while."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._lock = threading.Lock()
        self._told: dict[str, Any] = {}
        self._told_at: datetime | None = None
        self._keys: KeySet | None = None
        self._keys_at: datetime | None = None

    def begin(self, back: str, now: datetime) -> tuple[str, dict[str, Any]]:
        """Return where a browser is sent, and what it keeps until it is back. Raises Away.

        back: our address to which the provider sends it.
        """
        kept = {
            "back": back,
            "state": secrets.token_urlsafe(24),
            "nonce": secrets.token_urlsafe(24),
            "verifier": secrets.token_urlsafe(48),
            "until": (now + LIFE).timestamp(),
        }
        query = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": back,
            "scope": SCOPE,
            "state": kept["state"],
            "nonce": kept["nonce"],
            "code_challenge": create_s256_code_challenge(kept["verifier"]),
            "code_challenge_method": "S256",
        }
        return _with(self._discover(now)["authorization_endpoint"], query), kept

    def finish(self, sent: Mapping[str, str], kept: Mapping[str, Any], now: datetime) -> Person:
        """Check what the browser brought back, and exchange its code; raises Refused, Away."""
        state = str(kept.get("state") or "")
        if not state or not secrets.compare_digest(state.encode(), sent.get("state", "").encode()):
            raise Refused("state")
        if now.timestamp() > float(kept.get("until", 0)):
            raise Refused("late")
        if sent.get("iss") not in (None, self.provider.issuer):
            raise Refused("issuer")  # RFC 9207: the answer of another provider
        if "error" in sent or not sent.get("code"):
            raise Refused("provider")
        told = self._exchange(sent["code"], kept, now)
        claims = self._checked(told, str(kept["nonce"]), now)
        name = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
        ways = claims.get("amr") or []
        return Person(
            issuer=self.provider.issuer,
            subject=str(claims["sub"]),
            name=name,
            display=str(claims.get("name") or name),
            claims=claims,
            second=bool(MANY & set(ways)),
        )

    def leave(self, home: str, now: datetime) -> str:
        """Return where the session at the provider is ended; home where it offers no such place."""
        try:
            place = self._discover(now).get("end_session_endpoint")
        except Away:
            return home
        query = {"client_id": self.provider.client_id, "post_logout_redirect_uri": home}
        return _with(place, query) if isinstance(place, str) and is_safe(place) else home

    def _exchange(self, code: str, kept: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        about = self._discover(now)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": kept["back"],
            "code_verifier": kept["verifier"],
        }
        who = (self.provider.client_id, self.provider.client_secret)
        ways = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        basic = "client_secret_basic" in ways
        if not basic:
            form |= {"client_id": who[0], "client_secret": who[1]}
        try:
            answer = httpx.post(
                about["token_endpoint"], data=form, auth=who if basic else None, timeout=TIMEOUT
            )
            told = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Away(f"token endpoint: {type(error).__name__}") from None
        if answer.status_code >= 500:
            raise Away(f"token endpoint: {answer.status_code}")
        if answer.status_code != 200 or not isinstance(told, dict):
            raise Refused("code")
        return told

    def _checked(self, told: Mapping[str, Any], nonce: str, now: datetime) -> Mapping[str, Any]:
        raw = told.get("id_token")
        if not isinstance(raw, str):
            raise Refused("no ID token")
        token = None
        for anew in (False, True):  # a key that was changed meanwhile is looked for once
            try:
                token = jwt.decode(raw, self._key_set(now, anew=anew), algorithms=ALGORITHMS)
                break
            except (JoseError, ValueError):
                continue
        if token is None:
            raise Refused("signature")
        wanted = {
            "iss": {"essential": True, "value": self.provider.issuer},
            "aud": {"essential": True, "value": self.provider.client_id},
            "sub": {"essential": True},
        }
        asked = {
            "nonce": nonce,
            "client_id": self.provider.client_id,
            "access_token": told.get("access_token"),
        }
        claims = CodeIDToken(token.claims, token.header, wanted, asked)
        try:
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError) as error:
            raise Refused(f"claims: {error}") from None
        return dict(claims)

    def _discover(self, now: datetime) -> dict[str, Any]:
        with self._lock:
            if self._told_at is not None and now < self._told_at + FRESH:
                return self._told
            told = _get(self.provider.issuer.rstrip("/") + WELL_KNOWN)
            if told.get("issuer") != self.provider.issuer:
                raise Away("discovery names another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not isinstance(told.get(name), str) or not is_safe(told[name]):
                    raise Away(f"discovery: no safe {name}")
            self._told, self._told_at = told, now
            return told

    def _key_set(self, now: datetime, *, anew: bool) -> KeySet:
        place = self._discover(now)["jwks_uri"]
        with self._lock:
            age = now - self._keys_at if self._keys_at is not None else FRESH
            if self._keys is None or age >= (AGAIN if anew else FRESH):
                try:
                    self._keys = KeySet.import_key_set(_get(place))  # type: ignore[arg-type]
                except (JoseError, ValueError, TypeError, KeyError) as error:
                    raise Away(f"keys: {type(error).__name__}") from None
                self._keys_at = now
            return self._keys


def _get(address: str) -> dict[str, Any]:
    try:
        answer = httpx.get(address, timeout=TIMEOUT)
        told = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise Away(f"{address}: {type(error).__name__}") from None
    if not isinstance(told, dict):
        raise Away(f"{address}: no object")
    return told


def _with(place: str, query: Mapping[str, str]) -> str:
    return f"{place}{'&' if '?' in place else '?'}{urlencode(query)}"
