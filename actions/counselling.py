"""Stands by who is in danger, and by who is being defrauded."""

from __future__ import annotations

import re

from actions import answering, commands, hearer, knowledge, replies, speech, wording
from actions.turn import Turn
from dialogue import polarity
from dialogue.acts import MATTER
from dialogue.text import clauses
from safety.fraud import SURELY, TOLD

# Customers say twice that they are safe before anything else is spoken of.
SAFE = 2
# A fraud is over for the conversation after so many messages about other things.
FRAUD_LASTS = 14
TURN_SURE = 0.45
CLEAR = 0.85
# From this confidence on, a question that stands beside fraud is answered instead.
SURE = 0.8
# Acts that a victim's message may be beside the fraud.
OWN = frozenset(
    ("thanks", "solved", "goodbye", "robot", "write_letter", "send_picture", "insult", "apology")
)
# Evidence from which messages in a row tell of a fraud together that none tells alone: of a
# thousand windows of written dialogues about other things, none has so much.
PIECED = 3.0
# How often in a row the next step is said.
PATIENCE = 2
# Turns by which somebody says that a step is done.
DONE = frozenset(("stopped", "secured", "reported"))
# 改了密码够不够: whether a step that is done is all that there is to do
_ENOUGH = re.compile(r"够不够|够(?:了)?[吗么]|就(?:够|行|可以|没事)了?[吗么吧]")


def in_danger(turn: Turn) -> bool:
    """Answer a cry for help, and whatever is said until the customer is safe."""
    state = turn.state
    life = hearer.life()
    cries = life.cries_for_help(turn.text)
    if not cries and not state.crisis:
        return False
    human = [{"title": wording.text_of(turn, "utter_human_button"), "payload": "/human"}]
    nobody = not (turn.metadata.get("queue") or {}).get("agents")
    if not state.crisis:
        state.crisis, state.safe = 1, 0
        turn.open_problem()
        speech.say_as(turn, life.say["first_nobody" if nobody else "first"], human)
        call_a_person(turn, "life")
        return True
    state.crisis += 1
    if cries:
        state.safe = 0
    elif life.says_safe(turn.text):
        state.safe += 1
        if state.safe >= SAFE:
            state.crisis = state.safe = 0
            speech.say_as(turn, life.say["safe_twice"], human)
        else:
            speech.say_as(turn, life.say["safe_once"], human)
        return True
    acute = not life.says_safe(turn.text) and life.is_acute(turn.text)
    if state.safe and not cries and not acute and _asks_of_money(turn):
        # who is safe and asks how to pay a bill is answered, with the number once more
        state.crisis = state.safe = 0
        speech.say_as(turn, life.say["safe_twice"], [])
        return False
    speech.say_as(turn, life.say["acute_now" if acute else "again"], human)
    return True


def _asks_of_money(turn: Turn) -> bool:
    """Say whether a message is surely a question that an FAQ answers."""
    surely = turn.understanding.get("confidence", 0) >= CLEAR
    return surely and turn.understanding.get("band") == "answer" and turn.faq_id is not None


def in_fraud(turn: Turn, *, sure_only: bool = False) -> bool:
    """Answer what somebody says while a fraud is going on; open it when one is told of.

    sure_only: leave what is not surely said by a victim to the caller.
    """
    state = turn.state
    fraud = hearer.fraud()
    told = _is_told(turn)
    if turn.reading.act == "offers_secret" and not told:
        return False  # 验证码要发给你吗: nothing was leaked yet
    state.defrauded = state.defrauded or told
    if not state.fraud:
        reading = turn.reading
        faq = knowledge.find(reading.faq)
        if not told:
            # 没人被骗 备课用的: what is denied is not answered as if it had happened
            denied = faq is not None and bool(faq.urgent) and _denies(turn.said)
            if denied:
                _counsel(turn, "not_fraud")
            return denied
        sure = turn.understanding.get("confidence", 0) >= SURE
        if faq is not None and faq.id in fraud.beside and reading.act == MATTER and sure:
            state.defrauded = False
            return False  # what stands beside fraud is surely asked
        if faq is not None and faq.urgent:
            state.fraud = 1
            return False  # the answer and its flow
        state.fraud = 1
        return _open(turn)
    state.fraud += 1
    act = hearer.counsel().tell(turn.said)
    if _denies(turn.said) or (not told and _is_none(turn.said)):
        _leave(turn)
        _counsel(turn, "not_fraud")
        return True
    if state.fraud > FRAUD_LASTS and not told:
        _leave(turn)
        return False
    asks = replies.is_question(turn.said)
    if asks and not sure_only and _answers_urgently(turn):
        return True
    solved = replies.says(turn.said, replies.SOLVED)
    # 改了密码够不够 does not say that it is done; 解决了，改好密码了 says that all is
    settled = (asks or solved) and act.name in DONE
    # 我告诉他验证码了: what was done since comes before what it sounds like, 她已经交了 is no step
    if (told or act.name in DONE) and not (asks or solved) and _tells_further_stage(turn):
        return True
    if act.name != MATTER and act.share >= TURN_SURE and not settled:
        _counsel(turn, act.name)
        return True
    if asks and settled and _ENOUGH.search(turn.said):
        _counsel(turn, "next")
        return True
    if sure_only:
        return False
    if _tells_further_stage(turn) or _answers_urgently(turn):
        return True
    reading = turn.reading
    faq = knowledge.find(reading.faq)
    sure = turn.understanding.get("confidence", 0) >= CLEAR
    if reading.act == "matter" and faq is not None and not told and sure and not faq.urgent:
        return False
    if reading.act in OWN or (asks and reading.act in ("facet", "step")):
        return False
    if state.counselled.get("next", 0) >= PATIENCE and not told:
        # what has been said twice helps no more: the talk goes on as any other
        _leave(turn)
        return False
    if not state.defrauded:
        return False  # a link that was only asked about
    if turn.told.facts or reading.act in ("fact", "frightened"):
        turn.state.tell(turn.said)
        commands.note(turn)
    _counsel(turn, "next")
    return True


