"""Reads the steps of a flow: words, buttons, the card, where each answer leads."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flows.flow import (
    BEFORE,
    CARD,
    ENDS,
    EXPECTS,
    PICKED,
    RESULTS,
    SKIPPED,
    SOLVED,
    SWITCH,
    Button,
    Choice,
    Step,
)
from flows.lines import Lined
from search.errors import BadContent, Problem
from search.reasons import because, no_entry, no_text

STEP_KEYS = (
    *("utter", "expects", "buttons", "card", "still", "optional", "closing", "again"),
    *("known_by", "action", "told_by"),
)
BUTTON_KEYS = (
    *("title", "value", "payload", "examples", "anywhere", "answer", "utter", "next", "action"),
    *("link", "result"),
)


class StepReader:
    """Reads steps; what is wrong gathers in `problems` and is raised by `done`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def bad(self, line: int, reason: str, fix: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.path, line, reason, fix))

    def done(self) -> None:
        """Raise BadContent when anything was wrong."""
        if self.problems:
            raise BadContent(tuple(self.problems))

    def step(self, slot: str, body: Lined, shared: Step | None = None) -> Step:
        """Read one step. shared: what several flows ask; the flow's own keys come before it."""
        self.known(body, (*STEP_KEYS, "collect"))
        base = shared or Step(slot)
        utter = self.words(body, "utter") or base.utter
        if not utter:
            self.bad(body.line, because("no-words", step=slot), "add `utter:` with the question")
        buttons, choices = base.buttons, base.choices
        if "buttons" in body:
            buttons, choices = self._buttons(slot, body)
        tried, title, card = self._card(body)
        step = dataclasses.replace(
            base,
            utter=utter,
            buttons=buttons,
            choices=choices,
            expects=self._word(body, "expects", EXPECTS) or base.expects,
            tried=tried,
            title=title,
            card=card or base.card,
            still=self._value(body, "still"),
            optional=self._flag(body, "optional"),
            closing=self._flag(body, "closing"),
            again=self._flag(body, "again"),
            known_by=self._known_by(body),
            before=self._word(body, "action", BEFORE),
            told_by=self.texts(body, "told_by"),
            line=body.line,
        )
        self._fits(step, body)
        return step

    def _fits(self, step: Step, body: Lined) -> None:
        """Check a step's parts against each other."""
        real = [value for value in step.choices if value != SKIPPED]
        if not step.choices:
            self.bad(
                body.line, because("no-buttons", step=step.slot), "add `buttons:`, skip at least"
            )
        if real and step.expects:
            self.bad(body.at("expects"), because("expects-needless"), "leave it out")
        if not real and not step.expects:
            reason = because("skip-only", step=step.slot)
            self.bad(body.line, reason, f"add answers, or `expects:` {', '.join(EXPECTS)}")
        if step.slot in PICKED and step.expects != step.slot:
            self.bad(
                body.at("expects"),
                because("expects", step=step.slot, value=step.expects),
                "write its name",
            )
        if step.still is not None and step.still not in step.choices:
            reason = because("no-value", step=step.slot, value=step.still)
            self.bad(body.at("still"), reason, self.one_of(step.choices))
        for value, choice in step.choices.items():
            if choice.result is not None and step.tried is None:
                reason = because("result-untried", value=value)
                self.bad(body.line, reason, "add `card: {tried: {name, title}}`, or drop it")

    def _buttons(self, slot: str, body: Lined) -> tuple[tuple[Button, ...], dict[str, Choice]]:
        listed = body["buttons"]
        if not isinstance(listed, list) or not listed:
            self.bad(
                body.at("buttons"),
                because("no-list", field="buttons"),
                "write one `- {title, value}` each",
            )
            return (), {}
        buttons: list[Button] = []
        choices: dict[str, Choice] = {}
        for item in listed:
            if not isinstance(item, Lined):
                self.bad(body.at("buttons"), because("button-no-mapping"), "write `{title, value}`")
                continue
            self.known(item, BUTTON_KEYS)
            title = self.words(item, "title", required=True)
            if "payload" in item:
                payload = self.words(item, "payload", required=True)
                if not payload.startswith("/") or "value" in item:
                    self.bad(
                        item.at("payload"), because("payload", value=payload), "write `value:`"
                    )
                buttons.append(Button(title, payload))
                continue
            value = self._value(item, "value")
            if value is None:
                self.bad(item.line, because("button-no-value"), "add `value:`")
                continue
            sent = json.dumps({"slot": slot, "value": value}, ensure_ascii=False)
            buttons.append(Button(title, f"/reply{sent}"))
            choices[value] = self._choice(item, title, choices.get(value))
        return tuple(buttons), choices

    def _choice(self, item: Lined, title: str, before: Choice | None) -> Choice:
        if before is not None:
            return dataclasses.replace(before, titles=(*before.titles, title))
        ends = self.end(item)
        leads = self.words(item, "next") or None
        if ends and leads:
            self.bad(item.line, because("button-both"), "keep next, action or link")
        if ends and item.get("value") == SOLVED:
            self.bad(item.line, because("solved-ends"), "leave action and link out")
        return Choice(
            (title,),
            self.texts(item, "examples"),
            self.texts(item, "anywhere"),
            self.words(item, "answer") or None,
            self.words(item, "utter") or None,
            leads,
            ends,
            self._word(item, "result", RESULTS),
        )

    def end(self, item: Lined) -> str | None:
        """Read how a flow ends by an action or a link; None when neither is there."""
        link = self.words(item, "link")
        action = self._word(item, "action", tuple(ENDS))
        if link and action:
            self.bad(item.line, because("action-and-link"), "keep one of them")
        return f"{SWITCH}{link}" if link else ENDS[action] if action else None

    def _card(self, body: Lined) -> tuple[str | None, str | None, dict[str, str]]:
        card = body.get("card")
        if card is None:
            return None, None, {}
        if not isinstance(card, Lined):
            self.bad(
                body.at("card"),
                because("flow-no-mapping", field="card"),
                "write `field: text` lines",
            )
            return None, None, {}
        tried = title = None
        fields: dict[str, str] = {}
        for name in card:
            if name not in CARD:
                self.bad(card.at(name), because("card-field", name=name), self.one_of(CARD))
            elif name != "tried":
                fields[name] = self.words(card, name, required=True)
                if fields[name] and "{value}" not in fields[name]:
                    self.bad(card.at(name), because("card-no-answer", name=name), "write {value}")
            elif isinstance(card[name], Lined):
                self.known(card[name], ("name", "title"))
                tried = self.words(card[name], "name", required=True)
                title = self.words(card[name], "title", required=True)
            else:
                self.bad(
                    card.at(name),
                    because("flow-no-mapping", field="tried"),
                    "write `{name, title}`",
                )
        return tried or None, title or None, fields

    def _known_by(self, body: Lined) -> tuple[tuple[str, ...], ...]:
        listed = body.get("known_by")
        if listed is None:
            return ()
        good = isinstance(listed, list) and all(
            isinstance(names, list) and names and all(isinstance(name, str) for name in names)
            for names in listed
        )
        if not good:
            self.bad(body.at("known_by"), because("known-by"), "write `[[time, amount]]`")
            return ()
        return tuple(tuple(names) for names in listed)

    def known(self, found: Lined, keys: tuple[str, ...]) -> None:
        """Note keys that nothing reads."""
        for key in found:
            if key not in keys:
                fix = self.one_of(key for key in keys if key != "collect")
                self.bad(found.at(key), because("unknown-field", name=key), fix)

    def words(self, found: Lined, key: str, *, required: bool = False) -> str:
        """Read a text; empty when it is not there."""
        value = found.get(key)
        if value is None:
            if required:
                self.bad(found.at(key), because("missing", field=key), f"add `{key}:`")
            return ""
        if not isinstance(value, str):
            self.bad(found.at(key), no_text(key, value), "put it in quotes")
            return ""
        if not value.strip():
            self.bad(found.at(key), because("missing", field=key), f"add `{key}:`")
        return value.strip()

    def texts(self, found: Lined, key: str) -> tuple[str, ...]:
        """Read a list of texts; numbers are taken as they are written."""
        value = found.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.bad(found.at(key), because("no-list", field=key), "write one `- …` line per entry")
            return ()
        for entry in value:
            if isinstance(entry, bool) or not isinstance(entry, str | int):
                self.bad(found.at(key), no_entry(key, entry), "put it in quotes")
                return ()
        return tuple(str(entry) for entry in value)

    def _value(self, found: Lined, key: str) -> str | None:
        """Read a value; a bare yes or no is a truth to YAML, so it needs its quotes."""
        return self.words(found, key) or None

    def _flag(self, found: Lined, key: str) -> bool:
        value = found.get(key, False)
        if not isinstance(value, bool):
            self.bad(
                found.at(key), because("not-allowed", field=key, value=value), "write true or false"
            )
            return False
        return value

    def _word(self, found: Lined, key: str, known: tuple[str, ...]) -> str | None:
        value = self.words(found, key) or None
        if value is not None and value not in known:
            self.bad(
                found.at(key), because("not-allowed", field=key, value=value), self.one_of(known)
            )
            return None
        return value

    @staticmethod
    def one_of(names: Iterable[Any]) -> str:
        """Say what may stand there."""
        return f"use one of {', '.join(map(str, names))}"
