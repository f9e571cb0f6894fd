"""The contract's signature: proof of who sent a request, when, and that it was sent once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Mapping

TIMESTAMP, NONCE, SIGNATURE = "Wallet-Timestamp", "Wallet-Nonce", "Wallet-Signature"
SKEW = 300  # seconds that clocks may differ
REMEMBERED = 600  # seconds for which a nonce may not come again


def sign(
    secret: str, method: str, path: str, timestamp: int, nonce: str, body: bytes, key: str = ""
) -> str:
    """Return the signature of a request. path: with its query. key: its Idempotency-Key."""
    digest = hashlib.sha256(body).hexdigest()
    text = "\n".join(("v1", method.upper(), path, str(timestamp), nonce, key, digest))
    return "v1=" + hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def headers(
    secret: str, method: str, path: str, now: float, body: bytes = b"", key: str = ""
) -> dict[str, str]:
    """Make the headers that sign a request."""
    nonce = secrets.token_urlsafe(18)
    signed = sign(secret, method, path, int(now), nonce, body, key)
    return {TIMESTAMP: str(int(now)), NONCE: nonce, SIGNATURE: signed}


class Gate:
    """Tells requests that were signed here and now from all others. Used by many threads."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._seen: dict[str, float] = {}
        self._lock = threading.Lock()

    def refuse(
        self, method: str, path: str, given: Mapping[str, str], body: bytes, now: float
    ) -> str | None:
        """Return why a request is refused; None where it is good, once."""
        stamp, nonce = given.get(TIMESTAMP, ""), given.get(NONCE, "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            return "no timestamp"
        if abs(now - int(stamp)) > SKEW:
            return "the clocks differ by more than 300 s"
        if not 16 <= len(nonce) <= 64 or not nonce.isascii():
            return "no nonce"
        key = given.get("Idempotency-Key", "")
        wanted = sign(self._secret, method, path, int(stamp), nonce, body, key)
        if not hmac.compare_digest(wanted.encode(), given.get(SIGNATURE, "").encode()):
            return "the signature does not fit"
        with self._lock:
            self._seen = {one: at for one, at in self._seen.items() if now - at < REMEMBERED}
            if nonce in self._seen:
                return "this request was sent before"
            self._seen[nonce] = now
        return None