def _leave(turn: Turn) -> None:
    """Speak of no fraud any more, nor hear one in what was said of it."""
    turn.state.fraud, turn.state.defrauded, turn.state.heard = 0, False, []


def _is_told(turn: Turn) -> bool:
    """Say whether a message tells of a fraud: surely, or with nothing else as good as sure.

    What is told in pieces is heard with the messages before it, unless these were answered.
    """
    fraud, text = hearer.fraud(), turn.said
    if polarity.is_surely_fine(text):
        return False
    evidence = fraud.evidence(text)
    if evidence < TOLD:
        alone = turn.state.fraud or turn.state.topic or not text or not turn.state.heard
        return not alone and fraud.evidence(_story(turn)) >= PIECED
    hits = turn.understanding.get("hits") or [(None, 0.0)]
    first = knowledge.find(hits[0][0])
    answers = turn.understanding.get("band") == "answer" and first is not None and first.urgent
    return answers or evidence >= SURELY


def _story(turn: Turn) -> str:
    """Return what the customer said last, as one story."""
    return "，".join((*turn.state.heard, turn.said))


def _denies(text: str) -> bool:
    """Say whether a whole message says that there is no fraud."""
    act = hearer.counsel().tell(text)
    return act.name == "not_fraud" and act.share >= TURN_SURE


def _is_none(text: str) -> bool:
    """Say whether a clause surely says that there is no fraud: 真没事 就是水电费平摊."""
    acts = map(hearer.counsel().tell, clauses(text))
    return any(act.name == "not_fraud" and act.share >= SURE for act in acts)


def _answers_urgently(turn: Turn) -> bool:
    """Answer a question that an urgent FAQ answers, unless it was given."""
    faq = knowledge.find(turn.reading.faq) if turn.reading.act == "matter" else None
    if faq is None or not faq.urgent or faq.id in turn.state.given:
        return False
    answering.give(turn, faq, short=False, buttons=answering.buttons_after(turn, faq))
    return True


def _tells_further_stage(turn: Turn) -> bool:
    """Give what is said first at the stage that a message tells of, unless it was said."""
    stage = hearer.fraud().stage_of(turn.said)
    faq = knowledge.find(stage.faq)
    if faq is None or not stage.happened or faq.id in turn.state.given:
        return False
    answering.give(turn, faq, short=False, buttons=answering.buttons_after(turn, faq))
    commands.note(turn)
    return True


def call_a_person(turn: Turn, topic: str) -> None:
    """Have a person come first, whether the conversation waits already or not."""
    if turn.metadata.get("waiting"):
        commands.hasten(turn, topic)
    else:
        turn.set("flow", turn.slot("flow") or topic)
        commands.escalate(turn, "urgent", True)
        turn.set("settled", "human")


def _open(turn: Turn) -> bool:
    """Give the stage's FAQ first; its flow is left to the customer's next words."""
    fraud = hearer.fraud()
    told = turn.said if fraud.is_told_by(turn.said) else _story(turn)
    stage = knowledge.find(fraud.stage_of(told).faq)
    if stage is None:
        return False
    turn.open_problem()
    turn.set("flow", stage.flow or turn.slot("flow"))
    answering.give(turn, stage, short=False, buttons=answering.buttons_after(turn, stage))
    commands.note(turn)
    return True


def _counsel(turn: Turn, name: str) -> None:
    """Say the next answer to what a victim says."""
    turn.state.counselled[name] = turn.state.counselled.get(name, 0) + 1
    buttons = wording.buttons_of(turn, "utter_after_urgent")[:1]
    speech.say_as(turn, tuple(hearer.fraud().say[name]), buttons)
    turn.set("misses", 0)
