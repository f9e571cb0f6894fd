"""A push service of the tests: takes what is posted, checks who signed it, and reads it.

It does what a browser and its service do together (RFC 8030, 8188, 8291, 8292), by the primitives
alone: it shares no code and no library with what sends.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass
class Pushed:
    """One message as it came. told: as the browser reads it."""

    path: str
    headers: dict[str, str]
    told: dict[str, Any]
    claims: dict[str, Any]
    raw: bytes


class Browser:
    """A browser that asked for pushes at one address of the service."""

    def __init__(self, url: str, name: str) -> None:
        self.endpoint = f"{url}/push/{name}"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = hashlib.sha256(name.encode()).digest()[:16]
        self.point = _point(self._key.public_key())

    def subscription(self) -> dict[str, Any]:
        """Say what PushSubscription.toJSON() says."""
        keys = {"p256dh": text(self.point), "auth": text(self._auth)}
        return {"endpoint": self.endpoint, "keys": keys}

    def read(self, body: bytes) -> bytes:
        """Decrypt one record of aes128gcm; raises InvalidTag."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size <= 4096
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self._key.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\0" + self.point + sender
        secret = _expand(_mac(self._auth, shared), info, 32)
        mixed = _mac(salt, secret)
        key = _expand(mixed, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _expand(mixed, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        content, mark = plain.rstrip(b"\0")[:-1], plain.rstrip(b"\0")[-1:]
        assert mark == b"\x02", "the last record ends with 2"
        return content


class Service:
    """The service. status: what it answers."""

    def __init__(self) -> None:
        self.got: list[Pushed] = []
        self.status = 201
        self.browsers: dict[str, Browser] = {}
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                if service.status < 300:
                    service.take(self.path, dict(self.headers.items()), raw)
                self.send_response(service.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.host = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def browser(self, name: str) -> Browser:
        """Add a browser."""
        self.browsers[f"/push/{name}"] = Browser(self.url, name)
        return self.browsers[f"/push/{name}"]

    def take(self, path: str, headers: dict[str, str], raw: bytes) -> None:
        """Check a message's signature and read it as its browser does."""
        assert headers["Content-Encoding"] == "aes128gcm"
        claims = verified(headers["Authorization"])
        assert claims["aud"] == self.url
        told = json.loads(self.browsers[path].read(raw))
        self.got.append(Pushed(path, headers, told, claims, raw))


@contextmanager
def serving() -> Iterator[Service]:
    """Serve it."""
    service = Service()
    yield service
    service.server.shutdown()
    service.server.server_close()


def verified(header: str) -> dict[str, Any]:
    """Verify `vapid t=…, k=…` and return its claims; raises InvalidSignature."""
    scheme, _, rest = header.partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, body, mark = parts["t"].split(".")
    assert json.loads(raw(head))["alg"] == "ES256"
    signature = raw(mark)
    both = [int.from_bytes(half, "big") for half in (signature[:32], signature[32:])]
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
    der = utils.encode_dss_signature(*both)
    key.verify(der, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    claims: dict[str, Any] = json.loads(raw(body))
    return claims | {"key": parts["k"]}


def text(content: bytes) -> str:
    """Write bytes as base64url."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def raw(content: str) -> bytes:
    """Read base64url."""
    return base64.urlsafe_b64decode(content + "=" * (-len(content) % 4))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _mac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    return _mac(key, info + b"\x01")[:length]
