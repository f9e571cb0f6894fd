"""The scripted dialogues of tests/conversations with the bot alone, as far as they need no web."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conversations.judging import Event, amiss, buttons_of, unfit
from tests.conversations.script import Dialogue, Turn, read_dialogues

SCRIPTS = Path(__file__).resolve().parents[1] / "conversations"
# What web adds by itself: a card knows what was asked, and the queue says what it keeps.
ON_CARDS = frozenset(("asked", "not_asked"))
EVENTS = frozenset(("kept_for_agent", "secret_masked"))


class Told:
    """A conversation with the bot alone: its replies as the events that web makes of them."""

    def __init__(self, customer: Any) -> None:
        self.customer = customer
        self.owner = "bot"
        self.known: dict[str, Any] = {}
        self.lines: list[str] = []
        self.seen = self.last = self._events(customer.say("/start"))

    def play(self, turn: Turn) -> None:
        before = self.owner
        self.last = self._events(self.customer.say(self._typed(turn)))
        self.seen += self.last
        found = [*amiss(turn, self.last, before, self.owner, ""), *unfit(self.last, before)]
        assert not found, "\n".join(["", *self.lines, *found])

    def _typed(self, turn: Turn) -> str:
        if turn.say is not None:
            self.lines.append(f"客户：{turn.say}")
            return turn.say
        offered = buttons_of(self.last if turn.press is not None else self.seen)
        title = turn.press or turn.press_earlier
        self.lines.append(f"客户：[{title}]")
        payloads = [payload for name, payload in reversed(offered) if name == title]
        assert payloads, "\n".join(["", *self.lines, f"没有按钮“{title}”，有：{offered}"])
        return payloads[0]

    def _events(self, reply: Any) -> list[Event]:
        events: list[Event] = []
        for part in reply.parts:
            custom = part.get("custom") or {}
            answer = {**custom["answer"], "format": "markdown"} if "answer" in custom else None
            said = answer or {**part, "format": "text"}
            if said.get("text"):
                data = {"buttons": [], **said}
                events.append({"type": "message", "actor": {"kind": "bot"}, "data": data})
                self.lines.append(f"小狐：{said['text']}")
            if "expects" in custom:
                events[-1]["data"]["expects"] = custom["expects"]
            events += self._carried_out(custom)
        return events

    def _carried_out(self, custom: dict[str, Any]) -> list[Event]:
        command = custom.get("command")
        self.known.update(custom.get("card") or {})
        if command == "escalate" and self.owner == "bot":
            self.owner = "queue"
            self.customer.world["waiting"] = {"place": 1, "urgent": custom["urgent"]}
            names = ("topic", "reason", "urgent")
            data = {name: custom[name] for name in names} | {"card": dict(self.known)}
            return [{"type": "escalated", "data": data}]
        return [{"type": "resolved", "data": {}}] if command == "resolve" else []


def needs_web(turn: Turn) -> bool:
    told = ON_CARDS & set(turn.card) or EVENTS & set(turn.event)
    return bool(turn.agent or turn.hidden or told)


def scripted() -> Iterator[Any]:
    for path in sorted(SCRIPTS.glob("*.yml")):
        for dialogue in read_dialogues(path):
            if not (dialogue.notices or dialogue.xfail or any(map(needs_web, dialogue.turns))):
                yield pytest.param(dialogue, id=f"{path.stem}-{dialogue.name}")


@pytest.mark.parametrize("dialogue", list(scripted()))
def test_the_bot_alone_answers_as_scripted(
    dialogue: Dialogue, new_customer: Callable[[], Any]
) -> None:
    customer = new_customer()
    customer.world |= {
        "signed_in": dialogue.signed_in is not None,
        "name": dialogue.signed_in or "",
    }
    told = Told(customer)
    for turn in dialogue.turns:
        told.play(turn)
