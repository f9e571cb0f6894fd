"""What is said when no FAQ is sure to fit."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import answering, commands, wording
from actions.first import first
from actions.turn import UNSURE, Event, Turn


class ActionOffer(Action):
    """Offers the nearest FAQs as buttons, and a human."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_offer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Offer what is near."""
        turn = Turn(dispatcher, tracker, domain)
        replied = first(turn)
        if replied is not None:
            return replied
        answering.warn_of_secret(turn)
        if turn.only_details:
            note_details(turn)
            return turn.events()
        turn.start_case()
        turn.open_problem()
        if turn.learned:
            commands.note(turn)
        answering.offer(turn)
        return turn.events()


def note_details(turn: Turn) -> None:
    """Keep details that came by themselves; ask what they are about unless a human is on it."""
    commands.note(turn)
    handed = turn.slot("settled") == "human"
    wording.say(turn, "utter_noted" if handed else "utter_noted_ask")


class ActionUnknown(Action):
    """Says honestly that nothing fits; keeps what the message told all the same."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_unknown"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Admit, or note details that came by themselves."""
        turn = Turn(dispatcher, tracker, domain)
        replied = first(turn)
        if replied is not None:
            return replied
        answering.warn_of_secret(turn)
        if turn.masked == "only":
            wording.say(turn, "utter_secret_ask")
        elif turn.only_details or turn.learned.keys() - {"time"}:
            note_details(turn)
        else:
            answering.admit(turn)
        return turn.events()


class ActionNoise(Action):
    """Asks for a sentence when a message holds none; the second time offers a human."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_noise"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Ask what it is about."""
        turn = Turn(dispatcher, tracker, domain)
        replied = first(turn)
        if replied is not None:
            return replied
        again = answering.count_miss(turn)
        if again:
            answering.speech.say(turn, "unknown_again")
            turn.set("asked", "human")
        else:
            wording.say(turn, "utter_noise")
        return turn.events()


class ActionSmallTalk(Action):
    """Answers small talk in two lines."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_smalltalk"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Answer by the topic."""
        turn = Turn(dispatcher, tracker, domain)
        replied = first(turn)
        if replied is not None:
            return replied
        answering.warn_of_secret(turn)
        answering.small_talk(turn)
        if turn.topic == UNSURE:
            # not knowing answers nothing, so what was asked stands
            turn.set("asked", turn.asked or None)
        return turn.events()
