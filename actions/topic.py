"""What is asked further about the FAQ that is talked about: a facet, a step, another way."""

from __future__ import annotations

from actions import answering, commands, hearer, knowledge, speech, telling
from actions.turn import Turn
from dialogue import parts
from dialogue.reading import Reading
from search import Faq


def give_facet(turn: Turn, faq: Faq, aspect: str | None) -> None:
    """Answer a further question about an FAQ from its facets, the grid, its own sentences."""
    given = turn.state.given.get(faq.id, [])
    facets = dict(faq.facets)
    turn.state.aspect = aspect
    if aspect is None and faq.id != turn.state.topic and not given:
        answering.give(turn, faq, short=False, buttons=answering.buttons_after(turn, faq))
        turn.set("asked", "helped")
        return  # 那回头解呢, after how to freeze
    where = aspect == "where"
    if aspect in ("where", "how") and aspect not in facets:
        aspect = "how"
    cell = hearer.reader().cell(faq.object, aspect)
    if cell is not None and cell.id != faq.id and "whole" not in turn.state.given.get(cell.id, []):
        answering.give(turn, cell, short=False, buttons=answering.buttons_after(turn, cell))
        turn.set("asked", "helped")
        return
    if answering.give_part(turn, faq, least=0.5):
        return
    bare = hearer.reader().topics.name(turn.said).rest == 0  # 超了会咋 says more than 怎么弄
    if answering.give_further(turn, faq, answering.PLAIN if bare else answering.LIKELY):
        return
    steps = parts.steps_of(faq.answer)
    if aspect == "how" and "whole" in given and steps and not turn.state.step:
        if where:
            _say_step(turn, "step", steps, parts.step_with_place(steps))  # 那在哪改
        else:
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
        still(turn, Reading("still", turn.text))
        return
    if not answering.give_part_of_kin(turn, faq):
        answering.admit_no_part(turn, faq)


def facet(turn: Turn, reading: Reading) -> bool:
    """Answer what is asked of an FAQ."""
    faq = knowledge.find(reading.faq)
    if faq is None:
        return False
    give_facet(turn, faq, reading.aspect)
    if faq.id != turn.state.topic:
        answering.talk_about(turn, faq)  # what follows is about it, not about what was before
    return True


def step(turn: Turn, reading: Reading) -> bool:
    """Explain the step that is named."""
    faq = answering.topic_of(turn)
    steps = parts.steps_of(faq.answer) if faq else []
    number = reading.step or 0
    if faq is None or not 0 < number <= len(steps):
        return False
    _say_step(turn, "step", steps, number)
    return True


def _say_step(turn: Turn, phrase: str, steps: list[str], number: int) -> None:
    turn.state.step = number
    speech.say(turn, phrase, step=answering.filled(turn, steps[number - 1]), number=str(number))


def still(turn: Turn, reading: Reading) -> bool:
    """It still fails: what helps then, once; after that a person."""
    turn.state.failures += 1
    faq = answering.topic_of(turn)
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


def tried(turn: Turn, reading: Reading) -> bool:
    """Keep that it was tried, and give another way; a person when there is none."""
    if answering.topic_of(turn) is None and not turn.slot("flow"):
        return False
    turn.state.failures += 1
    telling.note_quietly(turn)
    if _another_way(turn, "tried_other", "else"):
        return True
    speech.say(turn, "tried")
    turn.set("asked", "human")
    return True


def _another_way(turn: Turn, lead: str, *aspects: str) -> bool:
    """Give the first facet of the topic that was not given yet, behind a phrase's words."""
    faq = answering.topic_of(turn)
    facets = dict(faq.facets) if faq is not None else {}
    given = turn.state.given.get(faq.id, []) if faq is not None else []
    aspect = next((one for one in aspects if facets.get(one) and one not in given), None)
    if faq is None or aspect is None:
        return False
    words = hearer.phrases()[lead].pick(turn.state.said)
    speech.say_facet(turn, faq, aspect, words + facets[aspect], named=False)
    return True


def confused(turn: Turn, reading: Reading) -> bool:
    """Go through the answer step by step."""
    faq = answering.topic_of(turn)
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


def resume(turn: Turn, reading: Reading) -> bool:
    """Go on with the next step, or with what is talked about."""
    faq = answering.topic_of(turn)
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


def helpless(turn: Turn, reading: Reading) -> bool:
    """Say what else there is to do; a person when that is all."""
    faq = answering.topic_of(turn)
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


def check(turn: Turn, reading: Reading) -> bool:
    """Say whether it is so, as far as is known."""
    faq = answering.topic_of(turn)
    if faq is None:
        return False
    if not (answering.give_further(turn, faq) or answering.give_part(turn, faq)):
        speech.say(turn, "check", question=faq.question)
        turn.set("asked", "human")
    return True


def shorten(turn: Turn, reading: Reading) -> bool:
    """Say what is talked about in one sentence."""
    faq = answering.topic_of(turn)
    if faq is None:
        return False
    first = parts.sentences_of(faq.short)[0]
    speech.say(turn, "shortly", step=answering.filled(turn, first))
    turn.set("asked", "helped")
    return True


def again(turn: Turn, reading: Reading) -> bool:
    """Say again what matters."""
    faq = answering.topic_of(turn)
    if faq is None:
        return False
    answering.repeat(turn, faq)
    return True


def earlier(turn: Turn, reading: Reading) -> bool:
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
