"""Sealing what must be read again later, such as a phone number, under keys that can be changed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from web.desk.errors import DeskError


class Unreadable(DeskError):
    """None of the keys opens what was sealed."""


class Vault:
    """Seals under the first secret; opens what any of them has sealed.

    To change the secret, put the new one first and keep the old one until nothing is sealed
    under it any more.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        if not any(secrets):
            raise ValueError("a vault needs a secret")
        known = [secret for secret in secrets if secret]
        self._box = MultiFernet([Fernet(_key(secret, b"seal")) for secret in known])
        self._marks = [_key(secret, b"fingerprint") for secret in known]

    def seal(self, text: str) -> str:
        """Encrypt a text."""
        return self._box.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt a text; raises Unreadable."""
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unreadable("sealed under a secret that is not known here") from None

    def reseal(self, sealed: str) -> str:
        """Seal again under the first secret; raises Unreadable."""
        try:
            return self._box.rotate(sealed.encode()).decode()
        except InvalidToken:
            raise Unreadable("sealed under a secret that is not known here") from None

    def fingerprints(self, text: str) -> list[str]:
        """Return what tells equal texts apart from others without showing them, newest key first.

        A keyed hash: the few billion phone numbers could all be tried against a plain one.
        """
        return [hmac.new(mark, text.encode(), hashlib.sha256).hexdigest() for mark in self._marks]


def _key(secret: str, purpose: bytes) -> bytes:
    derived = HKDF(hashes.SHA256(), 32, None, b"xiaohu:" + purpose).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
