"""Rasa still has the shape that bot.runtime.lean and bot.runtime.graph rely on.

When one of these fails after an update of Rasa, the change in lean.py that it names has to be
looked at again: it may be needless, or have to go elsewhere.
"""

from __future__ import annotations

import ast
import copy
import inspect

import jsonschema
import pytest


def test_the_processor_takes_its_runner_from_the_name_that_is_replaced(talk):
    from rasa.core.processor import MessageProcessor

    from bot.runtime.graph import SequentialRunner

    assert "DaskGraphRunner" in inspect.getsource(MessageProcessor._load_model)
    assert type(talk.agent.processor.graph_runner) is SequentialRunner


def test_nodes_in_sequence_give_what_dask_gives(talk, models, run, monkeypatch):
    import rasa.core.processor
    from rasa.core.agent import Agent
    from rasa.engine.runner.dask import DaskGraphRunner

    from bot.runtime.models import newest

    monkeypatch.setattr(rasa.core.processor, "DaskGraphRunner", DaskGraphRunner)
    stock = Agent.load(newest(models))
    for text in ("记住 退款", "想起", '/remember{"topic": "x"}'):
        ours, theirs = run(talk.agent.parse_message(text)), run(stock.parse_message(text))
        assert {**ours, "message_id": None} == {**theirs, "message_id": None}


@pytest.mark.parametrize(
    "result",
    [
        {"events": [{"event": "slot", "name": 3}], "responses": []},
        {"events": "none", "responses": []},
        {"events": [], "responses": ["text"]},
        {
            "events": [{"event": "slot", "name": None, "value": 1, "timestamp": None}],
            "responses": [],
        },
        {"events": [{"event": "unheard of"}], "responses": []},
        {"events": [None], "responses": []},
    ],
)
def test_a_malformed_result_of_an_action_is_refused(result):
    from rasa.core.actions.action import RemoteAction

    from bot.runtime.lean import check_results_by_compiled_schema

    check_results_by_compiled_schema()
    action = RemoteAction("action_x", None)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(result, RemoteAction.action_response_format_spec())
    with pytest.raises(jsonschema.ValidationError):
        action._validate_action_result(result)


def test_a_copied_slot_is_as_rasa_copies_it_and_its_own():
    from rasa.shared.core.slots import AnySlot, TextSlot

    from bot.runtime import lean

    for slot in (TextSlot("topic", [], initial_value="退款"), AnySlot("tried", [], [1])):
        lean.copy_slots_plainly()
        ours = copy.copy(slot)
        assert type(ours) is type(slot)
        assert ours.__dict__ == slot.__dict__
        assert ours.__dict__ == slot.__reduce_ex__(4)[2]
        ours.value = "转账"
        assert slot.value != "转账"


def test_rasa_checks_results_by_the_method_that_is_replaced():
    from rasa.core.actions.action import RemoteAction

    source = inspect.getsource(RemoteAction.run)
    assert "self._validate_action_result(response)" in source
    assert "self.action_endpoint.request(" in source


def test_event_types_are_found_as_before_and_remembered():
    from rasa.shared.core.events import Event, SlotSet

    from bot.runtime.lean import remember_event_types

    remember_event_types()
    remember_event_types()
    assert Event.resolve_by_type("slot") is SlotSet
    assert Event.resolve_by_type("slot") is SlotSet
    assert Event.resolve_by_type.cache_info().hits >= 1
    with pytest.raises(ValueError, match="unknown_event"):
        Event.resolve_by_type("unknown_event")


def test_rasa_locks_and_stores_by_the_interfaces_that_are_implemented(talk):
    from rasa.core.agent import Agent
    from rasa.core.lock_store import LockStore

    parameters = inspect.signature(LockStore.lock).parameters
    assert list(parameters) == [
        "self", "conversation_id", "lock_lifetime", "wait_time_in_seconds",
    ]  # fmt: skip
    assert "self.lock_store.lock(message.sender_id)" in inspect.getsource(Agent.handle_message)
    assert talk.agent.processor.tracker_store is talk.agent.tracker_store
    assert talk.agent.tracker_store.domain is talk.agent.domain


@pytest.mark.parametrize("name", ["processor", "policies.rule_policy", "actions.forms"])
def test_what_is_no_longer_copied_was_copied_for_the_log_alone(name):
    import importlib

    tree = ast.parse(inspect.getsource(importlib.import_module(f"rasa.core.{name}")))
    copies = {
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "copy"
    }
    logged = {
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "structlogger.debug"
        for part in ast.walk(node)
    }
    assert copies
    assert copies <= logged
    assert {node.attr for node in copies} == {"deepcopy"}


def test_an_action_is_made_once_and_is_the_one_that_rasa_finds(talk):
    from rasa.core.actions.action import action_for_name_or_text

    domain, endpoint = talk.agent.domain, talk.agent.processor.action_endpoint
    for name in domain.action_names_or_texts:
        ours = action_for_name_or_text(name, domain, endpoint)
        theirs = inspect.unwrap(action_for_name_or_text)(name, domain, endpoint)
        assert (type(ours), ours.name()) == (type(theirs), theirs.name())
        assert action_for_name_or_text(name, domain, endpoint) is ours


def test_a_domain_stays_as_full_as_it_was_found(talk):
    from rasa.shared.core.domain import Domain

    assert not talk.agent.domain.is_empty()
    assert Domain.empty().is_empty()


def test_slots_are_extracted_from_whatever_may_fill_them(talk, run):
    from rasa.core.actions.action import ActionExtractSlots
    from rasa.core.channels.channel import CollectingOutputChannel
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    def extracted(mapping, entities):
        domain = Domain.from_dict(
            {
                "intents": ["tell"],
                "entities": ["topic"],
                "slots": {"topic": {"type": "any", "mappings": [mapping]}},
            }
        )
        said = UserUttered("退款", {"name": "tell"}, entities)
        tracker = DialogueStateTracker.from_events("小林", [said], domain.slots)
        action = ActionExtractSlots(None)
        events = run(action.run(CollectingOutputChannel(), None, tracker, domain))
        return [(event.key, event.value) for event in events]

    by_entity = {"type": "from_entity", "entity": "topic"}
    assert extracted(by_entity, []) == []
    assert extracted(by_entity, [{"entity": "topic", "value": "退款"}]) == [("topic", "退款")]
    assert extracted({"type": "from_text"}, []) == [("topic", "退款")]


def test_plain_events_are_taken_as_rasa_takes_them():
    from rasa.shared.core.events import (
        ActionExecuted,
        ActionReverted,
        ActiveLoop,
        Restarted,
        SessionStarted,
        SlotSet,
        UserUtteranceReverted,
        UserUttered,
    )
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.runtime.lean import take_plain_events_as_they_are

    take_plain_events_as_they_are()
    stock = DialogueStateTracker.applied_events.__wrapped__
    plain = [
        UserUttered("一"), ActionExecuted("a"), SlotSet("s", 1), ActionExecuted("action_listen"),
    ]  # fmt: skip
    back = [ActionReverted(), UserUtteranceReverted(), ActiveLoop("a"), ActiveLoop(None)]
    for first in ([], [SessionStarted()], [Restarted()], [ActionExecuted("b"), SessionStarted()]):
        for last in ([], *([one] for one in back), back, [Restarted()]):
            events = [*first, *plain, *last, *plain, ActionExecuted("a")]
            tracker = DialogueStateTracker.from_events("小林", events, [])
            assert tracker.applied_events() == stock(tracker)
