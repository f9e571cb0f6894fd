"""The forms' validation actions: each walks its flow one message at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import Flow, Step
from actions.hearing import Hearing
from actions.turn import Event, Turn


class Triage(Action, ABC):
    """The validation action of a flow's form; Rasa asks for the slot that it requests."""

    @property
    @abstractmethod
    def flow(self) -> Flow:
        """The flow that the form walks."""

    def name(self) -> str:
        """Return the name that Rasa's form looks for."""
        return f"validate_{self.flow.form}"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Take one message, or the form's start, and request the next slot or none."""
        turn = Turn(dispatcher, tracker, domain)
        walk = Hearing(self.flow, turn, self.settle)
        if turn.pending is None:
            walk.open()
        else:
            walk.take(turn.pending)
        return walk.events()

    def settle(self, turn: Turn, step: Step) -> bool:
        """Settle a step without asking; True when the step needs no question."""
        return False
