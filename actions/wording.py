"""Words come from data/phrases, responses by name with their buttons, and from the flows' files."""

from __future__ import annotations

import json

from actions import hearer, knowledge
from actions.flows import flows
from actions.turn import Turn
from dialogue.phrases import mark
from flows import Step
from search import fill

Button = dict[str, str]
# A text shorter than this may be said again as it stands.
SHORT = 12


def say(turn: Turn, response: str, buttons: list[Button] | None = None, **values: str) -> None:
    """Say a response of data/phrases; buttons come after the response's own."""
    turn.dispatcher.utter_message(response=response, buttons=buttons, **values)


def say_with(turn: Turn, response: str, buttons: list[Button]) -> None:
    """Say a response with buttons before its own."""
    turn.dispatcher.utter_message(
        text=text_of(turn, response), buttons=buttons + buttons_of(turn, response)
    )


def text_of(turn: Turn, response: str, **values: str) -> str:
    """Return a response's text with its values filled in."""
    text = _filled(turn, hearer.phrases()[response].wordings[0])
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def buttons_of(turn: Turn, response: str) -> list[Button]:
    """Return a response's buttons, their payloads as they are sent."""
    return [dict(button) for button in hearer.phrases()[response].buttons]


def has(turn: Turn, response: str) -> bool:
    """Say whether there is a response of a name."""
    return response in hearer.phrases()


def ask(turn: Turn, step: Step) -> None:
    """Ask a step's question with its buttons; again in other words than before."""
    turn.dispatcher.utter_message(
        text=_fresh(turn, _filled(turn, step.utter)),
        buttons=[{"title": button.title, "payload": button.payload} for button in step.buttons],
        json_message={"expects": step.expects} if step.expects else None,
    )


def say_text(turn: Turn, text: str, **values: str) -> None:
    """Say a text of a flow with its values filled in."""
    said = _filled(turn, text)
    for name, value in values.items():
        said = said.replace("{" + name + "}", value)
    turn.dispatcher.utter_message(text=_fresh(turn, said))


def faq_button(faq_id: str, title: str) -> Button:
    """Make the button that asks for an FAQ."""
    return {"title": title, "payload": "/faq" + json.dumps({"faq": faq_id}, ensure_ascii=False)}


def flow_button(turn: Turn, flow: str, response: str) -> Button:
    """Make the button that starts a flow, its title by a response with {title}."""
    title = text_of(turn, response, title=flows()[flow].title)
    return {"title": title, "payload": f"/{flow}"}


def variable(turn: Turn, name: str) -> str:
    """Return what the deployment calls something, or the phrase that stands in for it."""
    return fill("{{ " + name + " }}", {**knowledge.engine().variables, **turn.variables})


def _filled(turn: Turn, text: str) -> str:
    return fill(text, {**knowledge.engine().variables, **turn.variables})


def _fresh(turn: Turn, text: str) -> str:
    """Lead a text in that was said before, as bot.runtime.fresh does with responses."""
    if len(text) < SHORT:
        return text
    now = (mark(said["text"]) for said in turn.dispatcher.messages if said.get("text"))
    said = {*(turn.slot("said") or ()), *now}
    leads = hearer.phrases()["repeated_lead"].wordings
    candidates = (text, *(lead + text for lead in leads))
    return next((one for one in candidates if mark(one) not in said), text)
