"""XIAOHU_BOTS: several bots beside one web, each kept running by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from start import bots, supervisor
from start.environments import SetupError
from start.ports import Address
from tests.product import ROOT, free_port
from tests.start.conftest import PACE, child, until
from tests.start.test_supervisor import Supervise, pid_of
from web.assistant.places import bot_url


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SANDBOX", "XIAOHU_BOT_URL", "XIAOHU_BOT_MODEL", bots.COUNT, bots.PORT):
        monkeypatch.delenv(name, raising=False)


def free_pair() -> int:
    """Return a port that nothing listens on, and nothing on the next one."""
    while True:
        port = free_port()
        if Address("127.0.0.1", port + 1, bots.PORT).error() is None:
            return port


def test_so_many_bots_listen_at_one_port_after_the_other_and_web_knows_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(bots.COUNT, "3")
    monkeypatch.setenv(bots.PORT, "5100")
    web, *three = supervisor._services()
    assert [one.name for one in three] == ["bot 1", "bot 2", "bot 3"]
    assert [one.address.port for one in three] == [5100, 5101, 5102]
    for one in three:
        assert str(one.address.port) in one._command
    # and where nobody tells web, as in a container, it says the same of itself
    assert web.env["XIAOHU_BOT_URL"] == bot_url({bots.COUNT: "3", bots.PORT: "5100"})


def test_without_the_setting_there_is_one_bot() -> None:
    web, bot = supervisor._services()
    assert (bot.name, bot.address.port) == ("bot", 5005)
    assert web.env["XIAOHU_BOT_URL"] == bot_url({})


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({bots.COUNT: "no"}, "XIAOHU_BOTS=no is no number of bots"),
        ({bots.COUNT: "17"}, "from 1 to 16"),
        ({bots.COUNT: "2", bots.PORT: "65535"}, "leaves no room for 2 bots"),
    ],
)
def test_what_cannot_be_is_told_with_its_setting(settings: dict[str, str], told: str) -> None:
    with pytest.raises(SetupError, match=told):
        bots.addresses(settings)


def test_a_port_of_webs_is_refused_for_the_second_bot_too(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_pair()
    monkeypatch.setenv(bots.COUNT, "2")
    monkeypatch.setenv(bots.PORT, str(port))
    monkeypatch.setenv("XIAOHU_PORT", str(port + 1))
    with pytest.raises(SetupError, match=f"XIAOHU_BOT_PORT is web's port {port + 1}"):
        supervisor._check(supervisor._services())


def test_one_bot_that_is_killed_comes_back_and_the_other_goes_on(supervise: Supervise) -> None:
    web, one, two = (child(name, free_port()) for name in ("web", "bot 1", "bot 2"))
    supervise(web, one, two)
    until(lambda: web.ready and one.ready and two.ready, "all are ready")
    before, others = pid_of(one), (pid_of(web), pid_of(two))
    os.kill(before, signal.SIGKILL)
    until(lambda: pid_of(one) != before and one.ready, "the bot is back")
    assert (pid_of(web), pid_of(two)) == others


def test_the_bots_alone_start_nothing_else_and_end_together(tmp_path: Path) -> None:
    """`python -m start bots`, as image and unit start them; what it runs are small children."""
    for part in ("start", ".venv-bot/bin"):
        (tmp_path / part).mkdir(parents=True)
    for path in (ROOT / "start").glob("*.py"):
        (tmp_path / "start" / path.name).write_bytes(path.read_bytes())
    serve = tmp_path / ".venv-bot" / "bin" / "python"
    stand_in = ROOT / "tests" / "start" / "child.py"
    serve.write_text(f'#!/bin/sh\nexec {sys.executable} -S {stand_in} 127.0.0.1 "$4"\n')
    serve.chmod(0o755)
    port = free_pair()
    env = {**os.environ, bots.COUNT: "2", bots.PORT: str(port)}
    began = subprocess.Popen(
        [sys.executable, "-m", "start", "bots"],
        cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert began.stdout is not None
    told = ""
    while "ready after" not in told:
        line = began.stdout.readline()
        assert line, told
        told += line
    assert "starting bot 1 and bot 2 …" in told
    began.send_signal(signal.SIGTERM)
    began.communicate(timeout=PACE.hung)
    assert began.returncode == 0
    assert all(at.error() is None for at in bots.addresses(env))


def test_another_word_than_bots_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "start", "robots"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "robots is nothing to start" in done.stderr
