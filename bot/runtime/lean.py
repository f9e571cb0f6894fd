"""The few places where Rasa is changed while it runs, each with its why.

tests/bot/runtime/test_lean.py says what breaks when another Rasa has another shape there.
"""

from __future__ import annotations

import copy
import functools
from types import SimpleNamespace
from typing import Any

import jsonschema
import rasa.core.actions.action
import rasa.core.actions.forms
import rasa.core.policies.rule_policy
import rasa.core.processor
from rasa.core.actions.action import Action, ActionExtractSlots, RemoteAction
from rasa.core.processor import MessageProcessor
from rasa.plugin import plugin_manager
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.graph import SequentialRunner
from bot.runtime.rulebook import compile_rules

BEGINS, TAKES_BACK, PLAIN = "begins", "takes back", "plain"  # what an event does to those before
SLOT_KEYS = {"event", "timestamp", "name", "value"}


def make_lean() -> None:
    """Apply all changes; doing so again changes nothing."""
    run_nodes_in_sequence()
    check_results_by_compiled_schema()
    remember_event_types()
    copy_slots_plainly()
    copy_trackers_plainly()
    take_plain_events_as_they_are()
    copy_nothing_for_the_log()
    remember_actions()
    remember_that_domains_are_full()
    ask_no_plugin_to_anonymise()
    extract_only_what_may_be_there()
    compile_rules()


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


def copy_trackers_plainly() -> None:
    """Copy a tracker by its attributes.

    Why: Rasa plays all events again for a copy, and each action runs on one.
    """
    DialogueStateTracker.copy = _tracker_copied  # type: ignore[method-assign]


def take_plain_events_as_they_are() -> None:
    """Take what happened since the session began as it is, where nothing takes it back.

    Why: several times a turn Rasa asks of each event whether it is one of seven kinds that do.
    """
    applied = DialogueStateTracker.applied_events
    if hasattr(applied, "__wrapped__"):
        return

    @functools.wraps(applied)
    def taken(tracker: DialogueStateTracker) -> list[Event]:
        since = 0
        for place, event in enumerate(tracker.events, 1):
            effect = _effect(type(event))
            if effect is BEGINS:
                since = place
            elif effect is TAKES_BACK:
                return applied(tracker)
        return list(tracker.events)[since:]

    DialogueStateTracker.applied_events = taken  # type: ignore[method-assign]


def copy_nothing_for_the_log() -> None:
    """Hand the debug log what it will not write as it is.

    Why: what happened is copied to its depth, and all slots are written out, several times a
    turn, for lines of a level that bot.runtime.quiet leaves out. These modules copy for nothing
    else.
    """
    for module in (rasa.core.processor, rasa.core.policies.rule_policy, rasa.core.actions.forms):
        module.copy = SimpleNamespace(deepcopy=lambda value: value)
    MessageProcessor._log_slots = staticmethod(lambda tracker: None)  # type: ignore[method-assign]


def remember_actions() -> None:
    """Make each action of a domain once.

    Why: Rasa makes all default actions to find one, four times a turn. None of them keeps
    anything of a conversation.
    """
    find = rasa.core.actions.action.action_for_name_or_text
    if hasattr(find, "__wrapped__"):
        return

    @functools.wraps(find)
    def found(name: str, domain: Domain, endpoint: Any) -> Action:
        known = domain.__dict__.setdefault("_actions_found", {})
        key = name, id(endpoint)
        if key not in known:
            known[key] = endpoint, find(name, domain, endpoint)  # held, so that its id is its own
        action: Action = known[key][1]
        return action

    rasa.core.actions.action.action_for_name_or_text = found


def remember_that_domains_are_full() -> None:
    """Compare a domain with an empty one once.

    Why: for each message Rasa makes an empty domain, and writes both out, to see which it is.
    """
    is_empty = Domain.is_empty
    if hasattr(is_empty, "__wrapped__"):
        return

    @functools.wraps(is_empty)
    def remembered(domain: Domain) -> bool:
        known = domain.__dict__
        if "_is_empty" not in known:
            known["_is_empty"] = is_empty(domain)
        return bool(known["_is_empty"])

    Domain.is_empty = remembered  # type: ignore[method-assign]


def ask_no_plugin_to_anonymise() -> None:
    """Leave out the pipeline of a plugin that is not installed.

    Why: the plugin manager is asked for it in each turn.
    """
    if plugin_manager().hook.get_anonymization_pipeline() is None:
        MessageProcessor.run_anonymization_pipeline = _nothing  # type: ignore[method-assign]


def extract_only_what_may_be_there() -> None:
    """Look for slots to fill only where something may fill one.

    Why: for each message Rasa goes through all slots' mappings. Here all fill slots by entities,
    or by actions alone, and most messages bring no entity.
    """
    run = ActionExtractSlots.run
    if hasattr(run, "__wrapped__"):
        return

    @functools.wraps(run)
    async def extracted(
        self: ActionExtractSlots, channel: Any, nlg: Any, tracker: Any, domain: Domain
    ) -> list[Event]:
        latest = tracker.latest_message
        if latest is not None and not latest.entities and _by_entities_alone(domain):
            return []
        return await run(self, channel, nlg, tracker, domain)

    ActionExtractSlots.run = extracted  # type: ignore[method-assign]


def _by_entities_alone(domain: Domain) -> bool:
    known = domain.__dict__
    if "_by_entities_alone" not in known:
        ways = [way for slot in domain.slots for way in slot.mappings]
        known["_by_entities_alone"] = ACTION_VALIDATE_SLOT_MAPPINGS not in domain.user_actions and (
            all(
                way["type"] == "from_entity" or (way["type"] == "custom" and "action" not in way)
                for way in ways
            )
        )
    return bool(known["_by_entities_alone"])


@functools.cache
def _effect(kind: type[Event]) -> str:
    if issubclass(kind, (Restarted, SessionStarted)):
        return BEGINS
    undoes = issubclass(kind, (ActionReverted, UserUtteranceReverted, ActiveLoop))
    return TAKES_BACK if undoes else PLAIN


async def _nothing(_processor: MessageProcessor, _tracker: DialogueStateTracker) -> None:
    return None


def _tracker_copied(tracker: DialogueStateTracker) -> DialogueStateTracker:
    new = tracker.__class__.__new__(tracker.__class__)
    new.__dict__.update(tracker.__dict__)
    new.events = tracker.events.copy()
    new.slots = type(tracker.slots)((name, _copied(one)) for name, one in tracker.slots.items())
    new.active_loop = copy.copy(tracker.active_loop)
    new.model_id = new.assistant_id = None  # as a copy by Rasa, which events bring no ids
    return new


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
