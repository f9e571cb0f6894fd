"""Cards, customers' names, identities and pages in the rows of conversations and cases, sealed.

In memory they are plain; between the flush and the load they are one sealed text in the place of
the card, under the key of the conversation; the places of name and page are empty, the identity's
holds what finds it again (subjects.py). Rows from before hold all in the open until
privacy/unsealed.py has come by.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from sqlalchemy import Connection, Row, event, inspect, select
from sqlalchemy.orm import InstanceState, Mapper, QueryContext, Session, object_session
from sqlalchemy.orm.attributes import flag_modified, set_committed_value

from web.desk import sealing, subjects
from web.desk.models import Conversation, Escalation

MARK = "sealed"
Holder = Conversation | Escalation
_OWN = Conversation.card, Conversation.name, Conversation.subject, Conversation.page
# Of an instance while it is flushed: what its row hides, and a key that waits for its row.
TOLD, DRAWN = "_told", "_drawn"


def seal_again(session: Session, conversation_id: str) -> int:
    """Seal what lies in the open in the rows of a conversation that the caller holds.

    Returns how many rows.
    """
    conversation = session.get(Conversation, conversation_id)
    if conversation is None or sealing.box_for(session, conversation_id) is None:
        return 0
    own = select(*_OWN).where(Conversation.id == conversation_id)
    found: list[Holder] = [conversation] if _shows(session.execute(own).one()) else []
    cases = select(Escalation, Escalation.card.label("raw"))
    for case, raw in session.execute(cases.where(Escalation.conversation_id == conversation_id)):
        if _lies_open(raw):
            found.append(case)
    for holder in found:
        flag_modified(holder, "card")
    session.flush()
    return len(found)


def find_open(session: Session, after: str, limit: int) -> tuple[list[str], str]:
    """Find, among so many conversations after an id, those with rows in the open.

    Returns their ids, and the last id that was looked at, "" when there is none after it.
    """
    query = select(Conversation.id, *_OWN)
    rows = session.execute(
        query.where(Conversation.id > after).order_by(Conversation.id).limit(limit)
    ).all()
    ids = [row.id for row in rows]
    cases = select(Escalation.conversation_id, Escalation.card)
    found = {row.id for row in rows if _shows(row)}
    for own, card in session.execute(cases.where(Escalation.conversation_id.in_(ids))):
        if _lies_open(card):
            found.add(own)
    return sorted(found), ids[-1] if ids else ""


def _lies_open(card: dict[str, Any]) -> bool:
    return bool(card) and set(card) != {MARK}


def _shows(row: Row[Any]) -> bool:
    """Tell whether a conversation's row holds something in the open."""
    known = row.subject is not None and not row.subject.startswith(subjects.MARK)
    return bool(row.name or row.page) or known or _lies_open(row.card)


@event.listens_for(Conversation, "load")
@event.listens_for(Conversation, "refresh")
@event.listens_for(Escalation, "load")
@event.listens_for(Escalation, "refresh")
def _open(holder: Holder, context: QueryContext, *_: object) -> None:
    # Straight into what was loaded: it is no change of the row.
    there = holder.__dict__
    card = there.get("card")
    if not card or _lies_open(card):
        return
    key = there.get("key")
    told = {}
    if key is not None:  # else it was destroyed
        box = sealing.box_of(context.session, key)
        told = json.loads(sealing.unshut(box, base64.b64decode(card[MARK]), _place(holder)))
    there["card"] = told.get("card", {})
    if isinstance(holder, Conversation):
        there["name"] = told.get("name")
        there["page"] = told.get("page", there.get("page"))  # in the open in a row of before
        if (there.get("subject") or "").startswith(subjects.MARK):
            there["subject"] = told.get("subject")


@event.listens_for(Conversation, "before_insert")
@event.listens_for(Escalation, "before_insert")
@event.listens_for(Conversation, "before_update")
@event.listens_for(Escalation, "before_update")
def _seal(_: Mapper[Any], connection: Connection, holder: Holder) -> None:
    state: InstanceState[Any] = inspect(holder)
    session, told = object_session(holder), _told(holder)
    keys = sealing.keys_of(session) if session is not None else None
    changed = any(state.attrs[one].history.has_changes() for one in _held(holder))
    if keys is None or not keys.seals or not told:
        if state.persistent and changed:
            for one in _held(holder):  # what the sealed card told as well
                flag_modified(holder, one)
        return
    if state.persistent and not changed:
        return
    box = keys.box(_key_for(connection, keys, holder, new=not state.persistent))
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    holder.card = {MARK: base64.b64encode(sealing.shut(box, text, _place(holder))).decode()}
    if isinstance(holder, Conversation):
        holder.name = holder.page = None
        if holder.subject is not None:
            holder.subject = subjects.kept(keys, holder.subject)
    holder.__dict__[TOLD] = told


@event.listens_for(Conversation, "after_insert")
@event.listens_for(Escalation, "after_insert")
@event.listens_for(Conversation, "after_update")
@event.listens_for(Escalation, "after_update")
def _show_again(_: Mapper[Any], connection: Connection, holder: Holder) -> None:
    there = holder.__dict__
    if drawn := there.pop(DRAWN, None):
        sealing.keep_key(connection, _conversation_of(holder), drawn)
    if (told := there.pop(TOLD, None)) is not None:
        for name in _held(holder):
            set_committed_value(holder, name, told.get(name, {} if name == "card" else None))


def _key_for(connection: Connection, keys: sealing.Keys, holder: Holder, *, new: bool) -> str:
    """Return the sealed key of a row's conversation, drawn where it has none."""
    if new and isinstance(holder, Conversation):
        drawn = holder.__dict__[DRAWN] = (
            keys.draw()
        )  # kept once the row that it belongs to is there
        return drawn
    found: str | None = holder.__dict__.get("key")  # it came with the row, if that was read
    return found or sealing.key_within(connection, keys, _conversation_of(holder))


def _told(holder: Holder) -> dict[str, Any]:
    """Return what is to be sealed of a row, by the names of its columns; {} where it is nothing."""
    found = {name: getattr(holder, name) for name in _held(holder)}
    return {name: value for name, value in found.items() if value}


def _held(holder: Holder) -> tuple[str, ...]:
    return ("card", "name", "subject", "page") if isinstance(holder, Conversation) else ("card",)


def _place(holder: Holder) -> bytes:
    if isinstance(holder, Conversation):
        return b"card:" + holder.id.encode()
    return b"case:" + holder.conversation_id.encode()


def _conversation_of(holder: Holder) -> str:
    return holder.id if isinstance(holder, Conversation) else holder.conversation_id
