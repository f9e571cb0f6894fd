"""Reads what a form's step asked for from free words: a choice, a detail, something told beside."""

from __future__ import annotations

from actions import hearer, knowledge, replies, speech, telling
from actions.flow import CANCELLED, SOLVED, Step
from actions.interrupting import UNCLEAR, Interrupting
from actions.turn import SKIPPED, UNSURE
from dialogue.acts import MATTER
from dialogue.readings import CLEAR
from dialogue.text import is_name
from search import Faq

# What no free answer consists of.
NO_DETAIL = frozenset(
    ("still", "tried", "hurry", "leave", "acknowledge", "solved", "rejection", "goodbye")
)
# Steps whose answer names no matter: 那我投诉 is no time.
NAMED_BRIEFLY = frozenset(("time", "amount", "order_number", "counterparty"))
# Fewer letters than these tell nothing.
MEANINGFUL = 2


class Remarking(Interrupting):
    """A walk that takes free words for the pending step, or for another one."""

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
            telling.note(turn, turn.said)
        elif not self._told_beside(replies.is_question(turn.said)):
            self._unclear(step)

    def _take_overheard(self, step: Step) -> None:
        """Take a message about another step, asked before or yet to be asked, and go on."""
        turn = self.turn
        if turn.slot(step.slot) is not None:
            self._answer(step, str(turn.slot(step.slot)))
            return
        turn.set("unclear", 0)
        telling.note(turn, turn.said)

    def _take_detail(self, step: Step) -> None:
        turn = self.turn
        if step.slot in turn.learned:
            self._answer(step, turn.learned[step.slot])
            return
        if step.free and self._meant_for_another(step):
            return
        value = replies.read_detail(turn.text if step.free else turn.said, step)
        if step.free and value != SKIPPED and turn.reading.act in NO_DETAIL:
            value = None
        if value == SKIPPED or (value is not None and not step.free):
            self._answer(step, value)
            return
        faq = knowledge.find(turn.faq_id)
        asks = replies.is_question(turn.text)
        if faq is not None and (asks or not step.free or self._is_another_matter(step, faq)):
            self._interrupt(step, faq)
            return
        if turn.intent == "smalltalk" and turn.topic in ("wait", "greet", "thanks", "presence"):
            self._small_talk()
            return
        if value is not None and not (asks and turn.intent == "offer"):
            self._answer(step, value)
        elif turn.learned:
            turn.set("unclear", 0)
            telling.note(turn, turn.said)
        elif self._told_beside(asks):
            pass
        else:
            self._unclear(step)

    def _is_another_matter(self, step: Step, faq: Faq) -> bool:
        """Say whether a message is no time, amount, number or name, but plainly another matter."""
        turn = self.turn
        sure = turn.reading.act == MATTER and turn.understanding.get("confidence", 0) >= CLEAR
        named = hearer.reader().topics.name(turn.said).objects
        return sure and step.slot in NAMED_BRIEFLY and faq.object in named

    def _meant_for_another(self, step: Step) -> bool:
        """Take 显示审核中 for the step that it answers, where another one is asked."""
        turn = self.turn
        for other in self.flow.steps:
            choices = other.titles()
            if other is step or not choices or turn.slot(other.slot) is not None:
                continue
            reading = replies.read_choice(turn.said, other, choices)
            plain = reading is not None and reading.value in replies.own_values(other)
            if reading is not None and reading.whole and plain:
                turn.set(step.slot, SKIPPED)
                self._answer(other, reading.value)
                return True
        return False

    def _told_beside(self, asks: bool) -> bool:
        """Keep what is told instead of the detail that was asked: 美团, where the time is asked."""
        turn = self.turn
        unclear = int(turn.slot("unclear") or 0)
        meaningful = sum(char.isalnum() for char in turn.said) >= MEANINGFUL
        if asks or unclear or turn.masked or turn.intent == "noise" or self.flow.hasty:
            return False
        if not meaningful or turn.reading.act in NO_DETAIL:
            return False
        self._note()
        return True

    def _hears_payee(self) -> bool:
        """Keep a message that is but a name as the payee's, where the flow asks for one."""
        turn = self.turn
        asked = self.flow.step("counterparty") and turn.slot("counterparty") is None
        named = hearer.reader().topics.name(turn.said)
        if not asked or turn.learned or named.objects or named.aspects or not is_name(turn.said):
            return False
        turn.set("counterparty", turn.said)
        return True

    def _note(self) -> None:
        """Keep what is told instead of the step's answer; the second time offer a human, too."""
        turn = self.turn
        known = bool(turn.learned) or self._hears_payee()
        unclear = int(turn.slot("unclear") or 0) + (0 if known else 1)
        turn.set("unclear", unclear)
        telling.note(turn, turn.said)
        if unclear >= UNCLEAR:
            speech.say(turn, "more")
