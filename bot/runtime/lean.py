"""The few places where Rasa is changed while it runs, each with its why.

tests/bot/runtime/lean_test.py says what breaks when another Rasa has another shape there.
"""

from __future__ import annotations

import functools
from typing import Any

import jsonschema
import rasa.core.processor
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot

from bot.runtime.graph import SequentialRunner

SLOT_KEYS = {"event", "timestamp", "name", "value"}


def make_lean() -> None:
    """Apply all changes; doing so again changes nothing."""
    run_nodes_in_sequence()
    check_results_by_compiled_schema()
    remember_event_types()
    copy_slots_plainly()


def run_nodes_in_sequence() -> None:
    """Have models run by SequentialRunner.

    Why: MessageProcessor names the class of its runner, and offers no setting for it.
    """
    rasa.core.processor.DaskGraphRunner = SequentialRunner


def check_results_by_compiled_schema() -> None:
    """Check actions' results by a schema that is compiled once.

    Why: jsonschema.validate checks the schema itself in each call, which takes longer than
    anything else in a turn. Even the compiled schema takes as long as finding the message's FAQ,
    so it is only asked about results that are not plain.
    """
    RemoteAction._validate_action_result = _is_valid  # type: ignore[method-assign]


def remember_event_types() -> None:
    """Remember which class belongs to the name of an event.

    Why: Event.resolve_by_type walks all subclasses for each event that an action returns.
    """
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(  # type: ignore[method-assign]
            functools.lru_cache(maxsize=None)(Event.resolve_by_type)
        )


def copy_slots_plainly() -> None:
    """Copy a slot by its attributes.

    Why: a tracker is copied several times a turn, and with it each of its slots by the protocol
    that serves any object, which is several times slower.
    """
    Slot.__copy__ = _copied  # type: ignore[attr-defined]


def _copied(slot: Slot) -> Slot:
    new = slot.__class__.__new__(slot.__class__)
    new.__dict__.update(slot.__dict__)
    return new


def _is_valid(action: RemoteAction, result: dict[str, Any]) -> bool:
    # Nearly all results are some set slots and replies, which is seen without the schema.
    if not (_holds_lists(result) and all(map(_sets_a_slot, result["events"]))):
        _schema().validate(result)
    return True


def _holds_lists(result: Any) -> bool:
    return (
        isinstance(result, dict)
        and result.keys() == {"events", "responses"}
        and isinstance(result["events"], list)
        and isinstance(result["responses"], list)
        and all(isinstance(response, dict) for response in result["responses"])
    )


def _sets_a_slot(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and event.keys() == SLOT_KEYS
        and event["event"] == "slot"
        and isinstance(event["name"], str)
        and event["timestamp"] is None
    )


@functools.lru_cache(maxsize=1)
def _schema() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)
