"""Words come from the domain: responses by name, their buttons, titles and labels."""

from __future__ import annotations

import json
import re
from typing import Any

from actions import knowledge
from actions.turn import Turn
from search import fill

Button = dict[str, str]
_PAYLOAD = re.compile(r"^/(?P<intent>\w+)(?P<entities>\{.*\})?$", re.DOTALL)


def say(turn: Turn, response: str, buttons: list[Button] | None = None, **values: str) -> None:
    """Say a response of the domain; buttons come after the response's own."""
    turn.dispatcher.utter_message(response=response, buttons=buttons, **values)


def say_with(turn: Turn, response: str, buttons: list[Button]) -> None:
    """Say a response with buttons before its own."""
    turn.dispatcher.utter_message(
        text=text_of(turn, response), buttons=buttons + buttons_of(turn, response)
    )


def text_of(turn: Turn, response: str, **values: str) -> str:
    """Return a response's text with its values filled in."""
    text: str = _response(turn, response).get("text") or ""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def buttons_of(turn: Turn, response: str) -> list[Button]:
    """Return a response's buttons, their payloads as they are sent."""
    return [
        {"title": button["title"], "payload": _sent(button["payload"])}
        for button in _response(turn, response).get("buttons") or []
    ]


def has(turn: Turn, response: str) -> bool:
    """Say whether the domain has a response."""
    return response in (turn.domain.get("responses") or {})


def question_of(slot: str) -> str:
    """Name the response that asks for a slot."""
    return f"utter_ask_{slot}"


def choices_of(turn: Turn, slot: str) -> dict[str, list[str]]:
    """Return a question's answers: value → the titles of its buttons, in their order."""
    found: dict[str, list[str]] = {}
    for button in buttons_of(turn, question_of(slot)):
        intent, entities = read_payload(button["payload"])
        if intent == "reply" and entities.get("slot") == slot:
            found.setdefault(str(entities["value"]), []).append(button["title"])
    return found


def read_payload(payload: str) -> tuple[str | None, dict[str, Any]]:
    """Read a button's payload: intent and entities; (None, {}) for anything else."""
    match = _PAYLOAD.match(payload)
    if match is None:
        return None, {}
    return match["intent"], json.loads(match["entities"] or "{}")


def faq_button(faq_id: str, title: str) -> Button:
    """Make the button that asks for an FAQ."""
    return {"title": title, "payload": "/faq" + json.dumps({"faq": faq_id}, ensure_ascii=False)}


def flow_button(turn: Turn, flow: str, response: str) -> Button:
    """Make the button that starts a flow, its title by a response with {title}."""
    title = text_of(turn, response, title=text_of(turn, f"utter_title_{flow}"))
    return {"title": title, "payload": f"/{flow}"}


def variable(turn: Turn, name: str) -> str:
    """Return what the deployment calls something, or the phrase that stands in for it."""
    return fill("{{ " + name + " }}", {**knowledge.engine().variables, **turn.variables})


def _response(turn: Turn, response: str) -> dict[str, Any]:
    found = (turn.domain.get("responses") or {}).get(response) or [{}]
    return dict(found[0])


def _sent(payload: str) -> str:
    # Rasa's templates double the braces that are meant
    return payload.replace("{{", "{").replace("}}", "}")
