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

from bot.runtime.graph import SequentialRunner


def make_lean() -> None:
    """Apply all changes; doing so again changes nothing."""
    run_nodes_in_sequence()
    check_results_by_compiled_schema()
    remember_event_types()


def run_nodes_in_sequence() -> None:
    """Have models run by SequentialRunner.

    Why: MessageProcessor names the class of its runner, and offers no setting for it.
    """
    rasa.core.processor.DaskGraphRunner = SequentialRunner


def check_results_by_compiled_schema() -> None:
    """Check actions' results by a schema that is compiled once.

    Why: jsonschema.validate checks the schema itself in each call, which takes longer than
    anything else in a turn.
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


def _is_valid(action: RemoteAction, result: dict[str, Any]) -> bool:
    _schema().validate(result)
    return True


@functools.lru_cache(maxsize=1)
def _schema() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)
