"""Rasa's rules, matched at the cost of a look: compiled once, against states made without copies.

RulePolicy parses and compares each of its rules with each state of the conversation, and makes
these states by playing all events on copies of the tracker with every slot, three times a turn.
What it decides stays the same; tests/bot/runtime/test_rulebook.py compares both.
"""

from __future__ import annotations

import functools
import json
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    PREVIOUS_ACTION,
    SHOULD_NOT_BE_SET,
    USER,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

State = dict[str, dict[str, Any]]
# (part of a state, key, the value that it has to have, None where it has to have none)
Wanted = tuple[tuple[str, str, Any], ...]
Rule = tuple[tuple[bool, Wanted], ...]  # by turn, the newest first; whether an action came before


def compile_rules() -> None:
    """Apply all changes; doing so again changes nothing."""
    RulePolicy._get_possible_keys = _possible_keys  # type: ignore[method-assign]
    # Made for a line of the debug log, which is never written.
    RulePolicy.format_tracker_states = staticmethod(_untold)  # type: ignore[method-assign]
    if not hasattr(RulePolicy._find_action_from_rules, "__wrapped__"):
        RulePolicy._find_action_from_rules = _unless_deaf(  # type: ignore[method-assign]
            RulePolicy._find_action_from_rules
        )
    if not hasattr(DialogueStateTracker.past_states, "__wrapped__"):
        DialogueStateTracker.past_states = _in_one_walk(  # type: ignore[method-assign]
            DialogueStateTracker.past_states
        )


def _possible_keys(_policy: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """Find the rules that fit the conversation's newest states."""
    return {key for key in lookup if _fits(_rule(key), states)}


def _fits(rule: Rule, states: list[State]) -> bool:
    for (follows, wanted), state in zip(rule, reversed(states), strict=False):
        before = bool(state.get(PREVIOUS_ACTION))
        if follows != before:
            return False
        if not follows:
            continue  # both begin a conversation
        for part, key, value in wanted:
            found = state.get(part, {}).get(key)
            if value is None:
                if found and found != SHOULD_NOT_BE_SET:
                    return False
            elif found != value:
                return False
    return True


@functools.lru_cache(maxsize=1000)
def _rule(key: str) -> Rule:
    return tuple(
        (bool(state.get(PREVIOUS_ACTION)), tuple(_wanted(state)))
        for state in reversed(json.loads(key))
    )


def _wanted(state: State) -> Any:
    for part, values in state.items():
        for key, value in values.items():
            if value == SHOULD_NOT_BE_SET:
                yield part, key, None
            elif value:
                yield part, key, tuple(value) if isinstance(value, list) else value


def _unless_deaf(find: Any) -> Any:
    @functools.wraps(find)
    def found(
        policy: RulePolicy, tracker: Any, domain: Domain, use_text_for_last_user_input: bool
    ) -> Any:
        """Look for rules about a message's words only where there are some.

        Where each rule that follows a message wants an intent, none of them fits the words.
        """
        if use_text_for_last_user_input and _is_deaf(policy):
            return None, None, False
        return find(policy, tracker, domain, use_text_for_last_user_input)

    return found


def _is_deaf(policy: RulePolicy) -> bool:
    known: bool | None = policy.__dict__.get("_deaf_to_words")
    if known is None:
        last = (json.loads(key)[-1] for key in policy.lookup["rules"])
        known = policy.__dict__["_deaf_to_words"] = all(
            state.get(USER, {}).get(INTENT)
            for state in last
            if state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME) in (None, ACTION_LISTEN_NAME)
        )
    return known


def _in_one_walk(past_states: Any) -> Any:
    @functools.wraps(past_states)
    def states(
        tracker: DialogueStateTracker,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        """Make the states by one walk without slots, where no slot is part of a state."""
        if ignore_rule_only_turns or any(slot.has_features() for slot in tracker.slots.values()):
            return past_states(
                tracker, domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data
            )
        walker = _Walker()
        found = []
        for event in tracker.applied_events():
            if isinstance(event, ActionExecuted):
                found.append(domain.get_active_state(walker))
            event.apply_to(walker)
        return [*found, domain.get_active_state(walker)]

    return states


class _Walker(DialogueStateTracker):
    """A tracker that only knows what a state is made of."""

    def __init__(self) -> None:
        self.slots = {}
        self._reset()

    def _reset(self) -> None:
        self._paused = False
        self.followup_action = ACTION_LISTEN_NAME
        self.latest_action = {}
        self.latest_message = _SILENCE
        self.latest_bot_utterance = _NOTHING
        self.active_loop = None

    def _set_slot(self, key: str, value: Any) -> None:
        pass


_SILENCE, _NOTHING = UserUttered.empty(), BotUttered.empty()


def _untold(_states: list[State]) -> str:
    return ""
