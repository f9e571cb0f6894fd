"""Says the phrases of data/phrases, never twice in the same words."""

from __future__ import annotations

from actions import hearer, knowledge, wording
from actions.turn import Turn
from dialogue.phrases import mark
from search import Faq, fill

# A wording shorter than this may be said again as it stands: 好的.
SHORT = 12


def fresh(turn: Turn, wordings: tuple[str, ...]) -> str:
    """Return the first wording that was not said yet, and keep that it is said now.

    When all were, one comes again behind words that say so.
    """
    leads = hearer.phrases()["again_lead"].wordings
    candidates = [*wordings, *(lead + one for lead in leads for one in wordings)]
    said = turn.state.said
    chosen = next((one for one in candidates if mark(one) not in said), wordings[0])
    if len(chosen) >= SHORT:
        said.append(mark(chosen))
    return chosen


def say(turn: Turn, name: str, buttons: list[wording.Button] | None = None, **values: str) -> None:
    """Say a phrase with its buttons; `buttons` come before them."""
    phrase = hearer.phrases()[name]
    text = fresh(turn, phrase.wordings)
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    text = fill(text, {**knowledge.engine().variables, **turn.variables})
    shown = [*(buttons or []), *(dict(button) for button in phrase.buttons)]
    turn.dispatcher.utter_message(text=text, buttons=shown)


def say_as(turn: Turn, wordings: tuple[str, ...], buttons: list[wording.Button]) -> None:
    """Say one of some wordings of data/safety, as Markdown with the deployment's variables."""
    chosen = fresh(turn, wordings)
    variables = {**knowledge.engine().variables, **turn.variables}
    answer = {"text": fill(chosen, variables), "short": False, "buttons": buttons}
    turn.dispatcher.utter_message(json_message={"answer": answer})


def say_facet(turn: Turn, faq: Faq, aspect: str, text: str, *, named: bool) -> None:
    """Give a facet of an FAQ's answer. named: as the FAQ's words, so that it counts as given."""
    variables = {**knowledge.engine().variables, **turn.variables}
    answer = {
        "text": fill(text, variables),
        "short": True,
        "buttons": wording.buttons_of(
            turn, "utter_after_urgent" if faq.urgent else "utter_after_answer"
        ),
    }
    if named:
        answer["faq_id"] = faq.id
    turn.dispatcher.utter_message(json_message={"answer": answer})
    turn.state.give(faq.id, aspect)
    turn.state.said.append(mark(text))
    turn.set("asked", "helped")
    turn.set("misses", 0)
