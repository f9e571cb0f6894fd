"""Answers what else is asked while a form asks, and asks again what was not understood."""

from __future__ import annotations

from actions import answering, knowledge, replies, speech, telling, wording
from actions.flow import ASKED, URGENT, Step
from actions.flows import flows, is_hasty
from actions.walk import Walk
from search import Faq

# Small talk after which a step waits quietly.
QUIET = frozenset(("wait", "acknowledge", "goodbye"))
# From this many replies in a row that do not answer the pending step, a human is offered.
UNCLEAR = 2
# From so many characters on, a message tells something, whether it was understood or not.
SAYING = 5


class Interrupting(Walk):
    """A walk that another question, small talk or what nobody understands interrupts."""

    def _fast_lane(self) -> bool:
        faq = knowledge.find(self.turn.faq_id)
        return bool(faq and faq.urgent and is_hasty(faq.flow) and not self.flow.hasty)

    def _interrupt(self, step: Step, faq: Faq) -> None:
        """Answer another question, then come back to the pending step."""
        turn = self.turn
        turn.set("unclear", 0)
        # the fast lane's own questions have the button for a human
        calm = not self.flow.hasty and not is_hasty(faq.flow)
        urgent = wording.buttons_of(turn, "utter_after_urgent")[:1] if faq.urgent and calm else []
        if faq.flow == "human":
            self._end(ASKED)
        elif faq.flow == self.flow.name:
            self._own_question(step, faq, urgent)
        elif is_hasty(faq.flow):
            answering.give(turn, faq, short=False, buttons=urgent)
            self._end(f"switch/{faq.flow}")
        elif faq.flow in flows():
            switch = [wording.flow_button(turn, faq.flow, "utter_switch_button")]
            answering.give(turn, faq, short=True, buttons=switch)
            wording.say(turn, "utter_resume")
        else:
            answering.give(turn, faq, short=False, buttons=urgent)
            wording.say(turn, "utter_resume")

    def _own_question(self, step: Step, faq: Faq, urgent: list[wording.Button]) -> None:
        """Take an FAQ of this very flow: it names a cause, or says again that it fails."""
        turn = self.turn
        cause = self.flow.causes.get(faq.id)
        named = self.flow.step(cause.slot) if cause else None
        if cause and named and turn.slot(named.slot) is None:
            if not self.flow.hasty:
                answering.give(turn, faq, short=True, buttons=[])
            self._answer(named, cause.value, told=True)
        elif turn.slot("last_faq") == faq.id:
            self._unclear(step)
        else:
            answering.give(turn, faq, short=True, buttons=urgent)
            wording.say(turn, "utter_resume")

    def _small_talk(self) -> None:
        if self.flow.hasty:
            self._end(URGENT)
            return
        answering.small_talk(self.turn)
        self.silent = self.turn.topic in QUIET or self.turn.reading.act in QUIET

    def _unclear(self, step: Step) -> None:
        """Ask once more, gently; then offer a human. The fast lane does not ask twice."""
        turn = self.turn
        if turn.masked:
            return  # what was hidden may have been the answer: the step is only asked again
        if self.flow.hasty:
            self._end(URGENT)
            return
        unclear = int(turn.slot("unclear") or 0) + 1
        turn.set("unclear", unclear)
        if replies.is_question(turn.said) and turn.intent != "noise":
            telling.note_quietly(turn)
            topic = answering.topic_of(turn)
            if topic is None or not answering.give_further(turn, topic):
                speech.say(turn, "aside_step")
            return
        if unclear < UNCLEAR and turn.intent != "noise" and len(turn.said) >= SAYING:
            telling.note(turn, turn.said)
            return
        wording.say(turn, "utter_reask" if unclear < UNCLEAR else "utter_stuck")
