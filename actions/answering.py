"""Answers from FAQs, and what is said when none fits."""

from __future__ import annotations

from actions import commands, hearer, knowledge, speech, wording
from actions.flows import flows
from actions.turn import Turn
from actions.wording import Button
from dialogue import parts
from dialogue.phrases import mark
from dialogue.text import asks, is_name
from search import Faq, fill

NEAREST = 3
# From this many messages in a row that nothing fitted, a human is offered unasked.
MISSES = 2
# How near a message has to be to what customers ask next: to be said at all, and before all else.
LIKELY, PLAIN = 0.55, 0.68
# How near one of a few letters has to be where its words by themselves mean something else, and how
# few letters are also read with the message before: 对方没领 → 退到哪.
NEAR, FEW = 0.72, 6
# Acts of a message that was not understood by itself.
UNREAD = ("which", "lost")
# How the parts of `given` begin that are points of data/further.
FURTHER = "further:"
# The share of a message that a related FAQ has to bear out to answer it.
KIN = 0.6
# How probable another FAQ is, by the message alone, where the topic says nothing to it.
ELSEWHERE = 0.6
# What the FAQs about the bot and the wallet as such are about: near to much, and seldom meant.
_AT_LARGE = frozenset(("bot", "wallet"))


def give(
    turn: Turn, faq: Faq, *, short: bool, buttons: list[Button], lead: str | None = None
) -> None:
    """Give an FAQ's answer, whole or its first paragraph, and whatever was asked besides.

    lead: what is said before it, with {question} for the FAQ's; None for nothing.

    Nothing is given twice in the same words: after the short answer comes the whole, after that
    the point that matters, then a person.
    """
    given = turn.state.given.get(faq.id, [])
    if "whole" in given:
        repeat(turn, faq)
        return
    short = short and "short" not in given
    whole = not short or faq.answer == faq.short
    turn.state.give(faq.id, "whole" if whole else "short")
    talk_about(turn, faq)
    variables = {**knowledge.engine().variables, **turn.variables}
    text = faq.short if short else faq.answer
    if lead is not None:
        turn.state.said.append(mark(lead))
        text = lead.replace("{question}", faq.question) + "\n\n" + text
    answer = {
        "faq_id": faq.id,
        "text": fill(text, variables),
        "short": short,
        "buttons": _also(turn, faq) + buttons,
    }
    turn.dispatcher.utter_message(json_message={"answer": answer})


def topic_of(turn: Turn) -> Faq | None:
    """Return the FAQ that is talked about."""
    return knowledge.find(turn.state.topic)


def talk_about(turn: Turn, faq: Faq) -> None:
    """Make an FAQ what is talked about; what else was near is kept for a second reading."""
    state = turn.state
    if state.topic != faq.id:
        state.before = state.topic or state.before
        state.step = state.failures = 0
    if faq.id in hearer.fraud().faqs:
        state.fraud = max(1, state.fraud)
    state.topic, state.object, state.aspect = faq.id, faq.object, faq.aspect
    hits = turn.understanding.get("hits") or []
    state.second = [str(hit[0]) for hit in hits[: NEAREST + 1] if hit[0] != faq.id]
    turn.set("last_faq", faq.id)
    turn.set("urgent", bool(faq.urgent))
    turn.set("misses", 0)


def repeat(turn: Turn, faq: Faq) -> None:
    """Say again what matters of an answer that was given, once; after that offer a person."""
    again = "again" in turn.state.given.get(faq.id, [])
    turn.state.give(faq.id, "again")
    talk_about(turn, faq)
    if give_part(turn, faq):
        return
    if again:
        speech.say(turn, "said_twice", question=faq.question)
        turn.set("asked", "human")
        return
    steps = parts.steps_of(faq.answer) or parts.sentences_of(faq.answer)
    step = parts.fitting(steps, turn.said, 0.2)
    if step is None and give_further(turn, faq):
        return
    if step is None and asks(turn.said) and len(turn.said) > 3:
        admit_no_part(turn, faq)  # another question, that the answer does not speak of
        return
    step = step or steps[0]
    speech.say(turn, "said_before", step=filled(turn, step))
    turn.set("asked", "helped")


def names_but_whose(turn: Turn) -> bool:
    """Say whether a message only says whose something is, and asks nothing: 招商银行的."""
    objects = hearer.reader().topics.name(turn.said).objects
    return turn.said.endswith("的") and is_name(turn.said[:-1]) and not objects


def names_its_own(turn: Turn, topic: Faq | None) -> bool:
    """Say whether a question names the object of its FAQ, and not the topic's: 12315管吗."""
    faq = knowledge.find(turn.reading.faq)
    named = hearer.reader().topics.name(turn.said).objects
    aside = topic is None or topic.object not in named
    return faq is not None and faq.object in named and aside


def give_part(turn: Turn, faq: Faq, least: float = 0.34) -> bool:
    """Give the facet or sentence of an answer that fits the message best, once.

    least: the share of the message that it has to bear out.
    """
    facets = {text: aspect for aspect, text in faq.facets if aspect != "failed"}
    given = turn.state.given.get(faq.id, [])
    texts = [*facets, *parts.sentences_of(faq.answer)]
    fresh = [text for text in texts if facets.get(text, mark(text)) not in given]
    found = parts.fitting(fresh, turn.said, least)
    if found is None:
        return False
    speech.say_facet(turn, faq, facets.get(found, mark(found)), found, named=True)
    return True


