"""One turn of a form: reads the reply, answers what comes between, goes on."""

from __future__ import annotations

from collections.abc import Callable

from rasa_sdk.events import ActionExecutionRejected, SlotSet

from actions import answering, commands, knowledge, replies, wording
from actions.flow import ASKED, CANCELLED, LEFT, SOLVED, UNSOLVED, URGENT, Flow, Step
from actions.turn import SHARED, SKIPPED, Event, Turn
from search import Faq

REQUESTED = "requested_slot"
RESULTS = ("done", "no", "unknown")
# From this many replies in a row that do not answer the pending step, a human is offered.
UNCLEAR = 2


class Walk:
    """One turn of one form. settle: takes a step off without asking, when it can."""

    def __init__(self, flow: Flow, turn: Turn, settle: Callable[[Turn, Step], bool]) -> None:
        self.flow = flow
        self.turn = turn
        self.settle = settle
        self.next: str | None = None
        self.silent = False
        self.progress = False

    def events(self) -> list[Event]:
        """Return slots to set; the requested slot last, so that Rasa asks for it or ends."""
        turn = self.turn
        if turn.learned or self.progress:
            commands.note(turn)
        # Rasa takes a validation that sets nothing for a reply that it should not have had.
        changed = turn.events() or [SlotSet("unclear", turn.slot("unclear"))]
        if self.silent:
            # Naming this action, not the form, keeps the form going and its question unsaid.
            changed.append(ActionExecutionRejected(f"validate_{self.flow.form}"))
        return [*changed, SlotSet(REQUESTED, self.next)]

    # --- the form starts

    def open(self) -> None:
        """Start the form: what the customer said already is not asked."""
        turn = self.turn
        turn.set("flow", self.flow.name)
        turn.set("outcome", None)
        turn.set("unclear", 0)
        turn.open_problem(wording.text_of(turn, f"utter_title_{self.flow.name}"))
        for step in self.flow.steps:
            if step.slot not in SHARED:
                turn.set(step.slot, None)
        self.progress = True
        self._overhear(None)
        cause = self.flow.causes.get(turn.faq_id or "")
        step = self.flow.step(cause[0]) if cause else None
        if cause and step:
            self._keep(step, cause[1])
            self._advance(step.then.get(cause[1]))
        else:
            self._advance()

    # --- a message while a step is pending

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
        self._overhear(step)
        choices = wording.choices_of(turn, step.slot)
        has_choices = any(value != SKIPPED for value in choices)
        reading = replies.read_choice(turn.text, step, choices) if has_choices else None
        if reading and reading.whole:
            self._take_reading(step, reading.value)
        elif self._fast_lane():
            self._interrupt(step, knowledge.engine().faq(str(turn.faq_id)))
        elif turn.intent in ("solved", "cancel") or replies.says_stop(turn.text):
            self._end(SOLVED if turn.intent == "solved" else CANCELLED)
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
        if reading and not (faq and replies.is_question(turn.text)):
            self._take_reading(step, reading.value)
        elif faq is not None:
            self._interrupt(step, faq)
        elif turn.intent == "unsolved" and step.still:
            self._answer(step, step.still)
        elif turn.slot(step.slot) is not None:
            # the message answered this step in passing
            self._answer(step, str(turn.slot(step.slot)))
        elif turn.intent == "smalltalk":
            self._small_talk()
        elif turn.learned or self.progress:
            turn.set("unclear", 0)
            wording.say(turn, "utter_noted")
        else:
            self._unclear(step)

    def _take_detail(self, step: Step) -> None:
        turn = self.turn
        if step.slot in turn.learned:
            self._answer(step, turn.learned[step.slot])
            return
        faq = knowledge.find(turn.faq_id)
        asks = replies.is_question(turn.text)
        if faq is not None and (asks or not step.free):
            self._interrupt(step, faq)
            return
        if turn.intent == "smalltalk" and turn.topic in ("wait", "greet", "thanks", "presence"):
            self._small_talk()
            return
        value = replies.read_detail(turn.text, step)
        if value is not None and not (asks and turn.intent == "offer"):
            self._answer(step, value)
        elif turn.learned:
            turn.set("unclear", 0)
            wording.say(turn, "utter_noted")
        else:
            self._unclear(step)

    # --- between the steps

    def _fast_lane(self) -> bool:
        faq = knowledge.find(self.turn.faq_id)
        return bool(faq and faq.urgent and faq.flow == "fraud" and not self.flow.hasty)

    def _interrupt(self, step: Step, faq: Faq) -> None:
        """Answer another question, then come back to the pending step."""
        turn = self.turn
        turn.set("unclear", 0)
        urgent = wording.buttons_of(turn, "utter_after_urgent")[:1] if faq.urgent else []
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
        answering.small_talk(self.turn)
        self.silent = self.turn.topic == "wait"

    def _unclear(self, step: Step) -> None:
        """Ask once more, gently; then offer a human. The fast lane does not ask twice."""
        turn = self.turn
        if self.flow.hasty:
            self._end(URGENT)
            return
        unclear = int(turn.slot("unclear") or 0) + 1
        turn.set("unclear", unclear)
        wording.say(turn, "utter_reask" if unclear < UNCLEAR else "utter_stuck")

    # --- forward

    def _overhear(self, pending: Step | None) -> None:
        """Pick up what a message says about steps that are not being asked."""
        turn = self.turn
        if not turn.text:
            return
        for step in self.flow.steps:
            if turn.slot(step.slot) is None and step is not pending:
                value = replies.read_anywhere(turn.text, step.slot)
                if value:
                    self._keep(step, value)

    def _keep(self, step: Step, value: str) -> None:
        turn = self.turn
        turn.set(step.slot, None if step.again else value)
        if step.check and value != SKIPPED:
            result = step.results.get(value, value if value in RESULTS else "done")
            turn.set("tried", {**(turn.slot("tried") or {}), step.check: result})
        self.progress = True

    def _answer(self, step: Step, value: str, *, told: bool = False) -> None:
        """Take a step's answer: help that goes with it, then the next question or the end."""
        turn = self.turn
        turn.set("unclear", 0)
        if value == SOLVED:
            self._end(SOLVED)
            return
        self._keep(step, value)
        faq = knowledge.find(step.says.get(value))
        if faq is not None and not told and turn.slot("last_faq") != faq.id:
            answering.give(turn, faq, short=True, buttons=[])
        if value in step.tells:
            wording.say(turn, step.tells[value])
        if value in step.ends:
            self._end(step.ends[value])
        else:
            self._advance(step.then.get(value))

    def _advance(self, to: str | None = None) -> None:
        """Request the step to go to, or the first that is still to be asked, or end."""
        turn = self.turn
        if to is not None:
            self.next = to
            return
        for step in self.flow.steps:
            if step.optional or turn.slot(step.slot) is not None or self._known(step):
                continue
            if self.settle(turn, step):
                continue
            if step.closing and not self._closing_already():
                wording.say(turn, "utter_before_human")
            self.next = step.slot
            return
        self._end(self.flow.finish)

    def _known(self, step: Step) -> bool:
        return any(all(self.turn.slot(name) for name in names) for names in step.known_by)

    def _closing_already(self) -> bool:
        pending = self.flow.step(self.turn.pending or "")
        return bool(pending and pending.closing)

    def _end(self, outcome: str) -> None:
        self.turn.set("outcome", outcome)
        self.next = None
