"""Scripted dialogues: what a customer says or presses, and what has to come of it.

A file holds a list of dialogues: `name`, `turns`, and optionally `signed_in` (the customer's name
in the wallet) and `notices` (announcements that hold meanwhile: {title, text}). A turn is one of
    say: what the customer types
    press: the title of a button of the bot's last answer
    press_earlier: the title of a button offered at any time before
    agent: close; agent 安娜 takes the conversation from the queue and closes it
and what is expected of the answer:
    faq: id, or ids, of FAQs answered with; none: no FAQ is answered with
    has, not: pieces of the bot's text, all or none of which are there
    buttons, no_buttons: titles that are, or are not, offered; once: titles offered once
    event: all that happened besides messages, in order: escalated, resolved, or a notice's code
    reason, urgent, card: of the escalation. card: field → pieces of it, null for an unknown one;
        tried: step → result; asked: pieces of the questions asked before, not_asked: of none
    state: who owns the conversation from now on; unsaid, that has not changed
    expects: what the bot's question expects
    hidden: pieces of what was typed that no event may show, now or before
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

MOVES = ("say", "press", "press_earlier", "agent")
LISTS = ("faq", "has", "not_", "buttons", "no_buttons", "once", "event", "hidden")
AGENT_MOVES = ("close",)
NO_FAQ = "none"


class BadScript(Exception):
    """A file of dialogues cannot be read; the message says where and why."""


@dataclass(frozen=True)
class Turn:
    """One move of the customer and what is expected of its answer."""

    say: str | None = None
    press: str | None = None
    press_earlier: str | None = None
    agent: str | None = None
    faq: list[str] = field(default_factory=list)
    has: list[str] = field(default_factory=list)
    not_: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    no_buttons: list[str] = field(default_factory=list)
    once: list[str] = field(default_factory=list)
    event: list[str] = field(default_factory=list)
    reason: str | None = None
    urgent: bool | None = None
    card: dict[str, Any] = field(default_factory=dict)
    state: str | None = None
    expects: str | None = None
    hidden: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Dialogue:
    """A whole conversation; notices: (title, text) of announcements that hold meanwhile."""

    name: str
    turns: list[Turn]
    signed_in: str | None = None
    notices: list[tuple[str, str]] = field(default_factory=list)
    xfail: str | None = None


def read_dialogues(path: Path) -> list[Dialogue]:
    """Read a file of dialogues; raises BadScript for anything that it cannot mean."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, list):
        raise BadScript(f"{path.name}: not a list of dialogues")
    found = [_dialogue(entry, f"{path.name}, dialogue {at}") for at, entry in enumerate(raw, 1)]
    names = [dialogue.name for dialogue in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadScript(f"{path.name}: named twice: {', '.join(twice)}")
    return found


def _dialogue(raw: Any, where: str) -> Dialogue:
    known = {entry.name for entry in fields(Dialogue)}
    if not isinstance(raw, dict) or not raw.get("name") or not raw.get("turns"):
        raise BadScript(f"{where}: needs name and turns")
    where = f"{where} “{raw['name']}”"
    _refuse_unknown(raw, known, where)
    turns = [_turn(turn, f"{where}, turn {at}") for at, turn in enumerate(raw["turns"], 1)]
    notices = [(str(notice["title"]), str(notice["text"])) for notice in raw.get("notices", [])]
    return Dialogue(**{**raw, "turns": turns, "notices": notices})


def _turn(raw: Any, where: str) -> Turn:
    if not isinstance(raw, dict):
        raise BadScript(f"{where}: not a turn")
    written = {("not_" if key == "not" else key): value for key, value in raw.items()}
    _refuse_unknown(written, {entry.name for entry in fields(Turn)}, where)
    if sum(move in written for move in MOVES) != 1:
        raise BadScript(f"{where}: needs exactly one of {', '.join(MOVES)}")
    for name in LISTS:
        if name in written and not isinstance(written[name], list):
            written[name] = [written[name]]
    texts = [written.get(move) for move in MOVES] + [
        text for name in LISTS for text in written.get(name, [])
    ]
    for text in texts:
        # `say: 88` would be a number, `say: 是` is fine, `say: yes` would be true
        if text is not None and not isinstance(text, str):
            raise BadScript(f"{where}: put {text!r} in quotes")
    if written.get("agent") not in (None, *AGENT_MOVES):
        raise BadScript(f"{where}: an agent cannot {written['agent']}")
    return Turn(**written)


def _refuse_unknown(raw: dict[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(str(key) for key in set(raw) - known)
    if unknown:
        raise BadScript(f"{where}: unknown {', '.join(unknown)}")
