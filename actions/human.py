"""To a human, at once and from anywhere; and back from one."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import answering, wording
from actions.first import first
from actions.handover import hand_over
from actions.turn import Event, Turn

# A wish for a human longer than this says what it is about, too.
BARE = 10


class ActionHuman(Action):
    """Hands over in one message; nothing is asked first."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_human"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Queue the conversation with a card of what is known."""
        turn = Turn(dispatcher, tracker, domain)
        replied = first(turn)
        if replied is not None:
            return replied
        answering.warn_of_secret(turn)
        if turn.slot("settled") == "solved":
            turn.start_case()
        if turn.learned or len(turn.text) > BARE:
            turn.open_problem()
        missed = int(turn.slot("misses") or 0) >= answering.MISSES
        hand_over(turn, "missed" if missed else "asked")
        return turn.events()


class ActionHumanLeft(Action):
    """Asks whether it is solved after an agent closed."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_human_left"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Ask."""
        turn = Turn(dispatcher, tracker, domain)
        wording.say(turn, "utter_human_left")
        turn.set("settled", "left")
        turn.set("asked", "solved")
        return turn.events()
