"""Guided flows as forms: steps, words, buttons and where they lead, and back into the file.

Comments, order and quotes of the file stay; whatever the form does not show is left alone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from faq import flowfacts
from faq.errors import Refused
from faq.writing import open_yaml, quoted
from flows.flow import SKIPPED, SOLVED

_APART = re.compile(r"\s*[,，、\n]\s*")
TEXTS = ("title", "answer", "utter", "result")
FLAGS = ("optional", "closing", "again")
LISTS = ("examples", "anywhere")
# How a form says where a button leads, before what it names.
NEXT, ACTION, LINK = "next:", "action:", "link:"


def form_of(text: str) -> dict[str, Any]:
    """Show a flow's file as a form; raises Refused for a file that is no flow.

    `at` is the place of a step, or of a button in its step, in the file.
    """
    document = _load(text)
    steps = [one for one in document["steps"] if isinstance(one, Mapping) and "collect" in one]
    last = document["steps"][-1]
    return {
        "name": _text(document, "name"),
        "desk": _text(document, "desk"),
        "faq": _text(document, "faq"),
        "hasty": bool(document.get("hasty", False)),
        "finish": _leads(last) if "collect" not in last else "",
        "responses": {
            str(key): str(said) for key, said in (document.get("responses") or {}).items()
        },
        "causes": flowfacts.causes_of(document),
        "steps": [_step(number, one) for number, one in enumerate(steps)],
    }


def apply(text: str, form: Mapping[str, Any]) -> str:
    """Return the file as a form has it; raises Refused."""
    document = _load(text)
    for key in ("name", "desk", "faq"):
        _put(document, key, form[key])
    _flag(document, "hasty", form["hasty"])
    flowfacts.put_causes(document, form.get("causes"))
    flowfacts.put_responses(document, form["responses"], _put)
    old = document["steps"]
    before = [one for one in old if isinstance(one, CommentedMap) and "collect" in one]
    ending = old[-1] if "collect" not in old[-1] else CommentedMap()
    steps = [_written(before, one) for one in form["steps"]]
    _lead(ending, form["finish"])
    if [id(one) for one in (*steps, ending)] != [id(one) for one in old]:
        made = CommentedSeq([*steps, ending])
        document["steps"] = made
    out = io.StringIO()
    open_yaml().dump(document, out)
    return out.getvalue()


def new(name: str, title: str, faq: str, question: str, yes: str, no: str) -> str:
    """Begin a flow: one question with two answers, then a person."""
    document = CommentedMap(name=quoted(title), faq=quoted(faq))
    buttons = CommentedSeq()
    for value, said, end in ((SOLVED, yes, None), ("no", no, "human")):
        button = CommentedMap(title=quoted(said), value=quoted(value))
        if end:
            button["action"] = end
        button.fa.set_flow_style()
        buttons.append(button)
    step = CommentedMap(collect=f"{name}_solved", utter=quoted(question), buttons=buttons)
    document["steps"] = CommentedSeq([step, CommentedMap(action="human")])
    out = io.StringIO()
    open_yaml().dump(document, out)
    return out.getvalue()


def _load(text: str) -> CommentedMap:
    try:
        document = open_yaml().load(text)
    except YAMLError as error:
        raise Refused(f"the flow is no YAML: {error}") from None
    steps = document.get("steps") if isinstance(document, Mapping) else None
    whole = isinstance(steps, list) and steps and all(isinstance(one, Mapping) for one in steps)
    buttons = [
        button
        for one in (steps if steps and whole else ())
        for button in (one.get("buttons") or ())
    ]
    if not whole or not all(isinstance(button, Mapping) for button in buttons):
        raise Refused("the flow has no steps")
    return document  # type: ignore[no-any-return]


def _step(number: int, node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": number,
        "collect": _text(node, "collect"),
        "utter": _text(node, "utter"),
        "expects": _text(node, "expects"),
        "still": _text(node, "still"),
        **{flag: bool(node.get(flag, False)) for flag in FLAGS},
        **flowfacts.step_of(node),
        "buttons": [_button(at, one) for at, one in enumerate(node.get("buttons") or ())],
    }


def _button(number: int, node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": number,
        "value": _text(node, "value"),
        "payload": _text(node, "payload"),
        "then": _leads(node),
        **{key: _text(node, key) for key in TEXTS},
        **{key: [str(one) for one in node.get(key) or ()] for key in LISTS},
    }


def _leads(node: Mapping[str, Any]) -> str:
    value = _text(node, "value")
    if value in (SOLVED, SKIPPED):
        return value
    for key, mark in (("next", NEXT), ("action", ACTION), ("link", LINK)):
        if node.get(key):
            return f"{mark}{node[key]}"
    return ""


def _written(before: Sequence[CommentedMap], form: Mapping[str, Any]) -> CommentedMap:
    at = form["at"]
    known = at is not None and 0 <= at < len(before)
    node = before[at] if known else CommentedMap(collect=quoted(form["collect"]))
    _put(node, "utter", form["utter"])
    _put(node, "expects", form["expects"])
    for flag in FLAGS:
        _flag(node, flag, form[flag])
    old = node.get("buttons") or CommentedSeq()
    buttons = [_pressed(old, one) for one in form["buttons"]]
    if [id(one) for one in buttons] != [id(one) for one in old]:
        if buttons:
            node["buttons"] = CommentedSeq(buttons)
        else:
            node.pop("buttons", None)
    _put(node, "still", form["still"])
    flowfacts.put_step(node, form)
    return node


def _pressed(before: Sequence[CommentedMap], form: Mapping[str, Any]) -> CommentedMap:
    at = form["at"]
    known = at is not None and 0 <= at < len(before)
    node = before[at] if known else CommentedMap()
    if not known and not form["examples"] and not form["anywhere"]:
        node.fa.set_flow_style()
    _put(node, "title", form["title"])
    if form["payload"]:
        _put(node, "payload", form["payload"])
        return node
    fixed = form["then"] if form["then"] in (SOLVED, SKIPPED) else None
    _put(node, "value", fixed or form["value"])
    for key in ("answer", "utter"):
        _put(node, key, form[key])
    _lead(node, "" if fixed else form["then"])
    _put(node, "result", form["result"])
    for key in LISTS:
        _list(node, key, form[key])
    return node


def _lead(node: CommentedMap, then: str) -> None:
    """Write where something leads; empty leads on."""
    found = {"next": "", "action": "", "link": ""}
    for key, mark in (("next", NEXT), ("action", ACTION), ("link", LINK)):
        if then.startswith(mark):
            found[key] = then.removeprefix(mark)
    for key, value in found.items():
        _put(node, key, value)


def _put(node: CommentedMap, key: str, text: str) -> None:
    """Write a text; one that says the same stays as it was written, an empty one goes."""
    text = " ".join(text.split()) if "\n" in text else text.strip()
    if not text:
        node.pop(key, None)
    elif key not in node or str(node[key]) != text:
        node[key] = quoted(text)


def _flag(node: CommentedMap, key: str, value: bool) -> None:
    if bool(node.get(key, False)) == value:
        return
    if value:
        node[key] = True
    else:
        node.pop(key, None)


def _list(node: CommentedMap, key: str, said: Iterable[str]) -> None:
    wanted = list(dict.fromkeys(word for one in said for word in _APART.split(one) if word))
    if [str(one) for one in node.get(key) or ()] == wanted:
        return
    if not wanted:
        node.pop(key, None)
        return
    made = CommentedSeq([quoted(word) for word in wanted])
    made.fa.set_flow_style()
    node[key] = made


def _text(node: Mapping[str, Any], key: str) -> str:
    value = node.get(key)
    return "" if value is None else str(value)
