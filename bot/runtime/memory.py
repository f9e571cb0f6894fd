"""What the bot remembers of a conversation between two messages: slots, and the form it is in.

Rasa's stores keep every event and play them all again for each message, so a conversation gets
slower with every turn, and customers' words pile up beside web's own record of them. Here a
message always finds a conversation that has just begun: the session starts, the slots get their
values, the form is active again if one was. Rules and forms cannot tell the difference, and turn
300 costs what turn 1 costs.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    REQUESTED_SLOT,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.pool import QueuePool, StaticPool

from bot.runtime import replies, sealing
from bot.runtime.fresh import SAID, said_in
from bot.runtime.replies import ASKING, Asking, MovedMeanwhile, Reply, with_understanding
from bot.runtime.tables import conversations as _conversations
from bot.runtime.tables import create
from bot.runtime.titles import OFFERED, offered_in

logger = logging.getLogger(__name__)

Clock = Callable[[], dt.datetime]
# The form that walks every flow, what it walks, and the answers to the flows' steps.
FLOW_FORM, WALK, ANSWERS = "flow_form", "walk", "answers"
# How the forms were called that each walked one flow.
OWN_FORM = "_form"
BUSY_SECONDS = 3
CLEAN_UP = 500  # conversations at most, so that a clean-up never holds up a message

# Built once: building a statement takes longer than carrying it out.
_of = _conversations.c.id == sa.bindparam("of")
_STATE = sa.select(_conversations.c.state).where(_of)
# What was answered to an event, and how the conversation stands: one look a message.
_LOOK = sa.select(replies.FIND.scalar_subquery(), _STATE.scalar_subquery())
_CHANGE = (
    _conversations.update()
    .where(_of)
    .values(state=sa.bindparam("state"), touched=sa.bindparam("touched"))
)
# Only from where it was found: several bots may share the memory.
_MOVE = _CHANGE.where(_conversations.c.state == sa.bindparam("found"))
_NEW = _conversations.insert()


class Memory(TrackerStore):
    """A tracker store that keeps one short row a conversation, in any database of SQLAlchemy."""

    def __init__(self, engine: sa.engine.Engine, now: Clock) -> None:
        super().__init__(Domain.empty())
        self._engine = engine
        self._now = now
        create(engine)

    async def begin(self, sender_id: str, event: int, unheard: Sequence[int]) -> list[Reply] | None:
        """Return the replies that an event got before; None when it is to be answered now.

        unheard: the newest events whose replies the customer never heard; they are undone.
        """
        wanted = {"of": sender_id, "number": event}
        # Looking alone needs no transaction, and none is committed for it.
        with self._engine.begin() if unheard else self._engine.connect() as connection:
            said, state = connection.execute(_LOOK, wanted).one()
            if said is None and unheard:
                replies.unsay(connection, sender_id, unheard, self._now().timestamp())
                state = connection.execute(_STATE, wanted).scalar()
        asking = ASKING.get()
        if asking is not None:
            asking.before, asking.found = state, True
        return replies.opened(said, sender_id)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation as a tracker that has just begun; None for a new one."""
        asking = ASKING.get()
        if asking is not None and asking.found:
            state = asking.before
        else:
            with self._engine.connect() as connection:
                state = connection.execute(_STATE, {"of": sender_id}).scalar()
        state = sealing.unshut(state, sender_id)
        if state is None:
            return None
        events = begin_again(json.loads(state), self.domain)
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what the bot needs to go on, and its replies, both or neither.

        A tracker in which nothing happened is not kept. Raises AnsweredMeanwhile, MovedMeanwhile.
        """
        if not tracker.events:
            return
        now = self._now().timestamp()
        state = sealing.shut(json.dumps(state_of(tracker)), tracker.sender_id)
        row = {"state": state, "touched": now}
        asking = ASKING.get()
        if asking is not None:
            asking.answer = with_understanding(asking.said(), tracker)
        with self._engine.begin() as connection:
            if asking is not None:
                replies.keep(connection, tracker.sender_id, asking, now)
            if asking is not None and asking.found:
                _move(connection, tracker.sender_id, asking, row)
            elif not connection.execute(_CHANGE, {"of": tracker.sender_id, **row}).rowcount:
                connection.execute(_NEW, {"id": tracker.sender_id, **row})

    async def prove(self) -> None:
        """Write and take back a row, to see that the database takes it; raises DBAPIError."""
        with self._engine.begin() as connection:
            replies.prove(connection, self._now().timestamp())

    async def keys(self) -> Iterable[str]:
        """Return the ids of the conversations that are remembered."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(_conversations.c.id)).scalars())

    def forget(self, untouched_for: dt.timedelta, limit: int = CLEAN_UP) -> int:
        """Delete conversations untouched for so long, oldest first; returns how many."""
        now = self._now()
        before = (now - untouched_for).timestamp()
        column = _conversations.c
        old = sa.select(column.id).where(column.touched < before)
        oldest = old.order_by(column.touched).limit(limit).subquery()
        with self._engine.begin() as connection:
            replies.forget(connection, now.timestamp() - replies.KEPT, limit)
            stale = _conversations.delete().where(column.id.in_(sa.select(oldest.c.id)))
            return int(connection.execute(stale).rowcount)

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()


