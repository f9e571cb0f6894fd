"""Hears a message while a form asks: a reply, another question, a wish to leave."""

from __future__ import annotations

from actions import answering, knowledge, replies, wording
from actions.flow import ASKED, CANCELLED, LEFT, MISSED, SOLVED, UNSOLVED, URGENT, Step
from actions.turn import SKIPPED, UNSURE
from actions.walk import Walk
from search import Faq

# From this many replies in a row that do not answer the pending step, a human is offered.
UNCLEAR = 2


class Hearing(Walk):
    """A walk that takes one message while a step is pending."""

    def take(self, pending: str) -> None:
        """Take a message while the form asks for a slot."""
        turn = self.turn
        step = self.flow.step(pending)
        self.next = pending
        if step is None:
            self._advance()
        elif turn.intent == "human":
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
        elif turn.intent == "human_left":
            wording.say(turn, "utter_human_left")
            self._end(LEFT)
        elif wording.has(turn, f"utter_title_{turn.intent}") and turn.intent != self.flow.name:
            self._end(f"switch/{turn.intent}")

    def _take_words(self, step: Step) -> None:
        turn = self.turn
        if turn.masked:
            answering.warn_of_secret(turn)
            if turn.masked == "only":
                return
        heard = self._overhear(step)
        choices = wording.choices_of(turn, step.slot)
        has_choices = any(value != SKIPPED for value in choices)
        reading = replies.read_choice(turn.said, step, choices) if has_choices else None
        if reading and reading.whole:
            self._take_reading(step, reading.value)
        elif self._fast_lane():
            self._interrupt(step, knowledge.engine().faq(str(turn.faq_id)))
        elif replies.says(turn.said, replies.STOP):
            self._end(CANCELLED)
        elif turn.intent == "solved" and replies.says(turn.said, replies.SOLVED):
            self._end(SOLVED)
        elif int(turn.slot("unclear") or 0) >= UNCLEAR and replies.is_only(turn.said, "yes"):
            self._end(MISSED)
        elif heard and has_choices and not reading and not replies.is_question(turn.said):
            self._take_overheard(step)
        elif has_choices:
            self._take_remark(step, reading)
        else:
            self._take_detail(step)

    def _take_reading(self, step: Step, value: str) -> None:
        if value == replies.SOLVED:
            self._end(SOLVED)
        elif value == replies.STOP:
            self._end(CANCELLED)
        elif value == replies.STILL:
            if step.still:
                self._answer(step, step.still)
            else:
                self._unclear(step)
        else:
            self._answer(step, value)

    def _take_remark(self, step: Step, reading: replies.Reading | None) -> None:
        """Take a message that is no plain answer to a question with buttons."""
        turn = self.turn
        faq = knowledge.find(turn.faq_id)
        if reading and not (faq and replies.is_question(turn.said)):
            self._take_reading(step, reading.value)
        elif faq is not None:
            self._interrupt(step, faq)
        elif turn.intent == "unsolved" and step.still:
            self._answer(step, step.still)
        elif turn.slot(step.slot) is not None:
            # the message answered this step in passing
            self._answer(step, str(turn.slot(step.slot)))
        elif turn.intent == "smalltalk" and turn.topic != UNSURE:
            self._small_talk()
        elif turn.learned or self.progress:
            turn.set("unclear", 0)
            wording.say(turn, "utter_noted")
        else:
            self._unclear(step)

    def _take_overheard(self, step: Step) -> None:
        """Take a message about another step, asked before or yet to be asked, and go on."""
        turn = self.turn
        if turn.slot(step.slot) is not None:
            self._answer(step, str(turn.slot(step.slot)))
            return
        turn.set("unclear", 0)
        wording.say(turn, "utter_noted")

    def _take_detail(self, step: Step) -> None:
        turn = self.turn
        if step.slot in turn.learned:
            self._answer(step, turn.learned[step.slot])
            return
        value = replies.read_detail(turn.text if step.free else turn.said, step)
        if value == SKIPPED or (value is not None and not step.free):
            self._answer(step, value)
            return
        faq = knowledge.find(turn.faq_id)
        asks = replies.is_question(turn.text)
        if faq is not None and (asks or not step.free):
            self._interrupt(step, faq)
            return
        if turn.intent == "smalltalk" and turn.topic in ("wait", "greet", "thanks", "presence"):
            self._small_talk()
            return
        if value is not None and not (asks and turn.intent == "offer"):
            self._answer(step, value)
        elif turn.learned:
            turn.set("unclear", 0)
            wording.say(turn, "utter_noted")
        else:
            self._unclear(step)

    def _fast_lane(self) -> bool:
        faq = knowledge.find(self.turn.faq_id)
        return bool(faq and faq.urgent and faq.flow == "fraud" and not self.flow.hasty)

    def _interrupt(self, step: Step, faq: Faq) -> None:
        """Answer another question, then come back to the pending step."""
        turn = self.turn
        turn.set("unclear", 0)
        # the fast lane's own questions have the button for a human
        calm = not self.flow.hasty and faq.flow != "fraud"
        urgent = wording.buttons_of(turn, "utter_after_urgent")[:1] if faq.urgent and calm else []
        if faq.flow == "human":
            self._end(ASKED)
        elif faq.flow == self.flow.name:
            self._own_question(step, faq, urgent)
        elif faq.flow == "fraud":
            answering.give(turn, faq, short=False, buttons=urgent)
            self._end("switch/fraud")
        elif faq.flow:
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
        named = self.flow.step(cause[0]) if cause else None
        if cause and named and turn.slot(named.slot) is None:
            if not self.flow.hasty:
                answering.give(turn, faq, short=True, buttons=[])
            self._answer(named, cause[1], told=True)
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
        self.silent = self.turn.topic == "wait"

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
        wording.say(turn, "utter_reask" if unclear < UNCLEAR else "utter_stuck")
