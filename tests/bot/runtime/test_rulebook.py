"""The compiled rules decide what Rasa's own matching decides, whatever happened before."""

from __future__ import annotations

import inspect
import json

import pytest

TEXTS = ("记住 退款", "想起", "订", "大的", "红色", "取消", '/remember{"topic": "x"}', "什么都不是")


@pytest.fixture
def policy(talk):
    nodes = talk.agent.processor.graph_runner._nodes
    [found] = [one._component for name, one in nodes.items() if "RulePolicy" in name]
    return found


def stock(method):
    """What a method of Rasa's was before it was changed."""
    return inspect.unwrap(method)


def trackers(talk, run):
    """A conversation as it stands whenever the next action is decided."""
    seen = []
    processor = talk.agent.processor
    decide = processor._predict_next_with_tracker

    def noting(tracker):
        seen.append(tracker.copy())
        return decide(tracker)

    processor._predict_next_with_tracker = noting
    for text in TEXTS + TEXTS[::-1]:
        talk.say(text)
    return seen


def test_the_same_states_are_made_with_and_without_slots(talk, run):
    from rasa.shared.core.trackers import DialogueStateTracker

    domain = talk.agent.domain
    seen = trackers(talk, run)
    assert len(seen) > len(TEXTS)
    assert not any(slot.has_features() for slot in domain.slots), "else nothing is compared"
    for tracker in seen:
        theirs = stock(DialogueStateTracker.past_states)(tracker, domain)
        assert tracker.past_states(domain) == theirs


def test_the_same_rules_fit(talk, run, policy):
    from rasa.core.policies.rule_policy import RulePolicy

    domain = talk.agent.domain
    for tracker in trackers(talk, run):
        states = policy._prediction_states(tracker, domain)
        for lookup in (policy.lookup["rules"], policy.lookup["rules_for_loop_unhappy_path"]):
            theirs = {
                key
                for key in lookup
                if all(
                    RulePolicy._is_rule_applicable(policy, key, turn, state)
                    for turn, state in enumerate(reversed(states))
                )
            }
            assert policy._get_possible_keys(lookup, states) == theirs


def test_words_are_only_passed_over_where_no_rule_hears_them(talk, run, policy):
    from rasa.core.policies.rule_policy import RulePolicy

    find = stock(RulePolicy._find_action_from_rules)
    for tracker in trackers(talk, run):
        name, _, _ = find(policy, tracker, talk.agent.domain, True)
        assert name is None
        assert policy._find_action_from_rules(tracker, talk.agent.domain, True)[0] is None
    listening = [{"prev_action": {"action_name": "action_listen"}, "user": {"text": "你好"}}]
    policy.lookup["rules"][json.dumps(listening)] = "action_listen"
    policy.__dict__.pop("_deaf_to_words")
    tracker = trackers(talk, run)[0]
    ours = policy._find_action_from_rules(tracker, talk.agent.domain, True)
    assert ours == find(policy, tracker, talk.agent.domain, True)


def test_a_copied_tracker_is_as_rasa_copies_it_and_its_own(talk, run):
    from rasa.shared.core.events import SlotSet
    from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

    for tracker in trackers(talk, run):
        ours, theirs = tracker.copy(), DialogueStateTracker.travel_back_in_time(tracker, 1e12)
        every = EventVerbosity.ALL
        assert ours.current_state(every) == theirs.current_state(every)
        assert ours.active_loop == theirs.active_loop
        ours.update(SlotSet("topic", "另一个"))
        assert tracker.get_slot("topic") != "另一个"
        assert len(tracker.events) < len(ours.events)
