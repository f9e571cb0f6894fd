"""Says that a picture has come, and keeps it with the case."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import commands, counselling, hearer, speech
from actions.turn import Event, Turn


def acknowledge(turn: Turn) -> None:
    """Say that the picture stands with what was told, and that people alone can read it."""
    if counselling.in_danger(turn):
        return
    turn.state.tell(hearer.phrases()["picture_on_card"].wordings[0])
    commands.note(turn)
    speech.say(turn, "picture_waiting" if turn.metadata.get("waiting") else "picture_noted")


class ActionPicture(Action):
    """Acknowledges a picture outside of the flows."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_picture"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Acknowledge it."""
        turn = Turn(dispatcher, tracker, domain)
        acknowledge(turn)
        return turn.events()
