"""Answers a message by what it does in the conversation: follow-up, fact, rejection, wish."""

from __future__ import annotations

import re
from collections.abc import Callable

from actions import answering, commands, hearer, knowledge, speech, wording
from actions.flows import flows
from actions.settling import close_solved
from actions.turn import Turn
from dialogue import parts
from dialogue.reading import Reading
from search import Faq

# A message shorter than this may well be about what is talked about.
_ASKED_BRIEFLY = 16
# Words by which a customer takes back what they said.
_TAKES_BACK = re.compile(r"[说打发记搞写看弄填输]错|更正|纠正|不对|应该是|改成|才对|其实是|准确")
# Facets that help who told something more, in this order.
NEXT = ("status", "who", "need")
# Facts as they are shown back, in this order.
SHOWN = ("time", "amount", "order_number", "error_text", "card_tail", "payee")


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


def topic_of(turn: Turn) -> Faq | None:
    """Return the FAQ that is talked about."""
    return knowledge.find(turn.state.topic)


def note(turn: Turn, text: str) -> None:
    """Keep what was told, and say back what was understood of it."""
    if not turn.masked and not turn.only_details:
        turn.state.tell(text)
    commands.note(turn)
    told = {kind: value for kind, value in turn.told.facts.items() if kind in SHOWN}
    shown = "、".join(told[kind] for kind in SHOWN if kind in told)
    if shown:
        speech.say(turn, "corrected" if turn.told.corrects else "noted", facts=shown)
    else:
        speech.say(turn, "noted_plain")
    turn.set("misses", 0)


def give_facet(turn: Turn, faq: Faq, aspect: str | None) -> None:
    """Answer a further question about an FAQ from its facets, the grid, its own sentences."""
    given = turn.state.given.get(faq.id, [])
    facets = dict(faq.facets)
    turn.state.aspect = aspect
    if aspect is None and faq.id != turn.state.topic and not given:
        answering.give(turn, faq, short=False, buttons=answering.buttons_after(turn, faq))
        turn.set("asked", "helped")
        return  # 那回头解呢, after how to freeze
    if aspect in ("where", "how") and aspect not in facets:
        aspect = "how"
    cell = hearer.reader().cell(faq.object, aspect)
    if cell is not None and cell.id != faq.id and "whole" not in turn.state.given.get(cell.id, []):
        answering.give(turn, cell, short=False, buttons=answering.buttons_after(turn, cell))
        turn.set("asked", "helped")
        return
    if answering.give_part(turn, faq, least=0.5):
        return
    if answering.give_further(turn, faq, answering.PLAIN):
        return
    steps = parts.steps_of(faq.answer)
    if aspect == "how" and "whole" in given and steps and not turn.state.step:
        _say_step(turn, "confused", steps, 1)  # 怎么弄, after all steps were given at once
        return
    if aspect is not None and aspect == faq.aspect and aspect not in facets:
        if "whole" not in given and faq.answer != faq.short:
            answering.give(turn, faq, short=False, buttons=answering.buttons_after(turn, faq))
        elif not answering.give_part(turn, faq):
            answering.repeat(turn, faq)
        return
    if aspect in facets and aspect not in given:
        speech.say_facet(turn, faq, str(aspect), facets[str(aspect)], named=True)
        return
    if aspect in ("how", "where", "what") and "whole" not in given and faq.answer != faq.short:
        answering.give(turn, faq, short=False, buttons=answering.buttons_after(turn, faq))
        turn.set("asked", "helped")
        return
    if answering.give_further(turn, faq) or answering.give_part(turn, faq):
        return
    if aspect == "failed":
        _still(turn, Reading("still", turn.text))
        return
    if answering.give_part_of_kin(turn, faq):
        return
    speech.say(turn, "no_facet", question=faq.question)
    turn.set("asked", "human")


def _facet(turn: Turn, reading: Reading) -> bool:
    faq = knowledge.find(reading.faq)
    if faq is None:
        return False
    give_facet(turn, faq, reading.aspect)
    return True


def _step(turn: Turn, reading: Reading) -> bool:
    faq = topic_of(turn)
    steps = parts.steps_of(faq.answer) if faq else []
    number = reading.step or 0
    if faq is None or not 0 < number <= len(steps):
        return False
    _say_step(turn, "step", steps, number)
    return True


def _say_step(turn: Turn, phrase: str, steps: list[str], number: int) -> None:
    turn.state.step = number
    speech.say(turn, phrase, step=answering.filled(turn, steps[number - 1]), number=str(number))


