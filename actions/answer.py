"""Answers a question outside of the flows, and opens a flow with its answer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import answering, knowledge
from actions.first import first
from actions.flows import FLOWS
from actions.opening import answer
from actions.turn import Event, Turn


class ActionAnswer(Action):
    """Gives an FAQ's answer; where the FAQ has a flow, its short answer, and the form goes on."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Answer the FAQ that the message asks for."""
        turn = Turn(dispatcher, tracker, domain)
        replied = first(turn)
        if replied is not None:
            if not any(event.get("event") == "followup" for event in replied):
                # the rule of this intent would start its flow, which the reply has not
                goes_on = turn.opened == turn.intent
                return replied if goes_on else [*replied, FollowupAction("action_listen")]
            return replied
        turn.start_case()
        answering.warn_of_secret(turn)
        flow = FLOWS.get(turn.intent)
        faq = knowledge.find(turn.faq_id or (flow.faq if flow else None))
        if faq is None:
            answering.admit(turn)
            return turn.events()
        return answer(turn, faq)
