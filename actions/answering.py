"""Answers from FAQs, and what is said when none fits."""

from __future__ import annotations

from actions import commands, knowledge, wording
from actions.turn import Turn
from actions.wording import Button
from search import Faq, fill

NEAREST = 3
# From this many messages in a row that nothing fitted, a human is offered unasked.
MISSES = 2


def give(turn: Turn, faq: Faq, *, short: bool, buttons: list[Button]) -> None:
    """Give an FAQ's answer, whole or its first paragraph, and whatever was asked besides."""
    variables = {**knowledge.engine().variables, **turn.variables}
    answer = {
        "faq_id": faq.id,
        "text": fill(faq.short if short else faq.answer, variables),
        "short": short,
        "buttons": _also(turn, faq) + buttons,
    }
    turn.dispatcher.utter_message(json_message={"answer": answer})
    turn.set("last_faq", faq.id)
    turn.set("urgent", bool(faq.urgent))
    turn.set("misses", 0)


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
        wording.say(turn, "utter_unknown_again" if again else "utter_unknown")
        return
    wording.say_with(turn, "utter_offer_again" if again else "utter_offer", nearest)
    turn.set("asked", "offer/" + ",".join(faq.id for faq in found if faq is not None))


def admit(turn: Turn) -> None:
    """Say honestly that nothing fits, and offer a human."""
    commands.miss(turn)
    turn.open_problem()
    again = count_miss(turn)
    if again:
        wording.say(turn, "utter_unknown_again")
        turn.set("asked", "human")
    else:
        wording.say(turn, "utter_beyond" if turn.topic else "utter_unknown")


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
    found = [knowledge.find(other) for other in turn.understanding.get("also") or []]
    return [
        wording.faq_button(other.id, other.question)
        for other in found
        if other is not None and other.id != faq.id
    ]
