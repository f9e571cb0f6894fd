"""The miniature assistant, trained once, and ways to talk to it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
MINIATURE = HERE / "miniature"
ACTIONS = "miniature.acts"
# The miniature is found by its own name, as config.yml and processes of their own find it.
sys.path.insert(0, str(HERE))


def environment(**more: str) -> dict[str, str]:
    """An environment in which a process of its own finds the program and the miniature."""
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}", **more}


def train(root: Path, models: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot.runtime.train", "--root", root, "--models", models, *more]
    return subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="session", autouse=True)
def offline() -> None:
    from bot.runtime.quiet import keep_offline

    keep_offline()


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    done = train(MINIATURE, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def run(loop: asyncio.AbstractEventLoop) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    return loop.run_until_complete


class Talk:
    """Says things to an agent and returns the texts it answers."""

    def __init__(self, agent: Any, run: Callable[..., Any]) -> None:
        self.agent = agent
        self._run = run

    def replies(
        self, text: str, sender: str = "小林", patience: float = 4.0, **metadata: Any
    ) -> list[dict[str, Any]]:
        from bot.runtime.assistant import answer
        from bot.runtime.message import Message

        return self._run(answer(self.agent, Message(sender, text, metadata), patience))

    def say(self, text: str, sender: str = "小林") -> list[str]:
        return self.texts(self.replies(text, sender))

    def ask(
        self, text: str, event: int, unheard: tuple[int, ...] = (), key: bytes | None = None
    ) -> list[dict[str, Any]]:
        """Say something as web does: under a number, with what seals the memory of it."""
        from bot.runtime.assistant import answer
        from bot.runtime.message import Message

        return self._run(answer(self.agent, Message("小林", text, {}, event, unheard, key)))

    @staticmethod
    def texts(replies: list[dict[str, Any]]) -> list[str]:
        return [reply["text"] for reply in replies if "text" in reply]


@pytest.fixture(scope="session")
def start(models: Path, run: Callable[..., Any]) -> Callable[..., Talk]:
    """Start an assistant that remembers in a database: as after a restart."""

    def start(memory_url: str = "sqlite://") -> Talk:
        from bot.runtime.assistant import load_assistant
        from bot.runtime.models import newest
        from bot.runtime.settings import BotSettings

        settings = BotSettings(memory_url=memory_url)
        return Talk(load_assistant(newest(models), settings, ACTIONS), run)

    return start


@pytest.fixture
def talk(start: Callable[..., Talk]) -> Talk:
    return start()