def _still(turn: Turn, reading: Reading) -> bool:
    """It still fails: what helps then, once; after that a person."""
    turn.state.failures += 1
    faq = topic_of(turn)
    if faq is None:
        return False
    turn.state.tell(turn.said if len(turn.said) > 4 else "")
    commands.note(turn)
    failed = dict(faq.facets).get("failed")
    if failed and "failed" not in turn.state.given.get(faq.id, []):
        speech.say_facet(turn, faq, "failed", failed, named=False)
        return True
    speech.say(turn, "still_first")
    turn.set("asked", "human")
    return True


def _tried(turn: Turn, reading: Reading) -> bool:
    if topic_of(turn) is None and not turn.slot("flow"):
        return False
    turn.state.failures += 1
    note_quietly(turn)
    if _another_way(turn, "tried_other", "else"):
        return True
    speech.say(turn, "tried")
    turn.set("asked", "human")
    return True


def _another_way(turn: Turn, lead: str, *aspects: str) -> bool:
    """Give the first facet of the topic that was not given yet, behind a phrase's words."""
    faq = topic_of(turn)
    facets = dict(faq.facets) if faq is not None else {}
    given = turn.state.given.get(faq.id, []) if faq is not None else []
    aspect = next((one for one in aspects if facets.get(one) and one not in given), None)
    if faq is None or aspect is None:
        return False
    words = hearer.phrases()[lead].pick(turn.state.said)
    speech.say_facet(turn, faq, aspect, words + facets[aspect], named=False)
    return True


def note_quietly(turn: Turn) -> None:
    """Keep what was told without a word about it."""
    if turn.text and not turn.masked:
        turn.state.tell(turn.said)
    commands.note(turn)


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
    return _rejection(turn, reading) if turn.state.topic else _fact(turn, reading)


def _fact(turn: Turn, reading: Reading) -> bool:
    known = turn.state.topic or turn.slot("flow") or turn.slot("problem")
    note(turn, reading.text)
    faq = topic_of(turn)
    if not known:
        speech.say(turn, "opening")
    elif faq is None or not answering.give_further(turn, faq):
        _go_on(turn)
    return True


def _go_on(turn: Turn) -> None:
    """Say what helps next with what is talked about; a person when nothing new is left."""
    faq = topic_of(turn)
    facets = dict(faq.facets) if faq is not None else {}
    given = turn.state.given.get(faq.id, []) if faq is not None else []
    aspect = next((one for one in NEXT if one in facets and one not in given), None)
    if faq is not None and aspect is not None:
        speech.say_facet(turn, faq, aspect, facets[aspect], named=False)
        return
    flow = flows().get(faq.flow or "") if faq is not None else None
    if flow is not None and not flow.hasty and not turn.slot("flow"):
        start = wording.flow_button(turn, flow.name, "utter_continue_button")
        speech.say(turn, "more_flow", [start])
        turn.set("asked", f"flow/{flow.name}")
        return
    speech.say(turn, "more")
    turn.set("asked", "human")


def _correction(turn: Turn, reading: Reading) -> bool:
    if turn.told.facts or not _TAKES_BACK.search(reading.text):
        return _fact(turn, reading)
    if len(reading.text) > 6:
        note(turn, reading.text)
    else:
        speech.say(turn, "corrected_bare")
    return True


def _which(turn: Turn, reading: Reading) -> bool:
    found = [faq for faq_id in reading.offers if (faq := knowledge.find(faq_id)) is not None]
    if not found:
        return False
    turn.open_problem()
    buttons = [wording.faq_button(faq.id, faq.question) for faq in found]
    topic = topic_of(turn)
    if (
        topic is not None
        and len(turn.said) < _ASKED_BRIEFLY
        and (answering.give_further(turn, topic, 0.6) or answering.give_part(turn, topic))
    ):
        return True
    if _guess(turn, reading, buttons):
        return True
    again = answering.count_miss(turn)
    speech.say(turn, "which_again" if again else "which", buttons)
    if topic is None:
        # what is told next is about the likeliest
        turn.state.topic, turn.state.object = found[0].id, found[0].object
        turn.state.aspect = found[0].aspect
    turn.set("asked", "offer/" + ",".join(faq.id for faq in found))
    return True


def _guess(turn: Turn, reading: Reading, buttons: list[wording.Button]) -> bool:
    """Tell the likeliest of several FAQs as a guess, with the others beside; once each."""
    faq = knowledge.find(reading.faq)
    if faq is None or faq.flow == "human" or faq.id in turn.state.given:
        return False
    others = [button for button in buttons if button != wording.faq_button(faq.id, faq.question)]
    if faq.flow in flows() and not turn.slot("flow"):
        others.insert(0, wording.flow_button(turn, str(faq.flow), "utter_continue_button"))
    words = hearer.phrases()["guess"].pick(turn.state.said)
    human = [dict(button) for button in hearer.phrases()["guess"].buttons]
    answering.give(turn, faq, short=True, buttons=others + human, lead=words)
    turn.set("asked", "helped")
    return True