def _move(
    connection: sa.engine.Connection, conversation: str, asking: Asking, row: dict[str, Any]
) -> None:
    """Move a conversation on from the state in which it was found; raises MovedMeanwhile."""
    if asking.before is not None:
        changed = {"of": conversation, "found": asking.before, **row}
        if not connection.execute(_MOVE, changed).rowcount:
            raise MovedMeanwhile
        return
    try:
        connection.execute(_NEW, {"id": conversation, **row})
    except sa.exc.IntegrityError:
        raise MovedMeanwhile from None


def state_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Return what is remembered of a tracker: slots that differ from their start, the form."""
    slots = {
        name: slot.value
        for name, slot in tracker.slots.items()
        if slot.value != slot.initial_value and name not in (OFFERED, SAID)
    }
    if offered := offered_in(tracker):
        slots[OFFERED] = offered
    if said := said_in(tracker):
        slots[SAID] = said
    return {"slots": slots, "form": tracker.active_loop_name}


def begin_again(state: dict[str, Any], domain: Domain) -> list[Event]:
    """Return the events of a session that starts where the state stopped.

    Slots and forms that the domain no longer has are left behind, but for those of a flow from
    the time when each flow had a form and slots of its own.
    """
    state = _generic(state, domain)
    known = {slot.name for slot in domain.slots}
    slots = {name: value for name, value in state["slots"].items() if name in known}
    form = state["form"] if state["form"] in domain.form_names else None
    requested = slots.pop(REQUESTED_SLOT, None)
    events: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    events += [SlotSet(name, value) for name, value in slots.items()]
    if form:
        events += [ActionExecuted(form), ActiveLoop(form), SlotSet(REQUESTED_SLOT, requested)]
    events.append(ActionExecuted(ACTION_LISTEN_NAME))
    return events


def _generic(state: dict[str, Any], domain: Domain) -> dict[str, Any]:
    """Put a flow's own form and slots into the form and the slots that every flow shares."""
    if FLOW_FORM not in domain.form_names or ANSWERS in state["slots"] or WALK in state["slots"]:
        return state
    known = {slot.name for slot in domain.slots}
    slots = {name: value for name, value in state["slots"].items() if name in known}
    answers = {name: value for name, value in state["slots"].items() if name not in known}
    if answers:
        slots[ANSWERS] = answers
    form = state["form"]
    if form and form not in domain.form_names and form.endswith(OWN_FORM):
        slots[WALK] = form.removesuffix(OWN_FORM)
        form = FLOW_FORM
    return {"slots": slots, "form": form}


def open_memory(url: str, now: Clock | None = None) -> Memory:
    """Open the database of a URL, made if it does not exist; "sqlite://" lives in this process.

    Raises ForeignTables.
    """
    parsed = sa.engine.make_url(url)
    if parsed.drivername in ("postgres", "postgresql+psycopg"):
        parsed = parsed.set(drivername="postgresql")  # as web writes it; the bot has psycopg2
    options: dict[str, Any] = {"hide_parameters": True}  # its errors must not quote customers
    if parsed.get_backend_name() != "sqlite":
        options["pool_pre_ping"] = True
    elif parsed.database in (None, "", ":memory:"):
        options |= {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    else:
        _make_private(Path(str(parsed.database)))
        # SQLAlchemy 1.4 would open and close a connection each time, which takes half a turn.
        options |= {"poolclass": QueuePool, "pool_size": 1}
        options["connect_args"] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = sa.create_engine(parsed, **options)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
    return Memory(engine, now or _utc_now)


def _make_private(database: Path) -> None:
    database.parent.mkdir(parents=True, exist_ok=True)
    database.touch(mode=0o600)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # WAL survives the process being killed at any moment and lets readers in meanwhile;
    # secure_delete overwrites what is forgotten.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=FAST"):
        connection.execute(f"PRAGMA {pragma}")


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)
