"""What a flow knows without asking and what it notes for a person, as parts of its form.

Each part is read from the file and put back into it; a part that says the same stays as written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from faq.writing import quoted
from flows.flow import CARD

TRIED = "tried"
# The fields of the card that hold a text; `tried` is a name and a title.
FIELDS = tuple(field for field in CARD if field != TRIED)
NOTICES = "announcements"


def step_of(node: Mapping[str, Any]) -> dict[str, Any]:
    """Show what a step notes, what makes it needless, and what answers it."""
    card = _mapping(node.get("card"))
    tried = _mapping(card.get(TRIED))
    return {
        "card": {field: str(card[field]) for field in FIELDS if card.get(field) is not None},
        "tried": str(tried.get("title") or ""),
        "known_by": [
            [str(name) for name in names]
            for names in node.get("known_by") or ()
            if isinstance(names, list)
        ],
        "told_by": [str(one) for one in node.get("told_by") or ()],
        "notices": node.get("action") == NOTICES,
    }


def put_step(node: CommentedMap, form: Mapping[str, Any]) -> None:
    """Write these parts of a step; one that the form lacks stays."""
    before = step_of(node)
    asked = before | {key: form[key] for key in before if form.get(key) is not None}
    if (asked["card"], asked["tried"].strip()) != (before["card"], before["tried"]):
        _put_card(node, asked["card"], asked["tried"].strip())
    known = _sets(asked["known_by"])
    if known != before["known_by"]:
        _put(node, "known_by", _flowing([_flowing(names) for names in known]), before="utter")
    told = list(dict.fromkeys(one.strip() for one in asked["told_by"] if one.strip()))
    if told != before["told_by"]:
        _put(node, "told_by", _flowing([quoted(one) for one in told]), before="utter")
    if asked["notices"] != before["notices"]:
        _put(node, "action", NOTICES if asked["notices"] else None, before="utter")


def causes_of(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Show which FAQs say an answer already: faq, step, value, and the step asked then."""
    found = []
    for faq, says in _mapping(document.get("causes")).items():
        slots = [key for key in _mapping(says) if key != "next"]
        if len(slots) == 1:
            leads = str(says.get("next") or "")
            value = str(says[slots[0]])
            found.append({"faq": str(faq), "step": str(slots[0]), "value": value, "next": leads})
    return found


def put_causes(document: CommentedMap, form: Sequence[Mapping[str, str]] | None) -> None:
    """Write which FAQs say an answer already; half a line is none yet, None leaves them."""
    if form is None:
        return
    wanted = [
        {key: one[key].strip() for key in ("faq", "step", "value", "next")}
        for one in form
        if one["faq"].strip() and one["step"].strip()
    ]
    if wanted == causes_of(document):
        return
    made = CommentedMap()
    for one in wanted:
        says = CommentedMap({one["step"]: quoted(one["value"])})
        if one["next"]:
            says["next"] = one["next"]
        says.fa.set_flow_style()
        made[one["faq"]] = says
    _put(document, "causes", made or None, before="steps")


def put_responses(
    document: CommentedMap,
    form: Mapping[str, str],
    put: Callable[[CommentedMap, str, str], None],
) -> None:
    """Write a flow's further words; those that the form no longer holds go."""
    old = document.get("responses")
    said = old if isinstance(old, CommentedMap) else CommentedMap()
    for key in [key for key in said if str(key) not in form]:
        del said[key]
    for key, text in form.items():
        put(said, key, text)
    _put(document, "responses", said, before="steps")


def _put_card(node: CommentedMap, fields: Mapping[str, str], title: str) -> None:
    card = node["card"] if isinstance(node.get("card"), CommentedMap) else CommentedMap()
    said = {field: text.strip() for field, text in fields.items() if text.strip()}
    for field in [field for field in card if field != TRIED and str(field) not in said]:
        del card[field]
    for field, text in said.items():
        if str(card.get(field)) != text:
            card[field] = quoted(text)
    if not title:
        card.pop(TRIED, None)
    elif isinstance(card.get(TRIED), CommentedMap):
        card[TRIED]["title"] = quoted(title)
    else:
        # The name joins what was tried at the desk; the step's own is taken by no other step.
        card[TRIED] = CommentedMap(name=str(node["collect"]), title=quoted(title))
        card[TRIED].fa.set_flow_style()
    _put(node, "card", card or None, before="buttons")


def _put(node: CommentedMap, key: str, value: Any, before: str = "") -> None:
    """Write a part; a new one stands before another, where readers look for it."""
    if not value:
        node.pop(key, None)
    elif key in node or before not in node:
        node[key] = value
    else:
        node.insert(list(node).index(before), key, value)


def _sets(form: Sequence[Sequence[str]]) -> list[list[str]]:
    sets = [list(dict.fromkeys(name.strip() for name in names if name.strip())) for names in form]
    return [names for number, names in enumerate(sets) if names and names not in sets[:number]]


def _flowing(entries: list[Any]) -> CommentedSeq:
    made = CommentedSeq(entries)
    made.fa.set_flow_style()
    return made


def _mapping(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}
