"""Answers with an FAQ, and opens the flow that it starts."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction

from actions import answering, commands, outage, wallet, wording
from actions.flows import FORM, begin, flows, is_hasty
from actions.handover import hand_over
from actions.turn import Event, Turn
from search import Faq


def answer(turn: Turn, faq: Faq, *, from_flow: bool = False) -> list[Event]:
    """Answer with an FAQ, start its flow or hand over; returns the turn's events.

    from_flow: another flow's end leads here, so no rule starts this one.
    """
    turn.open_problem(faq.question)
    known = wallet.begins(turn, faq)
    if known is not None:
        return known
    if faq.flow == "human":
        hand_over(turn, "asked")
    elif faq.flow in flows():
        open_flow(turn, faq)
        begin(turn, flows()[faq.flow])
        if from_flow or turn.intent != faq.flow:
            return [*turn.events(), FollowupAction(FORM)]
    else:
        answering.give(turn, faq, short=False, buttons=answering.buttons_after(turn, faq))
        turn.set("asked", "helped")
        if turn.learned:
            commands.note(turn)
    return turn.events()


def open_flow(turn: Turn, faq: Faq) -> None:
    """Give the answer that a flow starts with; the fast lane's is whole, with a human beside."""
    if faq.flow and not is_hasty(faq.flow):
        outage.tell(turn)
    if "whole" in turn.state.given.get(faq.id, ()):
        answering.talk_about(turn, faq)  # said before: the flow goes on from here
    elif faq.urgent:
        # the fast lane's own question has the button for a human
        human = [] if is_hasty(faq.flow) else wording.buttons_of(turn, "utter_after_urgent")[:1]
        answering.give(turn, faq, short=False, buttons=human)
    else:
        answering.give(turn, faq, short=True, buttons=[])
