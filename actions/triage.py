"""The form's validation action: it walks any flow, one message at a time."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.flow import SAID
from actions.flows import FORM, walked
from actions.hearing import Hearing
from actions.turn import Event, Turn


class ValidateFlow(Action):
    """Takes one message for the flow that is walked; asks the next step itself."""

    def name(self) -> str:
        """Return the name that Rasa's form looks for."""
        return f"validate_{FORM}"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Take one message, or the form's start, and request the next slot or none."""
        turn = Turn(dispatcher, tracker, domain)
        flow = walked(turn)
        if flow is None:
            return _gone(turn)
        walk = Hearing(flow, turn)
        if turn.pending is not None and (turn.metadata.get("wallet") or {}).get("chosen"):
            # a tap on a transaction: what is known of it takes the place of the questions
            turn.set("outcome", "wallet")
            return walk.events()
        if turn.pending is None:
            walk.open()
        else:
            walk.take(turn.pending)
        return walk.events()


def _gone(turn: Turn) -> list[Event]:
    """End a form whose flow was taken away, and say so."""
    wording.say(turn, "utter_late_reply")
    turn.set("outcome", SAID)
    return turn.events_requesting(None)
