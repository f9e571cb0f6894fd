"""Forward through a form: what is known is not asked, each answer leads somewhere."""

from __future__ import annotations

from actions import answering, before, commands, knowledge, replies, wording
from actions.flow import SOLVED, Flow, Step
from actions.turn import SHARED, SKIPPED, Event, Turn
from flows.flow import RESULTS


class Walk:
    """One turn of the form along one flow."""

    def __init__(self, flow: Flow, turn: Turn) -> None:
        self.flow = flow
        self.turn = turn
        self.next: str | None = None
        self.silent = False
        self.progress = False

    def events(self) -> list[Event]:
        """Ask the next step; return slots to set, the requested one last: none ends the form."""
        turn = self.turn
        if turn.learned or self.progress:
            commands.note(turn)
        step = self.flow.step(self.next or "")
        if step is not None and not self.silent:
            wording.ask(turn, step)
        return turn.events_requesting(self.next)

    def open(self) -> None:
        """Start the form: what the customer said already is not asked."""
        turn = self.turn
        last = turn.slot("flow")
        turn.set("flow", self.flow.name)
        turn.set("outcome", None)
        turn.set("unclear", 0)
        title = self.flow.title
        turn.open_problem(title)
        if last not in (None, self.flow.name):
            turn.set("problem", f"{turn.slot('problem')}\n{title}")
        for step in self.flow.steps:
            if step.slot not in SHARED:
                turn.set(step.slot, None)
        self.progress = True
        if self.flow.hasty:
            turn.state.fraud = max(1, turn.state.fraud)
            turn.state.defrauded = True
        self._overhear(None)
        # The FAQ that led here was answered just now; the flow's own button names none.
        bare = turn.pressed and turn.intent == self.flow.name and not turn.entities.get("faq")
        cause = None if bare else self.flow.causes.get(str(turn.slot("last_faq")))
        if self.flow.hasty and replies.is_question(turn.text):
            # asking whether it is fraud does not say that money is gone
            cause = None
        step = self.flow.step(cause.slot) if cause else None
        if self._seen():
            return
        if cause and step:
            self._keep(step, cause.value)
            self._advance(cause.next or step.choice(cause.value).next)
        else:
            self._advance()

    def _seen(self) -> bool:
        """Take for answered what the wallet was just seen to say; whether it said anything."""
        turn = self.turn
        answers = (turn.slot("wallet") or {}).get("answers")
        if answers is None:
            return False
        turn.set("wallet", None)
        for slot, value in answers.items():
            step = self.flow.step(slot)
            if step is not None and value in step.choices:
                faq = knowledge.find(step.choice(value).answer)
                if faq is not None:
                    answering.give(turn, faq, short=True, buttons=[])
                self._answer(step, value, told=True)
                return True
        return False

    def _overhear(self, pending: Step | None) -> bool:
        """Pick up what a message says about steps that are not being asked; whether it did.

        The latest word counts: what was taken for known before is corrected.
        """
        turn = self.turn
        heard = False
        for step in self.flow.steps if turn.text else ():
            value = replies.read_anywhere(turn.said, step) if step is not pending else None
            if value:
                heard = True
                if turn.slot(step.slot) != value:
                    self._keep(step, value)
        return heard

    def _keep(self, step: Step, value: str) -> None:
        turn = self.turn
        turn.set(step.slot, None if step.again else value)
        if step.tried and value != SKIPPED:
            result = step.choice(value).result or (value if value in RESULTS else "done")
            turn.set("tried", {**(turn.slot("tried") or {}), step.tried: result})
        self.progress = True

    def _answer(self, step: Step, value: str, *, told: bool = False) -> None:
        """Take a step's answer: help that goes with it, then the next question or the end."""
        turn = self.turn
        turn.set("unclear", 0)
        if value == SOLVED:
            self._end(SOLVED)
            return
        self._keep(step, value)
        choice = step.choice(value)
        faq = knowledge.find(choice.answer)
        if faq is not None and not told and turn.slot("last_faq") != faq.id:
            answering.give(turn, faq, short=True, buttons=[])
        if choice.utter:
            wording.say_text(turn, choice.utter)
        if choice.end:
            self._end(choice.end)
        else:
            self._advance(choice.next)

    def _advance(self, to: str | None = None) -> None:
        """Request the step to go to, or the first that is still to be asked, or end."""
        turn = self.turn
        if to is not None:
            self.next = to
            return
        for step in self.flow.steps:
            if step.optional or turn.slot(step.slot) is not None or self._known(step):
                continue
            if before.settle(turn, self.flow, step):
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
