"""What comes before any rule: danger to life, a fraud, the queue, a reply to what was asked."""

from __future__ import annotations

from dataclasses import replace

from actions import answering, commands, converse, counselling, waiting, wallet
from actions.followup import take_reply
from actions.knowledge import find
from actions.opening import answer
from actions.turn import UNSURE, Event, Turn
from dialogue.reading import Reading
from dialogue.readings import CLEAR
from dialogue.text import asks

# Acts that the actions of their own intents answer, where the intent was understood as well.
OWN_INTENTS = frozenset(["solved", "robot", "goodbye", "praise", "laugh", "wait", "acknowledge"])


# Acts under which a message may go on about the topic.
LEANING = frozenset(("matter", "which", "lost", "check", "confused", "helpless", "facet"))
# Parts of which one has to have been given before anything is asked next.
ANSWERED = frozenset(("short", "whole"))
# A message this short is about what is talked about, however far its words seem.
BRIEF = 12
# A question with the word for a person that is no longer than this calls for one: 有人工吗.
CALL = 5


def first(turn: Turn) -> list[Event] | None:
    """Answer a typed message within its conversation; None when it stands by itself.

    Called by every action that a rule starts for a message outside of the flows.
    """
    replied = _replied(turn) if turn.text else None
    if replied is not None and turn.learned and not turn.noted:
        commands.note(turn)
    return replied


def _replied(turn: Turn) -> list[Event] | None:
    if counselling.in_danger(turn):
        return turn.events()
    if turn.masked == "only":
        return None
    if waiting.takes(turn):
        return turn.events()
    if turn.intent == "human":
        # 周末有人工吗 asks, 人工 calls
        asked = turn.reading.act == "staffed" and asks(turn.said) and len(turn.said) > CALL
        asked = asked or turn.reading.returns  # 不找人工了，问你
        return turn.events() if asked and converse.reply(turn, turn.reading) else None
    if turn.state.noting:
        turn.state.noting = False
        commands.feedback(turn, turn.said)
        answering.speech.say(turn, "take_note")
        return turn.events()
    if counselling.in_fraud(turn):
        return turn.events()
    replied = wallet.take_reply(turn) or take_reply(turn)
    if replied is not None:
        return replied
    return wallet.again(turn) or wallet.means(turn) or _within(turn)


def _goes_on(turn: Turn, reading: Reading) -> bool:
    """Answer what is plainly asked next about the topic, unless it is a clear new question."""
    topic = answering.topic_of(turn)
    if topic is None or reading.act not in LEANING:
        return False
    if ANSWERED.isdisjoint(turn.state.given.get(topic.id, ())):
        return False
    sure = max(reading.share, reading.ranking.confidence if reading.ranking else 0)
    if reading.act == "matter" and sure >= CLEAR:
        return False
    return answering.give_further(turn, topic, answering.PLAIN)


def _within(turn: Turn) -> list[Event] | None:
    if turn.topic == UNSURE:
        return None
    reading = turn.reading
    known = turn.state.topic or turn.slot("flow") or turn.slot("problem")
    symptom = reading.act == "matter" and "error_text" in turn.told.facts
    if turn.only_details and known and not symptom and turn.slot("settled") != "human":
        reading = replace(reading, act="fact")
    if _goes_on(turn, reading):
        return turn.events()
    if reading.act == "matter":
        faq = find(reading.faq)
        if faq is None:
            return None
        answering.warn_of_secret(turn)
        turn.start_case()
        if reading.left:
            answering.speech.say(turn, "left")
        return answer(turn, faq)
    if reading.act in OWN_INTENTS and turn.intent in ("smalltalk", "solved", "cancel"):
        return None
    if converse.reply(turn, reading):
        answering.warn_of_secret(turn)
        return turn.events()
    if reading.act == "lost" and turn.intent not in ("noise", "smalltalk"):
        faq = answering.topic_of(turn)
        if faq is not None and (turn.topic is None or len(turn.said) <= BRIEF):
            if answering.give_part(turn, faq, least=0.5) or answering.give_further(turn, faq):
                return turn.events()
            if answering.count_miss(turn):
                return None
            commands.miss(turn)
            answering.speech.say(turn, "aside", question=faq.question)
            return turn.events()
    return None
