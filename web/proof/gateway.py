"""The operator's gateway for text messages: one signed POST a message (docs/operating.md)."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from web.desk.errors import DeskError

TIMEOUT = httpx.Timeout(4.0)
TIMESTAMP, NONCE, SIGNATURE = "Xiaohu-Timestamp", "Xiaohu-Nonce", "Xiaohu-Signature"


class GatewayAway(DeskError):
    """The gateway did not take the message."""


class Gateway:
    """Hands messages over; that they arrive is the operator's."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._secret = secret

    def send(self, number: str, text: str, key: str, now: datetime) -> None:
        """Hand a message over; key: the same for the same message. Raises GatewayAway."""
        body = json.dumps({"to": number, "text": text}, ensure_ascii=False).encode()
        parts = urlsplit(self._url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        timestamp, nonce = int(now.timestamp()), secrets.token_urlsafe(18)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            TIMESTAMP: str(timestamp),
            NONCE: nonce,
            SIGNATURE: sign(self._secret, path, timestamp, nonce, key, body),
        }
        try:
            answer = httpx.post(self._url, content=body, headers=headers, timeout=TIMEOUT)
        except httpx.HTTPError as error:
            raise GatewayAway(f"text messages: {type(error).__name__}") from None
        if not answer.is_success:
            raise GatewayAway(f"text messages: {answer.status_code}")


def sign(secret: str, path: str, timestamp: int, nonce: str, key: str, body: bytes) -> str:
    """Return a message's signature, over all that must not be changed on its way."""
    digest = hashlib.sha256(body).hexdigest()
    told = "\n".join(("v1", "POST", path, str(timestamp), nonce, key, digest))
    return "v1=" + hmac.digest(secret.encode(), told.encode(), "sha256").hex()
