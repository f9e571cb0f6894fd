"""How a conversation opens, and what the customer says of its result."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import outage, wording
from actions.first import first
from actions.flows import flow_asking
from actions.handover import hand_over
from actions.settling import close_solved
from actions.turn import Event, Turn


class ActionGreet(Action):
    """Greets and offers the hot topics."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_greet"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Greet, by name when the customer is signed in."""
        turn = Turn(dispatcher, tracker, domain)
        name = turn.metadata.get("name") if turn.metadata.get("signed_in") else None
        outage.tell(turn)
        greeting = turn.metadata.get("greeting")
        if greeting:
            text = str(greeting["text"]).replace("{name}", str(name or ""))
            dispatcher.utter_message(text=text, buttons=greeting["buttons"])
        else:
            wording.say(turn, "utter_greet", name=str(name or ""))
        return turn.events()


class ActionSolved(Action):
    """Keeps that the customer calls it solved."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_solved"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Close the case."""
        turn = Turn(dispatcher, tracker, domain)
        replied = first(turn)
        if replied is not None:
            return replied
        close_solved(turn)
        return turn.events()


class ActionUnsolved(Action):
    """Hands over when an answer did not help."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_unsolved"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Hand over with the card, or ask what it is about when nothing was answered yet."""
        turn = Turn(dispatcher, tracker, domain)
        replied = first(turn)
        if replied is not None:
            return replied
        if turn.slot("last_faq") or turn.slot("flow") or turn.slot("settled"):
            hand_over(turn, "unsolved")
        else:
            wording.say(turn, "utter_unsolved_nothing")
        return turn.events()


class ActionCancel(Action):
    """Leaves it at that."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_cancel"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Say that the customer may come back."""
        turn = Turn(dispatcher, tracker, domain)
        replied = first(turn)
        if replied is not None:
            return replied
        if turn.pressed:
            wording.say(turn, "utter_cancelled")
        else:  # who takes leave is not sent to a person
            turn.dispatcher.utter_message(text=wording.text_of(turn, "utter_cancelled"))
        turn.set("misses", 0)
        return turn.events()


class ActionLateReply(Action):
    """Takes a button of a flow that is over."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_late_reply"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Offer to start that flow afresh."""
        turn = Turn(dispatcher, tracker, domain)
        flow = flow_asking(str(turn.entities.get("slot")))
        restart = [wording.flow_button(turn, flow.name, "utter_restart_button")] if flow else []
        wording.say_with(turn, "utter_late_reply", restart)
        return turn.events()
