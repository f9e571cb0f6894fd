"""What is said in a conversation is kept under a key of that conversation, sealed by the master.

Destroying the key ends everything that was written under it, wherever copies of it lie. What is
counted by the database (a rating's score, a case's number, a topic) stays beside it in the open.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Row, event, select
from sqlalchemy.orm import QueryContext, Session

from web.desk.database import once
from web.desk.models import DataKey, Event
from web.desk.vault import Unreadable, Vault

NONCE = 12
REMEMBERED = 4096  # opened keys that a process keeps
OPEN = ("score", "number", "topic")
TOLD = "payload"  # that there is one is asked by the database, what it says is not
NAME = "_name"  # of the customer, among what is sealed
MARK = "sealed:"
MEMORY = b"what the bot remembers"
_read = json.JSONDecoder().raw_decode  # json.loads looks for white space and encodings as well


class Keys:
    """Draws and opens keys of conversations; `box` opens a sealed one, or raises Unreadable.

    seals: False writes what is said in the open, for the time in which processes of a version
    from before still run on the same database; what is sealed already is read all the same.
    """

    def __init__(self, vault: Vault, *, seals: bool = True) -> None:
        self.vault = vault
        self.seals = seals
        self.box = lru_cache(REMEMBERED)(self._open)
        self.memory = lru_cache(REMEMBERED)(self._derive)

    def draw(self) -> str:
        """Make a key, sealed."""
        return self.vault.seal(base64.b64encode(os.urandom(32)).decode())

    def _open(self, sealed: str) -> AESGCM:
        return AESGCM(base64.b64decode(self.vault.open(sealed)))

    def _derive(self, sealed: str) -> str:
        raw = base64.b64decode(self.vault.open(sealed))
        return base64.b64encode(hmac.digest(raw, MEMORY, "sha256")).decode()


def keys_of(session: Session) -> Keys | None:
    """Return the keys that the session's database was opened with."""
    found: Keys | None = session.info.get("keys")
    return found


def key_of(session: Session, conversation_id: str) -> str | None:
    """Read the sealed key of a conversation; None when it has none, or has none any more."""
    query = select(DataKey.sealed).where(DataKey.conversation_id == conversation_id)
    return session.scalars(query).one_or_none()


def make_key(session: Session, keys: Keys, conversation_id: str) -> str:
    """Give a conversation its key; the caller holds the conversation."""
    row = DataKey(conversation_id=conversation_id, sealed=keys.draw())
    session.add(row)
    session.flush()
    return row.sealed


def key_within(connection: Connection, keys: Keys, conversation_id: str) -> str:
    """Return a conversation's sealed key, drawn where it has none; also while rows are flushed."""
    query = select(DataKey.sealed).where(DataKey.conversation_id == conversation_id)
    found: str | None = connection.scalar(query)
    if found is None:
        keep_key(connection, conversation_id, keys.draw())
        found = connection.scalars(query).one()  # another writer may have been quicker
    return found


def keep_key(connection: Connection, conversation_id: str, sealed: str) -> None:
    """Keep a drawn key, unless there is one already."""
    row = {"conversation_id": conversation_id, "sealed": sealed}
    connection.execute(once(DataKey, connection.dialect.name), [row])


def seal(box: AESGCM, row: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Seal what an event says and its customer's name, from its columns.

    Returns the columns as they stay in the open, and the rest, sealed. The event's place is part of
    it, so that a sealed text means nothing elsewhere.
    """
    data, name = row["data"], row["actor_name"]
    left = {one: data[one] for one in OPEN if one in data}
    if data.get(TOLD) is not None:
        left[TOLD] = ""
    by_customer = row["actor_kind"] == "customer"
    told = {**data, NAME: name} if by_customer and name else data
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = shut(box, text, _place(row["conversation_id"], row["id"]))
    return {"data": left, "actor_name": None if by_customer else name}, sealed


def box_for(session: Session, conversation_id: str) -> AESGCM | None:
    """Return what seals under a conversation's key, drawn where it has none; None to seal nothing.

    The caller holds the conversation.
    """
    keys = keys_of(session)
    if keys is None or not keys.seals:
        return None
    return keys.box(key_of(session, conversation_id) or make_key(session, keys, conversation_id))


def box_of(session: Session, key: str) -> AESGCM:
    """Open a conversation's sealed key; raises Unreadable."""
    keys = keys_of(session)
    if keys is None:
        raise Unreadable("this database was opened without the secret of its conversations")
    return keys.box(key)


def memory_key(session: Session, key: str | None) -> str | None:
    """Derive what the bot seals its memory under from a conversation's key; None for in the open.

    It opens nothing else, and ends with the key that it was made from. Raises Unreadable.
    """
    keys = keys_of(session)
    return None if keys is None or not keys.seals or key is None else keys.memory(key)


def opened(session: Session, row: Event | Row[Any]) -> dict[str, Any]:
    """Return what an event says, from the columns conversation_id, id, data, sealed and key.

    Without its key only what stands in the open is left. Raises Unreadable when the key is sealed
    under a secret that is not known here.
    """
    data: dict[str, Any] = row.data
    if row.sealed is None or row.key is None:
        return data
    box, raw = box_of(session, row.key), row.sealed
    try:
        text = box.decrypt(raw[:NONCE], raw[NONCE:], _place(row.conversation_id, row.id))
    except InvalidTag:
        raise Unreadable(f"event {row.id} of {row.conversation_id} was changed") from None
    told: dict[str, Any] = _read(text.decode())[0]
    return told


def shut(box: AESGCM, raw: bytes, place: bytes) -> bytes:
    """Seal bytes; place: where they belong, elsewhere they mean nothing."""
    nonce = os.urandom(NONCE)
    return nonce + box.encrypt(nonce, raw, place)


def unshut(box: AESGCM, sealed: bytes, place: bytes) -> bytes:
    """Open what `shut` sealed; raises Unreadable."""
    try:
        return box.decrypt(sealed[:NONCE], sealed[NONCE:], place)
    except InvalidTag:
        raise Unreadable(f"what lies at {place.decode()} was changed") from None


def seal_note(session: Session, conversation_id: str, text: str) -> str:
    """Seal a line about a conversation that is kept elsewhere; in the open where it has no key."""
    keys, key = keys_of(session), key_of(session, conversation_id)
    if keys is None or not keys.seals or key is None or not text:
        return text
    raw = shut(keys.box(key), text.encode(), conversation_id.encode())
    return f"{MARK}{conversation_id}:{base64.b64encode(raw).decode()}"


def open_note(session: Session, text: str) -> str | None:
    """Open a line that may be sealed; None when its key was destroyed. Raises Unreadable."""
    if not text.startswith(MARK):
        return text
    conversation_id, _, told = text.removeprefix(MARK).partition(":")
    key = key_of(session, conversation_id)
    if key is None:
        return None
    try:
        raw = base64.b64decode(told)
    except ValueError:
        raise Unreadable("a line was changed") from None
    return unshut(box_of(session, key), raw, conversation_id.encode()).decode()


def _place(conversation_id: str, number: int) -> bytes:
    return b"%s:%d" % (conversation_id.encode(), number)


@event.listens_for(Event, "load")
@event.listens_for(Event, "refresh")
def _on_load(event: Event, context: QueryContext, *_: object) -> None:
    # Straight into what was loaded: it is no change of the row.
    there = event.__dict__
    if there.get("sealed") is not None and "key" in there:
        there["data"] = told = opened(context.session, event)
        if NAME in told:
            there["actor_name"] = told.pop(NAME)
