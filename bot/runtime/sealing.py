"""What the bot remembers is sealed under a key that web brings along with each message.

The bot keeps no key of its own: once web has destroyed a conversation's, nothing that was
remembered of it can be read, in any copy of the bot's database. Rows from before there were keys
are read as they are, and end with the conversation's next message or their age.
"""

from __future__ import annotations

import base64
import logging
import os
from contextvars import ContextVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

logger = logging.getLogger(__name__)

MARK = "sealed:"
NONCE = 12
KEY_BYTES = 32
# Of the conversation whose message is being answered; None where web brought none.
KEY: ContextVar[bytes | None] = ContextVar("key", default=None)


def read_key(text: str) -> bytes | None:
    """Read a key as web writes it; None when it is none."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return key if len(key) == KEY_BYTES else None


def shut(text: str, conversation: str) -> str:
    """Seal a text of a conversation; in the open where there is no key."""
    key = KEY.get()
    if key is None:
        return text
    nonce = os.urandom(NONCE)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), conversation.encode())
    return MARK + base64.b64encode(sealed).decode()


def unshut(text: str | None, conversation: str) -> str | None:
    """Open what `shut` has sealed; None where its key is gone, as if there had been nothing."""
    if text is None or not text.startswith(MARK):
        return text
    key = KEY.get()
    try:
        if key is None:
            raise ValueError("no key")
        sealed = base64.b64decode(text[len(MARK) :])
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], conversation.encode()).decode()
    except (ValueError, InvalidTag):
        logger.warning("what was remembered can't be read: its key did not come along")
        return None