def _confused(turn: Turn, reading: Reading) -> bool:
    faq = topic_of(turn)
    if faq is not None and answering.give_further(turn, faq, answering.PLAIN):
        return True  # 超了会咋 asks on
    steps = parts.steps_of(faq.answer) if faq else []
    if not steps:
        if faq is None:
            return False
        speech.say(turn, "confused_bare")
        return True
    _say_step(turn, "confused", steps, max(1, min(turn.state.step or 1, len(steps))))
    return True


def _resume(turn: Turn, reading: Reading) -> bool:
    faq = topic_of(turn)
    if faq is None:
        return False
    steps = parts.steps_of(faq.answer)
    if turn.state.step and turn.state.step < len(steps):
        _say_step(turn, "next_step", steps, turn.state.step + 1)
    elif turn.state.step:
        speech.say(turn, "last_step")
        turn.set("asked", "helped")
    else:
        speech.say(turn, "presence_topic", question=faq.question)
    return True


def _helpless(turn: Turn, reading: Reading) -> bool:
    faq = topic_of(turn)
    if faq is not None and answering.give_part(turn, faq, least=0.5):
        return True
    if faq is not None and answering.give_further(turn, faq):
        return True
    if _another_way(turn, "still_a_way", "else", "failed"):
        return True
    if faq is None and not turn.slot("flow"):
        return False
    speech.say(turn, "helpless")
    turn.set("asked", "human")
    return True


def _check(turn: Turn, reading: Reading) -> bool:
    faq = topic_of(turn)
    if faq is None:
        return False
    if not (answering.give_further(turn, faq) or answering.give_part(turn, faq)):
        speech.say(turn, "check", question=faq.question)
        turn.set("asked", "human")
    return True


def _solved(turn: Turn, reading: Reading) -> bool:
    """It is settled, where the ranking took the words for something else."""
    if topic_of(turn) is None and not turn.slot("flow"):
        return False
    close_solved(turn)
    return True


def _shorten(turn: Turn, reading: Reading) -> bool:
    """Say what is talked about in one sentence."""
    faq = topic_of(turn)
    if faq is None:
        return False
    first = parts.sentences_of(faq.short)[0]
    speech.say(turn, "shortly", step=answering.filled(turn, first))
    turn.set("asked", "helped")
    return True


def _greet(turn: Turn, reading: Reading) -> bool:
    return _with_topic(turn, "greet_topic")


def _presence(turn: Turn, reading: Reading) -> bool:
    return _with_topic(turn, "presence_topic", "presence")


def _with_topic(turn: Turn, phrase: str, bare: str | None = None) -> bool:
    faq = topic_of(turn)
    if faq is not None:
        speech.say(turn, phrase, question=faq.question)
    elif bare is not None:
        speech.say(turn, bare)
    else:
        return False
    return True


def _again(turn: Turn, reading: Reading) -> bool:
    faq = topic_of(turn)
    if faq is None:
        return False
    answering.repeat(turn, faq)
    return True


def _take_note(turn: Turn, reading: Reading) -> bool:
    """Keep an opinion as feedback: the one just told, or the one that comes next."""
    before = turn.state.told[-1] if turn.state.told else turn.slot("problem")
    if before:
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
    faq = topic_of(turn)
    if faq is None:
        return _staffed(turn, reading)
    give_facet(turn, faq, "time")
    return True


def _earlier(turn: Turn, reading: Reading) -> bool:
    """Come back to what was talked about before: 刚才那个问题又出现了."""
    faq = knowledge.find(reading.faq)
    if faq is None:
        return False
    if "whole" in turn.state.given.get(faq.id, []):
        answering.repeat(turn, faq)
    else:
        answering.give(turn, faq, short=False, buttons=answering.buttons_after(turn, faq))
    turn.set("asked", "helped")
    return True


_ACTS: dict[str, Callable[[Turn, Reading], bool]] = {
    "facet": _facet,
    "earlier": _earlier,
    "step": _step,
    "still": _still,
    "tried": _tried,
    "rejection": _rejection,
    "deny": _deny,
    "fact": _fact,
    "inform": _fact,
    "correction": _correction,
    "which": _which,
    "confused": _confused,
    "shorten": _shorten,
    "solved": _solved,
    "resume": _resume,
    "helpless": _helpless,
    "check": _check,
    "greet": _greet,
    "presence": _presence,
    "again": _again,
    "take_note": _take_note,
    "staffed": _staffed,
    "how_long": _how_long,
}
