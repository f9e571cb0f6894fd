"""Drives one conversation and holds its answers against what a script expects."""

from __future__ import annotations

import json
import time
from typing import Protocol

from tests.conversations.judging import Event, amiss, buttons_of, name_of, said_by_bot, unfit
from tests.conversations.judging import text_of as text_of
from tests.conversations.script import Turn
from tests.product import PATIENCE, Customer


class Agent(Protocol):
    """An agent at the desk."""

    def take_and_close(self, conversation_id: str) -> None:
        """Take a conversation from the queue and close it."""


class Talk:
    """A customer's conversation with its transcript; `last` are the events of the last answer."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self.last: list[Event] = customer.greeting
        self.seen: list[Event] = list(customer.greeting)
        self.lines: list[str] = []
        self._write(customer.greeting)

    @property
    def owner(self) -> str:
        """Who owns the conversation."""
        return str(self.customer.state["owner"])

    def say(self, text: str) -> list[Event]:
        """Type a message."""
        return self._send(text, None)

    def press(self, title: str, *, earlier: bool = False) -> list[Event]:
        """Press a button of the last answer, or of any one before."""
        offered = buttons_of(self.seen if earlier else self.last)
        payloads = [payload for name, payload in reversed(offered) if name == title]
        assert payloads, self.told(f"没有按钮“{title}”，有：{[name for name, _ in offered]}")
        return self._send(title, payloads[0])

    def open_faq(self, faq_id: str, title: str) -> list[Event]:
        """Ask for an FAQ as its button would."""
        return self._send(title, "/faq" + json.dumps({"faq": faq_id}))

    def closed_by(self, agent: Agent) -> list[Event]:
        """Have an agent take and close the conversation; waits for the bot's question."""
        self.lines.append("安娜：（接起，结束）")
        seen = max(event["id"] for event in self.seen)
        agent.take_and_close(self.customer.id)
        deadline = time.monotonic() + PATIENCE
        self.last = []
        while not any(said_by_bot(event) for event in self.last):
            assert time.monotonic() < deadline, self.told("结束以后机器人没有问")
            time.sleep(0.05)
            self.last = self.customer.events(after=seen)
        self.seen += self.last
        self._write(self.last)
        return self.last

    def told(self, problem: str) -> str:
        """Describe a problem below all that was said so far."""
        return "\n".join(["", *self.lines, f"✗ {problem}"])

    def _send(self, text: str, payload: str | None) -> list[Event]:
        self.lines.append(f"客户：{text}" if payload is None else f"客户：[{text}]")
        self.last = self.customer.say(text, payload)
        self.seen += self.last
        self._write(self.last)
        return self.last

    def _write(self, events: list[Event]) -> None:
        for event in events:
            data = event["data"]
            if event["type"] != "message":
                about = {key: value for key, value in data.items() if key != "code"}
                self.lines.append(
                    f"  · {name_of(event)} {json.dumps(about, ensure_ascii=False) if about else ''}"
                )
                continue
            faq = f"【{data['faq_id']}】" if data.get("faq_id") else ""
            text = data["text"] if len(data["text"]) < 160 else data["text"][:160] + "…"
            expects = f" <{data['expects']}>" if data.get("expects") else ""
            titles = "".join(f" [{button['title']}]" for button in data.get("buttons", []))
            self.lines.append(f"小狐：{faq}{text}{expects}{titles}")


def play(talk: Talk, turn: Turn, agent: Agent) -> None:
    """Make a script's move and check its answer."""
    owner = talk.owner
    if turn.agent is not None:
        events = talk.closed_by(agent)
    elif turn.say is not None:
        events = talk.say(turn.say)
    elif turn.press is not None:
        events = talk.press(turn.press)
    else:
        events = talk.press(str(turn.press_earlier), earlier=True)
    shown = json.dumps(talk.seen + talk.customer.events(), ensure_ascii=False)
    for problem in (*amiss(turn, events, owner, talk.owner, shown), *unfit(events, owner)):
        raise AssertionError(talk.told(problem))


def asked_slot(events: list[Event]) -> str | None:
    """Tell which step the bot asks for: the one that its last reply buttons answer."""
    for _, payload in reversed(buttons_of(events)):
        intent, brace, entities = payload.partition("{")
        if intent == "/reply" and brace:
            return str(json.loads(brace + entities)["slot"])
    return None
