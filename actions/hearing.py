"""Hears a message while a form asks: a reply, another question, a wish to leave."""

from __future__ import annotations

from actions import answering, counselling, knowledge, replies, wording
from actions.asides import Asides
from actions.flow import ASKED, CANCELLED, LEFT, MISSED, SAID, SOLVED, UNSOLVED, URGENT, Step
from actions.flows import flows
from actions.interrupting import UNCLEAR
from actions.picture import acknowledge
from actions.turn import SKIPPED


class Hearing(Asides):
    """A walk that takes one message while a step is pending."""

    def take(self, pending: str) -> None:
        """Take a message while the form asks for a slot."""
        turn = self.turn
        step = self.flow.step(pending)
        self.next = pending
        if step is None:
            self._advance()
        elif turn.intent == "human" and (turn.pressed or not turn.reading.returns):
            self._end(URGENT if self.flow.hasty else ASKED)
        elif turn.pressed:
            self._take_button(step)
        else:
            self._take_words(step)

    def _take_button(self, step: Step) -> None:
        turn = self.turn
        if turn.intent == "reply":
            asked = self.flow.step(str(turn.entities.get("slot")))
            value = turn.entities.get("value")
            if asked is not None and value is not None:
                self._answer(asked, str(value))
            return
        if turn.intent == "faq" and (faq := knowledge.find(turn.faq_id)):
            self._interrupt(step, faq)
        elif turn.intent == "solved":
            self._end(SOLVED)
        elif turn.intent == "unsolved":
            self._end(UNSOLVED)
        elif turn.intent == "cancel":
            self._end(CANCELLED)
        elif turn.intent == "picture":
            acknowledge(turn)
            self.silent = True
        elif turn.intent == "human_left":
            wording.say(turn, "utter_human_left")
            self._end(LEFT)
        elif turn.intent in flows() and turn.intent != self.flow.name:
            self._end(f"switch/{turn.intent}")

    def _take_words(self, step: Step) -> None:
        turn = self.turn
        if counselling.in_danger(turn):
            self._end(SAID)
            return
        if turn.masked:
            answering.warn_of_secret(turn)
            if turn.masked == "only":
                return
        heard = self._overhear(step)
        choices = step.titles()
        has_choices = any(value != SKIPPED for value in choices)
        reading = replies.read_choice(turn.said, step, choices) if has_choices else None
        if reading and reading.whole and not turn.reading.left:
            self._take_reading(step, reading.value)
        elif self._fast_lane():
            self._interrupt(step, knowledge.engine().faq(str(turn.faq_id)))
        elif counselling.in_fraud(turn, sure_only=self.flow.hasty):
            calm = turn.state.fraud == 0 or not self.flow.hasty
            self._end(SAID if calm else URGENT)
        elif turn.reading.left and turn.faq_id:
            self._end(f"ask/{turn.faq_id}")
        elif turn.reading.act == "leave" or replies.is_only(turn.said, replies.STOP):
            self._end(CANCELLED)
        elif turn.intent == "solved" and replies.says(turn.said, replies.SOLVED):
            self._end(SOLVED)
        elif replies.is_only(turn.said, "transfer"):
            self._end(URGENT if self.flow.hasty else ASKED)
        elif int(turn.slot("unclear") or 0) >= UNCLEAR and replies.is_only(turn.said, "yes"):
            self._end(MISSED)
        elif heard and has_choices and not reading and not replies.is_question(turn.said):
            self._take_overheard(step)
        elif reading and turn.reading.act == "fact" and reading.value in replies.own_values(step):
            self._take_reading(step, reading.value)
        elif self._aside(step):
            pass
        elif has_choices:
            self._take_remark(step, reading)
        else:
            self._take_detail(step)
