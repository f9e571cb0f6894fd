"""Answers a question outside of the flows, and opens a flow with its answer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import answering, knowledge
from actions.first import first
from actions.flows import begin, flows
from actions.opening import answer, open_flow
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
        return _only_opened(turn, _answered(turn) if replied is None else replied)


def _answered(turn: Turn) -> list[Event]:
    turn.start_case()
    answering.warn_of_secret(turn)
    flow = flows().get(turn.intent)
    # 我不是要退款 starts no refund
    denied = bool(turn.text) and turn.reading.act == "lost"
    faq = knowledge.find(turn.faq_id or (flow.faq if flow and not denied else None))
    if faq is None:
        answering.admit(turn)
        return turn.events()
    if flow is None or faq.flow in flows():
        return answer(turn, faq)
    open_flow(turn, faq)  # a flow by its own button, whose FAQ does not name it
    begin(turn, flow)
    return turn.events()


def _only_opened(turn: Turn, events: list[Event]) -> list[Event]:
    """Keep the rule of flows from starting one that the answer has not opened."""
    followed = any(event.get("event") == "followup" for event in events)
    if followed or not turn.names_flow or turn.opened == turn.intent:
        return events
    return [*events, FollowupAction("action_listen")]
