"""Answers a message by what it does in the conversation: follow-up, fact, rejection, wish."""

from __future__ import annotations

import re
from collections.abc import Callable

from actions import answering, commands, hearer, knowledge, speech, telling, topic, wording
from actions.settling import close_solved
from actions.turn import Turn
from dialogue.reading import Reading

# 给你们提个意见: the opinion comes next.
_ANNOUNCES = re.compile(r"(?:提|有).{0,3}(?:意见|建议)\W*$")
# A message shorter than this may well be about what is talked about.
_ASKED_BRIEFLY = 16


def reply(turn: Turn, reading: Reading) -> bool:
    """Reply to a message that is more than a question by itself; False when it is no such thing."""
    act = _ACTS.get(reading.act)
    if act is not None:
        return act(turn, reading)
    faq_id, phrase = hearer.answers().get(reading.act, (None, None))
    faq = knowledge.find(faq_id)
    if faq is not None and faq.id not in turn.state.given:
        answering.give(turn, faq, short=False, buttons=answering.buttons_after(turn, faq))
    elif phrase is not None:
        speech.say(turn, phrase)
        if "/human" in {button["payload"] for button in hearer.phrases()[phrase].buttons}:
            turn.open_problem()
            turn.set("asked", "human")
    else:
        return False
    return True


def _rejection(turn: Turn, reading: Reading) -> bool:
    """The answer was not what was asked: the second reading, or a question back."""
    state = turn.state
    if state.topic and state.topic not in state.refused:
        state.refused.append(state.topic)
        commands.reject(turn, state.topic)
    found = [knowledge.find(faq_id) for faq_id in state.second if faq_id not in state.refused]
    buttons = [wording.faq_button(faq.id, faq.question) for faq in found if faq is not None][:3]
    if buttons:
        state.refused += [faq.id for faq in found[:3] if faq is not None]
        speech.say(turn, "rejected", buttons)
        turn.set("asked", "offer/" + ",".join(faq.id for faq in found[:3] if faq is not None))
    else:
        speech.say(turn, "rejected_bare")
    return True


def _deny(turn: Turn, reading: Reading) -> bool:
    """What is talked about is not so: the answer missed; where nothing is, it is a fact."""
    return _rejection(turn, reading) if turn.state.topic else telling.fact(turn, reading)


def _which(turn: Turn, reading: Reading) -> bool:
    found = [faq for faq_id in reading.offers if (faq := knowledge.find(faq_id)) is not None]
    if not found:
        return False
    turn.open_problem()
    buttons = [wording.faq_button(faq.id, faq.question) for faq in found]
    about = answering.topic_of(turn)
    if (
        about is not None
        and len(turn.said) < _ASKED_BRIEFLY
        and (answering.give_further(turn, about, 0.6) or answering.give_part(turn, about))
    ):
        return True
    likeliest = knowledge.find(reading.faq)
    if likeliest is not None and answering.guess(turn, likeliest, buttons):
        return True
    again = answering.count_miss(turn)
    speech.say(turn, "which_again" if again else "which", buttons)
    if about is None:
        # what is told next is about the likeliest
        turn.state.topic, turn.state.object = found[0].id, found[0].object
        turn.state.aspect = found[0].aspect
    turn.set("asked", "offer/" + ",".join(faq.id for faq in found))
    return True


def _solved(turn: Turn, reading: Reading) -> bool:
    """It is settled, where the ranking took the words for something else."""
    if answering.topic_of(turn) is None and not turn.slot("flow"):
        return False
    close_solved(turn)
    return True


def _leave(turn: Turn, reading: Reading) -> bool:
    """Leave it at that; who takes leave is not sent to a person."""
    turn.dispatcher.utter_message(text=wording.text_of(turn, "utter_cancelled"))
    turn.set("misses", 0)
    return True


def _greet(turn: Turn, reading: Reading) -> bool:
    return _with_topic(turn, "greet_topic")


def _presence(turn: Turn, reading: Reading) -> bool:
    return _with_topic(turn, "presence_topic", "presence")


def _with_topic(turn: Turn, phrase: str, bare: str | None = None) -> bool:
    faq = answering.topic_of(turn)
    if faq is not None:
        speech.say(turn, phrase, question=faq.question)
    elif bare is not None:
        speech.say(turn, bare)
    else:
        return False
    return True


def _take_note(turn: Turn, reading: Reading) -> bool:
    """Keep an opinion as feedback: the one just told, or the one that comes next."""
    before = turn.state.told[-1] if turn.state.told else turn.slot("problem")
    if before and not _ANNOUNCES.search(turn.said):
        commands.feedback(turn, str(before))
        speech.say(turn, "take_note")
    else:
        turn.state.noting = True
        speech.say(turn, "take_note_what")
    return True


def _staffed(turn: Turn, reading: Reading) -> bool:
    queue = turn.metadata.get("queue") or {}
    agents = int(queue.get("agents") or 0)
    if agents:
        speech.say(turn, "staffed", agents=str(agents), waiting=str(queue.get("waiting") or 0))
    else:
        speech.say(
            turn,
            "staffed_nobody",
            chat_hours=wording.variable(turn, "chat_hours"),
            hotline=wording.variable(turn, "hotline"),
        )
    return True


def _how_long(turn: Turn, reading: Reading) -> bool:
    faq = answering.topic_of(turn)
    if faq is None:
        return _staffed(turn, reading)
    topic.give_facet(turn, faq, "time")
    return True


_ACTS: dict[str, Callable[[Turn, Reading], bool]] = {
    "facet": topic.facet,
    "earlier": topic.earlier,
    "step": topic.step,
    "still": topic.still,
    "tried": topic.tried,
    "rejection": _rejection,
    "deny": _deny,
    "fact": telling.fact,
    "inform": telling.fact,
    "correction": telling.correction,
    "which": _which,
    "confused": topic.confused,
    "shorten": topic.shorten,
    "solved": _solved,
    "leave": _leave,
    "resume": topic.resume,
    "helpless": topic.helpless,
    "check": topic.check,
    "greet": _greet,
    "presence": _presence,
    "again": topic.again,
    "take_note": _take_note,
    "staffed": _staffed,
    "how_long": _how_long,
}
