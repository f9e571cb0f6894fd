"""One turn: what came in, what is known, and what will be changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import hearer
from dialogue import facts
from dialogue.acts import MATTER
from dialogue.reading import Reading
from dialogue.state import State
from dialogue.text import asks, unspaced

# Details of a case: picked up from any message, shared by the flows.
DETAILS = ("error_text", "time", "amount", "order_number")
# Steps of several flows: what one learned, the next does not ask.
SHARED = (*DETAILS, "counterparty")
# What a new case starts without.
CASE = (*SHARED, "problem", "tried")
# The slot that keeps the state of the discourse.
DISCOURSE = "discourse"
# What was requested, before the form asked by itself, while the customer looked something up; the
# slot of that name kept the pending step.
WAITING = "waiting"
REQUESTED = "requested_slot"
# The slot that keeps the answers to the flows' own steps: slot → value.
ANSWERS = "answers"
# The intent of a message that starts a flow; its entity of the same name says which.
FLOW = "flow"
# What a customer chose not to say.
SKIPPED = "skip"

# The topic of a message that says nothing but that the customer does not know, or skips.
UNSURE = "unsure"

# Characters beside a detail that say nothing: 金额, 时间是.
FILLER = 5
# Characters beside a corrected detail that only say that it is corrected: 不对是, 我看错了应该是.
BESIDE = 10

Event = dict[str, Any]


class Turn:
    """Reads one message and its tracker; collects slots to set.

    slot() sees what this turn already set. Nothing is written before events().
    """

    def __init__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> None:
        message = tracker.latest_message or {}
        self.dispatcher = dispatcher
        self.domain = domain
        self.intent: str = (message.get("intent") or {}).get("name") or "unknown"
        self.understanding: dict[str, Any] = message.get("understanding") or {}
        self.metadata: dict[str, Any] = message.get("metadata") or {}
        typed = message.get("text") or ""
        # Rasa unpacks payloads without asking the NLU component what they mean.
        self.pressed = typed.startswith("/")
        self.text: str = "" if self.pressed else unspaced(typed)
        self.told = facts.Told()
        self.entities: dict[str, Any] = {
            entity["entity"]: entity["value"] for entity in message.get("entities") or []
        }
        # A message that starts a flow has that flow for its intent.
        self.names_flow = self.intent == FLOW
        if self.names_flow:
            self.intent = str(self.entities.get(FLOW))
        self.asked: str = tracker.get_slot("asked") or ""
        requested = tracker.get_slot(REQUESTED)
        self.pending: str | None = tracker.get_slot(WAITING) if requested == WAITING else requested
        self._before: dict[str, Any] = tracker.current_slot_values()
        self._answers: dict[str, Any] = dict(tracker.get_slot(ANSWERS) or {})
        # A question of the bot's outside of the flows stands for one message only.
        self._set: dict[str, Any] = {"asked": None}
        self.state = State.of(tracker.get_slot(DISCOURSE))
        self._reading: Reading | None = None
        # the flow that this turn's answer opens, for the rule of its intent to go on with
        self.opened: str | None = None
        # whether the card was sent on with what this message tells
        self.noted = False
        self._take_facts()

    def slot(self, name: str) -> Any:
        """Return a slot's value, or a step's answer, as this turn leaves it."""
        if name in self._set:
            return self._set[name]
        return self._before[name] if name in self._before else self._answers.get(name)

    def set(self, name: str, value: Any) -> None:
        """Set a slot, or a step's answer, at the end of this turn."""
        if name in self._before:
            self._set[name] = value
        else:
            self._answers[name] = value

    def _take_facts(self) -> None:
        """Put what this message tells on the sheet of facts; the slots show the sheet.

        Rasa has put this message's details into the slots already; the sheet knows those before.
        """
        self.told = facts.Told()
        self._told_anew = False
        if not self.text:
            return
        expects = self.pending if self.pending in DETAILS else None
        self.told = facts.find(self.text, self.learned, expects)
        self._told_anew = not self.told.facts.keys().isdisjoint(self.state.facts)
        for kind, value in facts.merge(self.state.facts, self.told).items():
            self.state.facts[kind] = value
            if kind in DETAILS:
                self.set(kind, value)

    @property
    def reading(self) -> Reading:
        """What the message does in this conversation."""
        if self._reading is None:
            self._reading = self._as_told(hearer.read(self.state, self.said, self.understanding))
        return self._reading

    def _as_told(self, reading: Reading) -> Reading:
        """Read a message that says nothing beside its facts as the facts it tells."""
        if self._corrects:
            return replace(reading, act="correction", faq=None)
        known = self.pending or self.state.topic
        symptom = reading.act == MATTER and "error_text" in self.told.facts
        if self.only_details and known and not symptom and not asks(self.said):
            return replace(reading, act="fact", faq=None)
        return reading

    @property
    def corrected(self) -> bool:
        """Whether the message takes back a fact that was told before."""
        return self.told.corrects and self._told_anew

    @property
    def _corrects(self) -> bool:
        """Whether the message says little but that a fact is another: 打错了 3k."""
        if not self.corrected or asks(self.said):
            return False
        rest = self.said
        for value in self.told.facts.values():
            rest = rest.replace(value, "")
        return sum(char.isalnum() for char in rest) <= BESIDE

    def events(self) -> list[Event]:
        """Return the events that set what changed."""
        self.state.hear(self.text)
        self.set(DISCOURSE, self.state.kept() or None)
        answers = {name: value for name, value in self._answers.items() if value is not None}
        self.set(ANSWERS, answers or None)
        return [
            SlotSet(name, value)
            for name, value in self._set.items()
            if self._before.get(name) != value
        ]

    def events_requesting(self, slot: str | None) -> list[Event]:
        """Return these events and the one that has the form wait for a slot; None ends it."""
        self.set(WAITING, None)
        # Rasa takes a validation that sets nothing for a reply that it should not have had.
        changed = self.events() or [SlotSet("unclear", self.slot("unclear"))]
        return [*changed, SlotSet(REQUESTED, slot)]

    @property
    def learned(self) -> dict[str, str]:
        """The details that this message holds."""
        if self.told.facts:
            return {kind: self.told.facts[kind] for kind in DETAILS if kind in self.told.facts}
        return {kind: self.entities[kind] for kind in DETAILS if kind in self.entities}

    @property
    def only_details(self) -> bool:
        """Whether the message says nothing beside its details."""
        told = self.told.facts or self.learned
        rest = self.text
        for value in told.values():
            rest = rest.replace(value, "")
        return bool(told) and sum(char.isalnum() for char in rest) <= FILLER

    @property
    def faq_id(self) -> str | None:
        """The FAQ that this message asks for, by a button or in the customer's words."""
        if self.entities.get("faq") or not self.text:
            return self.entities.get("faq") or self.understanding.get("faq")
        return self.reading.faq if self.reading.act == MATTER else None

    @property
    def topic(self) -> str | None:
        """The topic of small talk, or the one beyond the help center."""
        return self.understanding.get("topic")

    @property
    def masked(self) -> str | None:
        """ "only" or "part" when a secret was hidden in the message."""
        return self.understanding.get("masked")

    @property
    def said(self) -> str:
        """What the customer typed, without hidden secrets and the words that name them."""
        return str(self.understanding.get("rest") or self.text)

    @property
    def variables(self) -> dict[str, str]:
        """What the deployment knows of itself: hotline, hours, …"""
        return dict(self.metadata.get("variables") or {})

    def start_case(self) -> None:
        """Forget the settled case before, but for what this very message says."""
        if not self.slot("settled"):
            return
        for name in CASE:
            self.set(name, self.learned.get(name))
        self._answers = {}
        self.state.facts = dict(self.told.facts)
        self.state.told = []
        for name in ("flow", "last_faq", "urgent", "settled"):
            self.set(name, None)

    def open_problem(self, otherwise: str | None = None) -> None:
        """Keep the customer's own words as the problem, unless it is known already."""
        if not self.slot("problem"):
            self.set("problem", self.text or otherwise)
