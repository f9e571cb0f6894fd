"""The signature of docs/wallet-api.yaml: made for what we ask, checked for what we are told."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

TIMESTAMP, NONCE, SIGNATURE = "Wallet-Timestamp", "Wallet-Nonce", "Wallet-Signature"
SKEW = timedelta(seconds=300)
SHORTEST, LONGEST = 16, 64  # characters of a nonce


class BadSignature(Exception):
    """A request was not signed here and now; the message says why, without its content."""


def sign(
    secret: str, method: str, path: str, timestamp: int, nonce: str, body: bytes, key: str = ""
) -> str:
    """Return a request's signature. path: with its query, as sent. key: its Idempotency-Key."""
    parts = ("v1", method, path, str(timestamp), nonce, key, hashlib.sha256(body).hexdigest())
    return "v1=" + hmac.digest(secret.encode(), "\n".join(parts).encode(), "sha256").hex()


def headers(
    secret: str, method: str, path: str, now: datetime, body: bytes = b"", key: str = ""
) -> dict[str, str]:
    """Make the headers that sign a request, under a nonce of its own."""
    timestamp, nonce = int(now.timestamp()), secrets.token_urlsafe(18)
    found = {
        TIMESTAMP: str(timestamp),
        NONCE: nonce,
        SIGNATURE: sign(secret, method, path, timestamp, nonce, body, key),
    }
    return {**found, "Idempotency-Key": key} if key else found


def check(
    secret: str, method: str, path: str, given: Mapping[str, str], body: bytes, now: datetime
) -> str:
    """Check what a request brings and return its nonce; raises BadSignature.

    That the nonce is new is the caller's to see to: it has to be kept for all processes.
    """
    raw, nonce = given.get(TIMESTAMP, ""), given.get(NONCE, "")
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 12):
        raise BadSignature("no timestamp")
    if abs(now.timestamp() - int(raw)) > SKEW.total_seconds():
        raise BadSignature("the clocks differ too much")
    if not SHORTEST <= len(nonce) <= LONGEST or not nonce.isascii():
        raise BadSignature("no nonce")
    wanted = sign(secret, method, path, int(raw), nonce, body, given.get("Idempotency-Key", ""))
    if not hmac.compare_digest(wanted.encode(), given.get(SIGNATURE, "").encode()):
        raise BadSignature("the signature does not fit")
    return nonce
