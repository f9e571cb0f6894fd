"""Hears a message while a form asks: a reply, another question, a wish to leave."""

from __future__ import annotations

from actions import (
    answering,
    converse,
    counselling,
    hearer,
    knowledge,
    replies,
    speech,
    telling,
    wording,
)
from actions.flow import ASKED, CANCELLED, LEFT, MISSED, SAID, SOLVED, UNSOLVED, URGENT, Step
from actions.flows import flows, is_hasty
from actions.picture import acknowledge
from actions.turn import SKIPPED, UNSURE
from actions.walk import Walk
from search import Faq

# Acts about what is talked about: answered while a step is pending, which then waits quietly.
FURTHER = frozenset(
    ("facet", "step", "check", "confused", "shorten", "earlier", "again", "helpless")
)
# Acts that are answered while a step is pending, and the step is asked again.
ASIDES = FURTHER | {
    *("call_me", "video_call", "send_picture", "write_letter", "take_note", "staffed"),
    *("how_long", "needs_voice", "bereaved", "ability", "presence", "thanks", "apology"),
    *(
        "insult",
        "greet",
        "hurry",
        "former_case",
        "which",
        "asks_why",
        "no_call",
        "offers_secret",
        "violence",
    ),
}
# Small talk this probable is taken for it while a step is pending.
SURE = 0.5
# Small talk after which a step waits quietly.
QUIET = frozenset(("wait", "acknowledge", "goodbye"))
# What no free answer consists of.
NO_DETAIL = frozenset(
    ("still", "tried", "hurry", "leave", "acknowledge", "solved", "rejection", "goodbye")
)
# Acts by which the customer says that the answer was not what was asked.
REJECTIONS = frozenset(("rejection", "deny"))
# From this many replies in a row that do not answer the pending step, a human is offered.
UNCLEAR = 2
# A name of a payee that comes unasked has at most so many characters.
PAYEE = 8
# Fewer letters than these tell nothing.
MEANINGFUL = 2
# From so many characters on, a message tells something, whether it was understood or not.
SAYING = 5


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

    def _aside(self, step: Step) -> bool:
        """Answer what is said beside the step, which is asked again; False when it is no aside."""
        turn = self.turn
        act = turn.reading.act
        # 不是余额 answers the flow; a bare 不是 says that it is the wrong one
        own = act == "deny" and bool(hearer.reader().topics.name(turn.said).objects)
        rejects = act in REJECTIONS and not own
        rejects = rejects and turn.slot(step.slot) is None and not self.flow.hasty
        if rejects and converse.reply(turn, turn.reading):
            self._end(SAID)
            return True
        if not self.flow.hasty and replies.is_question(turn.said) and self._goes_on(act):
            return True
        if act == "correction" and turn.told.facts and step.slot not in turn.learned:
            telling.note(turn, turn.said)
            return True
        if act == "tried" and step.still:
            self._answer(step, step.still)
            return True
        if act == "fact" and not step.free and not turn.masked:
            plain = turn.learned or not self.flow.hasty
            if step.slot in turn.learned or turn.intent == "noise" or not plain:
                return False
            self._note()
            return True
        idle = act in ("acknowledge", "wait", "resume") and turn.reading.share >= SURE
        if idle and not turn.masked:
            if act != "resume":
                speech.say(turn, "step_waits")
                self.silent = True
            return True
        if act not in ASIDES or (self.flow.hasty and act in ("insult", "which", "resume")):
            return False
        if act == "which" and turn.intent != "offer":
            return False
        sure = turn.reading.share >= SURE or act in FURTHER
        stated = step.free and turn.reading.share < 1 and not replies.is_question(turn.said)
        if not sure or stated or not converse.reply(turn, turn.reading):
            return False
        self.silent = act in FURTHER
        certain = act in FURTHER or turn.reading.share == 1
        turn.set("unclear", 0 if certain else int(turn.slot("unclear") or 0) + 1)
        return True

    def _goes_on(self, act: str) -> bool:
        """Answer what is plainly asked next about what is talked about; the step waits quietly."""
        topic = answering.topic_of(self.turn)
        leans = act in FURTHER or act in ("matter", "lost", "which")
        if topic is None or not leans:
            return False
        self.silent = answering.give_further(self.turn, topic, answering.PLAIN)
        return self.silent

    def _note(self) -> None:
        """Keep what is told instead of the step's answer; the second time offer a human, too."""
        turn = self.turn
        unclear = int(turn.slot("unclear") or 0) + (0 if turn.learned else 1)
        turn.set("unclear", unclear)
        telling.note(turn, turn.said)
        if unclear >= UNCLEAR:
            speech.say(turn, "more")

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
            telling.note(turn, turn.said)
        elif self._told_beside(asks):
            pass
        else:
            self._unclear(step)

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
        payee = self.flow.step("counterparty")
        if payee and turn.slot("counterparty") is None and len(turn.said) <= PAYEE:
            turn.set("counterparty", turn.said)
        self._note()
        return True

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
