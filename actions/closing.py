"""What follows when a flow's form is over."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import commands, knowledge, speech, wallet, wording
from actions.flow import CANCELLED, DECLINED, KEPT, LATER, LEFT, SAID, SOLVED
from actions.flows import FORM, begin, flows
from actions.handover import hand_over
from actions.opening import answer, open_flow
from actions.settling import close_solved
from actions.turn import Event, Turn


class ActionCloseFlow(Action):
    """Acts on the form's outcome: resolve, hand over, leave it, or go to another flow."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_close_flow"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Close the flow by the slot `outcome`."""
        turn = Turn(dispatcher, tracker, domain)
        outcome, _, what = str(turn.slot("outcome") or CANCELLED).partition("/")
        turn.set("outcome", None)
        turn.set("unclear", 0)
        if outcome == "human":
            hand_over(turn, what)
        elif outcome == "wallet":
            return wallet.take(turn)
        elif outcome == "switch":
            return self._switch(turn, what)
        elif outcome == "ask":
            speech.say(turn, "left")
            faq = knowledge.find(what)
            if faq is not None:
                turn.set("flow", None)
                return answer(turn, faq, from_flow=True)
        elif outcome == SAID:
            pass
        elif outcome == SOLVED:
            close_solved(turn)
        elif outcome == LEFT:
            turn.set("settled", "left")
            turn.set("asked", "solved")
        elif outcome == LATER:
            wording.say(turn, "utter_later")
        elif outcome == DECLINED:
            wording.say(turn, "utter_declined")
        elif outcome == KEPT:
            commands.note(turn)
            wording.say(turn, "utter_kept")
        else:
            self._leave(turn)
        return turn.events()

    @staticmethod
    def _leave(turn: Turn) -> None:
        """Put the flow off: it can be taken up again, and a human is there, too."""
        flow = str(turn.slot("flow") or "")
        again = [wording.flow_button(turn, flow, "utter_again_button")] if flow in flows() else []
        wording.say_with(turn, "utter_cancelled", again)

    @staticmethod
    def _switch(turn: Turn, to: str) -> list[Event]:
        flow = flows().get(to)
        if flow is None:  # taken away meanwhile
            hand_over(turn, "unsolved")
            return turn.events()
        answered = knowledge.find(turn.slot("last_faq"))
        first = knowledge.find(flow.faq)
        if first is not None and (answered is None or answered.flow != to):
            open_flow(turn, first)
        begin(turn, flow)
        return [*turn.events(), FollowupAction(FORM)]
