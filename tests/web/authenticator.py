"""A software authenticator: makes passkeys and answers challenges, and lies where it is told to."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, MADE = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Authenticator:
    """One device with one passkey, as a browser at `origin` uses it."""

    def __init__(self, origin: str = "http://localhost") -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.counter = 0

    def make(self, options: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """Answer navigator.credentials.create()."""
        numbers = self.key.public_key().public_numbers()
        x, y = (one.to_bytes(32, "big") for one in (numbers.x, numbers.y))
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        about = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(options["rp"]["id"], MADE | lies.get("flags", PRESENT | VERIFIED)) + about
        told = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options, lies)
        response = {"clientDataJSON": text(client), "attestationObject": text(told)}
        return self._written(response)

    def prove(self, options: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """Answer navigator.credentials.get()."""
        self.counter = lies.get("counter", self.counter + 1)
        data = self._data(
            lies.get("domain", options["rpId"]), lies.get("flags", PRESENT | VERIFIED)
        )
        client = self._client("webauthn.get", options, lies)
        key = lies.get("key", self.key)
        signed = key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._written(
            {
                "clientDataJSON": text(client),
                "authenticatorData": text(data),
                "signature": text(signed),
                "userHandle": None,
            }
        )

    def _data(self, domain: str, flags: int) -> bytes:
        head = hashlib.sha256(domain.encode()).digest()
        return head + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any], lies: dict[str, Any]) -> bytes:
        told = {
            "type": kind,
            "challenge": lies.get("challenge", options["challenge"]),
            "origin": lies.get("origin", self.origin),
            "crossOrigin": False,
        }
        return json.dumps(told).encode()

    def _written(self, response: dict[str, Any]) -> dict[str, Any]:
        shown = text(self.id)
        return {"id": shown, "rawId": shown, "type": "public-key", "response": response}
