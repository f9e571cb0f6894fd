"""Web Push: encrypts for one browser (RFC 8291), signs (RFC 8292) and hands over (RFC 8030)."""

from __future__ import annotations

import base64
import hashlib
import http.client
import logging
import secrets
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import http_ece
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from web.assistant.wire import BadAnswer, Wire
from web.desk.devices import Device, Subscription
from web.desk.errors import DeskError
from web.desk.links import listed

log = logging.getLogger(__name__)
LONGEST = 3500  # bytes of a message: services take 4096 with all that is around it
SECONDS = 8.0  # that a service may take
SIGNED = timedelta(hours=12)  # for which a signature is good; services refuse more than a day
KEPT = timedelta(days=1)  # for which a service keeps a message whose browser is away
LOOPBACK = ("localhost", "127.0.0.1")
GONE = (404, 410)


class BadSubscription(DeskError):
    """The browser's subscription cannot be used: malformed, or at a service that is not listed."""


class Undelivered(Exception):
    """The service did not take the message. gone: it never will, the browser has left."""

    def __init__(self, reason: str, *, gone: bool) -> None:
        super().__init__(reason)
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Message:
    """What is pushed. topic: a later one of the same replaces it while it waits at the service."""

    content: bytes
    topic: str
    urgent: bool = False


class Pusher:
    """Pushes to browsers at the services whose hosts are listed.

    key: the private key in PEM, read when it is first needed. contact: a mailto: or https: address
    where the services reach us. draw: randomness, so many bytes of it.
    """

    def __init__(
        self,
        key: Callable[[], str],
        contact: str,
        hosts: Collection[str],
        draw: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._read = key
        self._contact = contact
        self._hosts = tuple(hosts)
        self._draw = draw
        self._key: ec.EllipticCurvePrivateKey | None = None
        self._wires: dict[str, Wire] = {}
        self._lock = threading.Lock()

    @property
    def public_key(self) -> str:
        """The key that browsers are given, as they take it."""
        point = self._private().public_key()
        return _text(
            point.public_bytes(
                serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
            )
        )

    def check(self, wish: Subscription) -> None:
        """Raise BadSubscription for what could not be pushed to, or must not be.

        Anybody may send an address: without the list, we would call any server for them.
        """
        parts = urlsplit(wish.endpoint)
        near = parts.scheme == "http" and parts.hostname in LOOPBACK
        if not (parts.scheme == "https" or near) or not listed(wish.endpoint, self._hosts):
            raise BadSubscription("not at a push service that is known here")
        try:
            point, auth = _bytes(wish.key), _bytes(wish.auth)
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        except ValueError as error:
            raise BadSubscription(f"not a browser's keys: {error}") from None
        if len(auth) != 16:
            raise BadSubscription("not a browser's keys: the secret has 16 bytes")

    def send(self, device: Device, message: Message, now: datetime) -> None:
        """Hand over one message; raises Undelivered."""
        parts = urlsplit(device.endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
        if not listed(device.endpoint, self._hosts):
            raise Undelivered("the service is not listed any more", gone=True)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "Authorization": self._sign(origin, now),
            "TTL": str(int(KEPT.total_seconds())),
            "Urgency": "high" if message.urgent else "normal",
            "Topic": message.topic,
        }
        try:
            self._wire(origin).ask(
                "POST", path, self._encrypt(device, message.content), SECONDS, headers
            )
        except BadAnswer as answer:
            gone = answer.status in GONE
            raise Undelivered(f"answers {answer.status}", gone=gone) from None
        except (OSError, http.client.HTTPException) as error:
            raise Undelivered(type(error).__name__, gone=False) from None

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            wires, self._wires = self._wires, {}
        for wire in wires.values():
            wire.close()

    def _encrypt(self, device: Device, content: bytes) -> bytes:
        sealed: bytes = http_ece.encrypt(
            content[:LONGEST],
            salt=self._draw(16),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=_bytes(device.key),
            auth_secret=_bytes(device.auth),
            version="aes128gcm",
        )
        return sealed

    def _sign(self, origin: str, now: datetime) -> str:
        claims = {"aud": origin, "exp": now + SIGNED, "sub": self._contact}
        token = jwt.encode(claims, self._private(), algorithm="ES256")
        return f"vapid t={token}, k={self.public_key}"

    def _wire(self, origin: str) -> Wire:
        with self._lock:
            return self._wires.setdefault(origin, Wire(origin, {}))

    def _private(self) -> ec.EllipticCurvePrivateKey:
        if self._key is None:
            key = serialization.load_pem_private_key(self._read().encode(), None)
            if not isinstance(key, ec.EllipticCurvePrivateKey):
                raise TypeError("the key for pushes is of another kind")
            self._key = key
        return self._key


def new_key() -> str:
    """Make a private key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def topic_of(conversation_id: str) -> str:
    """Name a conversation to a service without telling it: at most 32 letters."""
    return hashlib.sha256(f"push:{conversation_id}".encode()).hexdigest()[:32]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