def give_further(turn: Turn, faq: Faq, least: float = LIKELY) -> bool:
    """Say what may be said to what customers ask next about an FAQ, once.

    least: how near the message has to be to how customers ask it.
    """
    given = turn.state.given.get(faq.id, [])
    passed = [int(part.partition(":")[2]) for part in given if part.startswith(FURTHER)]
    further = hearer.further()
    named = hearer.reader().topics.name(turn.said)
    if not named.rest and not named.objects:
        least = max(least, PLAIN)  # 那咋办 says nothing of its own
    found = None
    if not turn.only_details and not names_but_whose(turn):
        found = further.find(faq.id, turn.said, passed)
    told = turn.state.heard[-1] if turn.state.heard else ""
    joins = told and not asks(told) and len(turn.said) <= FEW and turn.reading.act in UNREAD
    if found is not None and found[1] < least and joins:
        found = further.find(faq.id, told + turn.said, passed)
        least = max(least, PLAIN)
    if found is None or found[1] < least:
        return False
    says = further.says(faq.id, found[0])
    speech.say_facet(turn, faq, f"{FURTHER}{found[0]}", says, named=True)
    return True


def give_part_of_kin(turn: Turn, faq: Faq) -> bool:
    """Give the facet or short answer of a related FAQ that speaks of what was asked, once."""
    texts: dict[str, tuple[Faq, str]] = {}
    for other in filter(None, map(knowledge.find, faq.related)):
        given = turn.state.given.get(other.id, [])
        for aspect, text in (*other.facets, ("short", other.short)):
            if aspect not in given and "whole" not in given and aspect != "failed":
                texts[text] = (other, aspect)
    found = parts.fitting(texts, turn.said, KIN)
    if found is None:
        return False
    other, aspect = texts[found]
    if aspect == "short":
        give(turn, other, short=True, buttons=buttons_after(turn, other))
    else:
        speech.say_facet(turn, other, aspect, found, named=True)
    return True


def guess(turn: Turn, faq: Faq, buttons: list[Button]) -> bool:
    """Tell an FAQ's short answer as a guess, once; False when it was given before.

    buttons: what else may be meant.
    """
    if faq.flow == "human" or faq.id in turn.state.given:
        return False
    others = [button for button in buttons if button != wording.faq_button(faq.id, faq.question)]
    if faq.flow in flows() and not turn.slot("flow"):
        others.insert(0, wording.flow_button(turn, str(faq.flow), "utter_continue_button"))
    phrase = hearer.phrases()["guess"]
    human = [dict(button) for button in phrase.buttons]
    lead = phrase.pick(turn.state.said)
    give(turn, faq, short=True, buttons=others + human, lead=lead)
    turn.set("asked", "helped")
    return True


def admit_no_part(turn: Turn, faq: Faq) -> None:
    """Say that an FAQ has nothing on what was asked, unless the message alone means another."""
    ranking = turn.reading.ranking
    first = ranking.hits[0] if ranking is not None and ranking.hits else None
    other = knowledge.find(first.id) if first and first.score >= ELSEWHERE else None
    meant = other is not None and other.id != faq.id and other.object not in _AT_LARGE
    beside = [wording.faq_button(faq.id, faq.question)]
    if other is not None and meant and guess(turn, other, beside):
        return
    speech.say(turn, "no_facet")
    turn.set("asked", "human")


def filled(turn: Turn, text: str) -> str:
    """Fill in what the deployment knows of itself."""
    return fill(text, {**knowledge.engine().variables, **turn.variables})


def buttons_after(turn: Turn, faq: Faq) -> list[Button]:
    """Return the buttons under a whole answer outside of any flow."""
    return wording.buttons_of(turn, "utter_after_urgent" if faq.urgent else "utter_after_answer")


def offer(turn: Turn) -> None:
    """Offer the nearest FAQs and a human; the second time in a row, the human for sure."""
    again = count_miss(turn)
    hits = turn.understanding.get("hits") or []
    found = [knowledge.find(hit[0]) for hit in hits[:NEAREST]]
    nearest = [wording.faq_button(faq.id, faq.question) for faq in found if faq is not None]
    if not nearest:
        speech.say(turn, "unknown_again" if again else "unknown")
        return
    wording.say_with(turn, "utter_offer_again" if again else "utter_offer", nearest)
    turn.set("asked", "offer/" + ",".join(faq.id for faq in found if faq is not None))


def admit(turn: Turn) -> None:
    """Say honestly that nothing fits, and offer a human."""
    commands.miss(turn)
    turn.open_problem()
    again = count_miss(turn)
    if again:
        speech.say(turn, "unknown_again")
        turn.set("asked", "human")
    elif turn.topic:
        speech.say(turn, "beyond")
    else:
        speech.say(turn, "unknown")


def count_miss(turn: Turn) -> bool:
    """Count one more message that nothing fitted; True from the second in a row."""
    misses = int(turn.slot("misses") or 0) + 1
    turn.set("misses", misses)
    return misses >= MISSES


def small_talk(turn: Turn) -> None:
    """Answer small talk by its topic."""
    own = f"utter_smalltalk_{turn.topic}"
    wording.say(turn, own if wording.has(turn, own) else "utter_smalltalk_other")


def warn_of_secret(turn: Turn) -> None:
    """Say why a secret was hidden, when the message held one."""
    if turn.masked:
        wording.say(turn, "utter_secret")


def _also(turn: Turn, faq: Faq) -> list[Button]:
    also = list(turn.understanding.get("also") or [])
    if also:
        also.append(turn.understanding.get("faq"))
    found = [knowledge.find(other) for other in dict.fromkeys(also)]
    others = [other for other in found if other is not None and other.id != faq.id]
    for other in others:
        turn.state.set_aside(other.id)
    return [wording.faq_button(other.id, other.question) for other in others]
