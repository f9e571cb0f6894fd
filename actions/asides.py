"""Answers what is said beside a pending step, which waits or is asked again."""

from __future__ import annotations

from actions import answering, converse, hearer, replies, speech, telling
from actions.flow import SAID, Step
from actions.remarking import Remarking

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
        "accident",
        "frightened",
    ),
}
# Small talk this probable is taken for it while a step is pending.
SURE = 0.5
# Acts by which the customer says that the answer was not what was asked.
REJECTIONS = frozenset(("rejection", "deny"))


class Asides(Remarking):
    """A walk that stops for what is said beside its step."""

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
            if not step.titles() and replies.read_detail(turn.said, step) is not None:
                return False  # 15号上午, where the time is asked
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
        own = act == "matter" and answering.names_its_own(self.turn, topic)
        if topic is None or not leans or own:
            return False
        self.silent = answering.give_further(self.turn, topic, answering.PLAIN)
        return self.silent
