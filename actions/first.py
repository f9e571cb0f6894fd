"""What comes before any rule: danger to life, a fraud, the queue, a reply to what was asked."""

from __future__ import annotations

import re
from dataclasses import replace

from actions import answering, commands, converse, counselling, waiting, wallet, wording
from actions.followup import take_reply
from actions.knowledge import engine, find
from actions.opening import answer
from actions.turn import UNSURE, Event, Turn
from dialogue.reading import Reading
from dialogue.readings import CLEAR
from dialogue.text import asks
from search import Faq

# Acts that the actions of their own intents answer, where the intent was understood as well.
OWN_INTENTS = frozenset(["solved", "robot", "goodbye", "praise", "laugh", "wait", "acknowledge"])


# Acts under which a message may go on about the topic.
LEANING = frozenset(("matter", "which", "lost", "check", "confused", "helpless", "facet"))
# Acts that a short remark is easily taken for: 网很好 greets nobody.
PHATIC = frozenset(("greet", "presence", "praise", "apology", "laugh", "again"))
# A message no longer than this says little without what was said before.
SHORT = 6
# Acts of a message that nothing fits by itself.
UNFIT = frozenset(("lost", "which", "fact", "inform", "facet"))
# Parts of which one has to have been given before anything is asked next.
ANSWERED = frozenset(("short", "whole"))
# A message this short is about what is talked about, however far its words seem.
BRIEF = 12
# A message no longer than this is but a word, which the next one may complete.
WORD = 4
# Begins to say what is to be done.
WISH = re.compile(r"我(?:想|要|得)")
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
    phatic = reading.act in PHATIC and reading.share < 1
    if topic is None or not (phatic or reading.act in LEANING):
        return False
    if ANSWERED.isdisjoint(turn.state.given.get(topic.id, ())):
        return False
    alone = reading.ranking.confidence if reading.ranking else 0.0
    if reading.act == "matter" and answering.names_its_own(turn, topic):
        return False
    if phatic or (reading.act == "matter" and max(reading.share, alone) >= CLEAR):
        # 商家不给, after an invoice, is not about a refund; what the grid says is taken as it is
        by_itself = reading.aspect is None and (phatic or alone >= CLEAR)
        named = answering.names_its_own(turn, None)
        briefly = len(turn.said) <= SHORT and by_itself and not named
        briefly = briefly and not WISH.match(turn.said)  # 我想退
        return briefly and answering.give_further(turn, topic, answering.NEAR)
    return answering.give_further(turn, topic, answering.PLAIN)


def _joined(turn: Turn, reading: Reading) -> Faq | None:
    """Return what a brief message means after one that nothing fitted: 密码 → 忘了."""
    said = turn.state.heard[-1:]
    missed = said and (int(turn.slot("misses") or 0) or len(said[0]) <= WORD)
    missed = missed and len(said[0]) <= BRIEF
    fits = reading.act not in UNFIT and turn.topic != UNSURE
    if not missed or len(turn.said) > BRIEF or fits:
        return None
    ranking = engine().rank(said[0] + turn.said)
    surely = ranking.band == "answer" and ranking.confidence >= CLEAR
    return find(ranking.hits[0].id) if surely else None


def _within(turn: Turn) -> list[Event] | None:
    reading = turn.reading
    joined = _joined(turn, reading)
    if turn.topic == UNSURE and joined is None:
        return None
    known = turn.state.topic or turn.slot("flow") or turn.slot("problem")
    symptom = reading.act == "matter" and "error_text" in turn.told.facts
    told = turn.only_details or answering.names_but_whose(turn)
    if told and known and not symptom and turn.slot("settled") != "human":
        reading = replace(reading, act="fact")
    if joined is None and _goes_on(turn, reading):
        return turn.events()
    if joined is not None or reading.act == "matter":
        faq = joined or find(reading.faq)
        if faq is None:
            return None
        answering.warn_of_secret(turn)
        turn.start_case()
        if reading.left:
            answering.speech.say(turn, "left")
        return answer(turn, faq)
    if reading.act in OWN_INTENTS and turn.intent in ("smalltalk", "solved", "cancel"):
        return None
    ranked = find(turn.understanding.get("faq")) if reading.act == "robot" else None
    if ranked is not None and ranked.object == "bot":
        wording.say(turn, "utter_smalltalk_robot")  # 你是人吗
        return turn.events()
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
