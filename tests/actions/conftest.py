"""The really trained bot in this process, and a customer who talks to it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.runtime.quiet import keep_discreet, keep_offline

ROOT = Path(__file__).resolve().parents[2]
_numbers = itertools.count()


@dataclass
class Reply:
    """What the bot said to one message."""

    parts: list[dict[str, Any]]

    @property
    def text(self) -> str:
        """All that was said, without answers from FAQs."""
        return "\n".join(part["text"] for part in self.parts if part.get("text"))

    @property
    def answers(self) -> list[dict[str, Any]]:
        return [custom["answer"] for custom in self._customs if "answer" in custom]

    @property
    def faqs(self) -> list[str]:
        return [answer["faq_id"] for answer in self.answers if "faq_id" in answer]

    @property
    def whole(self) -> str:
        """All that was said, answers included."""
        return "\n".join([self.text, *(answer["text"] for answer in self.answers)])

    @property
    def buttons(self) -> list[dict[str, str]]:
        shown = [button for part in self.parts for button in part.get("buttons") or []]
        return shown + [button for answer in self.answers for button in answer["buttons"]]

    @property
    def titles(self) -> list[str]:
        return [button["title"] for button in self.buttons]

    @property
    def payloads(self) -> list[str]:
        return [button["payload"] for button in self.buttons]

    @property
    def expects(self) -> str | None:
        return next((custom["expects"] for custom in self._customs if "expects" in custom), None)

    def command(self, name: str) -> dict[str, Any] | None:
        return next((custom for custom in self._customs if custom.get("command") == name), None)

    @property
    def card(self) -> dict[str, Any]:
        """The card of the escalation, else of the note."""
        sent = self.command("escalate") or self.command("note")
        assert sent is not None, self.parts
        return sent["card"]

    @property
    def _customs(self) -> list[dict[str, Any]]:
        return [part["custom"] for part in self.parts if "custom" in part]


@dataclass
class Customer:
    """小林 in one conversation."""

    assistant: Any
    loop: asyncio.AbstractEventLoop
    world: dict[str, Any] = field(
        default_factory=lambda: {
            "channel": "app",
            "signed_in": True,
            "name": "小林",
            "open": {"chat": True},
            "queue": {"waiting": 0},
            "announcements": [],
            "variables": {},
        }
    )
    id: str = field(default_factory=lambda: f"c{next(_numbers)}")

    def say(self, *messages: str) -> Reply:
        """Send messages one after the other; returns what the last one got."""
        from bot.runtime.assistant import answer
        from bot.runtime.message import Message, as_typed

        reply = Reply([])
        for message in messages:
            sent = Message(self.id, as_typed(message), self.world)
            reply = Reply(self.loop.run_until_complete(answer(self.assistant, sent)))
        return reply

    @property
    def state(self) -> tuple[str | None, str | None]:
        """The flow that the form walks, as <flow>_form, and the slot that it asks for."""
        store = self.assistant.tracker_store
        tracker = self.loop.run_until_complete(store.get_or_create_tracker(self.id))
        if tracker.active_loop_name is None:
            return None, None
        flow = str(tracker.get_slot("walk")).partition("@")[0]
        return f"{flow}_form", tracker.get_slot("requested_slot")


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def assistant(loop: asyncio.AbstractEventLoop) -> Any:
    keep_offline()
    keep_discreet()
    from bot.runtime.settings import BotSettings
    from bot.runtime.train import train

    settings = BotSettings.from_env()
    train(ROOT, settings.model, force=False, progress=print)
    from bot.runtime.assistant import open_assistant

    return loop.run_until_complete(open_assistant(settings.model, BotSettings()))


@pytest.fixture
def customer(assistant: Any, loop: asyncio.AbstractEventLoop) -> Customer:
    return Customer(assistant, loop)


@pytest.fixture
def new_customer(assistant: Any, loop: asyncio.AbstractEventLoop) -> Callable[[], Customer]:
    return lambda: Customer(assistant, loop)
