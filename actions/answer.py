"""Answers a question outside of the flows, and opens a flow with its answer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import answering, commands, knowledge, wording
from actions.flows import FLOWS
from actions.handover import hand_over
from actions.turn import Event, Turn
from search import Faq


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
        turn.start_case()
        answering.warn_of_secret(turn)
        flow = FLOWS.get(turn.intent)
        faq = knowledge.find(turn.faq_id or (flow.faq if flow else None))
        if faq is None:
            answering.admit(turn)
            return turn.events()
        return answer(turn, faq)


def answer(turn: Turn, faq: Faq) -> list[Event]:
    """Answer with an FAQ, start its flow or hand over; returns the turn's events."""
    turn.open_problem(faq.question)
    if faq.flow == "human":
        hand_over(turn, "asked")
    elif faq.flow in FLOWS:
        open_flow(turn, faq)
        if turn.intent != faq.flow:
            return [*turn.events(), FollowupAction(FLOWS[faq.flow].form)]
    else:
        answering.give(turn, faq, short=False, buttons=answering.buttons_after(turn, faq))
        turn.set("asked", "helped")
        if turn.learned:
            commands.note(turn)
    return turn.events()


def open_flow(turn: Turn, faq: Faq) -> None:
    """Give the answer that a flow starts with; the fast lane's is whole, with a human beside."""
    if faq.urgent:
        # the fast lane's own question has the button for a human
        asked = faq.flow in FLOWS and FLOWS[faq.flow].hasty
        human = [] if asked else wording.buttons_of(turn, "utter_after_urgent")[:1]
        answering.give(turn, faq, short=False, buttons=human)
    else:
        answering.give(turn, faq, short=True, buttons=[])
