"""The supervisor heals: whatever becomes of one child, the other goes on and it comes back."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from start.ports import Address
from start.pulse import Pulse
from start.service import Service
from tests.product import ROOT, free_port
from tests.start.conftest import PACE, Running, child, gone, until

Supervise = Callable[..., Running]


def pid_of(service: Service) -> int:
    assert service.process is not None
    return int(service.process.pid)


def strike(service: Service, number: int = signal.SIGKILL) -> None:
    """Hit a child once it is ready, and wait until the supervisor has seen to it."""
    until(lambda: service.ready, f"{service.name} is ready")
    before = pid_of(service)
    os.kill(before, number)
    until(lambda: pid_of(service) != before and service.ready, f"{service.name} is back")


def test_a_child_that_dies_before_it_is_ready_does_not_end_the_other(
    supervise: Supervise, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken"
    broken.touch()
    web = child("web", free_port(), "--fail-while", str(broken))
    bot = child("bot", free_port())
    supervise(web, bot)
    until(lambda: bot.ready, "the bot is ready")
    before = pid_of(bot)
    told = ""

    def twice() -> bool:
        nonlocal told
        told += capfd.readouterr().out
        return told.count("web stopped (exit 3) before it answered; its last lines say why") > 1

    until(twice, "web has failed twice")
    assert "ready after" not in told
    broken.unlink()
    until(lambda: web.ready, "web is ready")
    assert pid_of(bot) == before
    assert not gone(before)
    until(lambda: "ready after" in capfd.readouterr().out, "the supervisor says so")


def pauses_told(capfd: pytest.CaptureFixture[str]) -> list[str]:
    return re.findall(r"web stopped \(SIGKILL\), again in ([\d.]+) s", capfd.readouterr().out)


def test_the_pause_grows_with_each_death_up_to_the_longest(
    supervise: Supervise, capfd: pytest.CaptureFixture[str]
) -> None:
    web = child("web", free_port())
    supervise(web)
    for _ in range(5):
        strike(web)
    assert pauses_told(capfd) == ["0.05", "0.1", "0.2", "0.4", "0.4"]


def test_the_pause_starts_anew_after_a_good_spell(
    supervise: Supervise, capfd: pytest.CaptureFixture[str]
) -> None:
    web = child("web", free_port(), good=0.2)
    supervise(web)
    for _ in range(3):
        until(lambda: web.ready, "web is ready")
        well = web.pulse.first + 0.2
        until(lambda until=well: time.monotonic() > until, "web has been well for a while")
        strike(web)
    assert pauses_told(capfd) == ["0.05"] * 3


def test_a_hung_child_is_noticed_killed_and_started_again(
    supervise: Supervise, capfd: pytest.CaptureFixture[str]
) -> None:
    web, bot = child("web", free_port(), hung=4.0), child("bot", free_port())
    supervise(web, bot)
    until(lambda: bot.ready, "the bot is ready")
    before = pid_of(bot)
    strike(web, signal.SIGSTOP)
    assert re.search(r"web did not answer for \d s and was killed", capfd.readouterr().out)
    assert pid_of(bot) == before


def test_what_a_dead_child_left_behind_does_not_hold_its_port(supervise: Supervise) -> None:
    web = child("web", free_port(), "--fork")
    supervise(web)
    until(lambda: web.ready, "web is ready")
    group = pid_of(web)
    strike(web)
    assert living("pgid", group) == {}


@pytest.mark.parametrize("host", ["::1", "0.0.0.0", "::", "localhost"])
def test_a_child_is_asked_at_the_address_where_it_listens(supervise: Supervise, host: str) -> None:
    web = child("web", free_port(), host=host)
    supervise(web)
    strike(web)


def test_somebody_elses_answer_is_not_taken_for_the_childs() -> None:
    asked: list[str] = []

    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("X-Start-Nonce", "of an earlier start")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    pulse = Pulse(Address("127.0.0.1", server.server_port, "XIAOHU_PORT"), PACE)
    pulse.start()
    until(lambda: len(asked) > 3, "it was asked")
    pulse.end()
    pulse.join()
    server.shutdown()
    server.server_close()
    assert pulse.first is None
    assert not pulse.ready
    assert set(asked) == {"/livez"}


def test_a_port_that_was_taken_meanwhile_is_told_once_and_waited_for(
    supervise: Supervise, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    broken = tmp_path / "broken"
    broken.touch()
    web = child("web", port, "--fail-while", str(broken))
    supervise(web)
    until(lambda: web.process is not None and web.process.poll() == 3, "web has failed")
    thief = subprocess.Popen([sys.executable, "-S", str(Path(__file__).parent / "child.py"),
                              "127.0.0.1", str(port)],
                             env={**os.environ, "XIAOHU_START_NONCE": "a thief's"})  # fmt: skip
    try:
        line = f"port {port} is taken (process {thief.pid}: "
        told = ""

        def is_told() -> bool:
            nonlocal told
            told += capfd.readouterr().out
            return line in told

        until(is_told, "the supervisor names the thief")
        broken.unlink()
        assert "XIAOHU_PORT=" in told
    finally:
        thief.kill()
        thief.wait()
    until(lambda: web.ready, "web is ready")
    assert (told + capfd.readouterr().out).count(line) == 1


def test_ctrl_c_ends_every_child_even_one_that_does_not_listen(supervise: Supervise) -> None:
    web, bot = child("web", free_port(), "--fork", "--stubborn"), child("bot", free_port())
    running = supervise(web, bot)
    until(lambda: web.ready and bot.ready, "both are ready")
    guard = running.guard.pid
    running.stop()
    assert gone(pid_of(web))
    assert gone(pid_of(bot))
    assert guard is not None
    assert gone(guard)
    assert living("pgid", pid_of(web)) == {}


@pytest.mark.parametrize("guard_dies_first", [False, True])
def test_the_children_end_with_a_supervisor_that_is_killed(guard_dies_first: bool) -> None:
    ports = [str(free_port()), str(free_port())]
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "tests.start.small", *ports],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert supervisor.stdout is not None
    try:
        for line in supervisor.stdout:
            if "ready after" in line:
                break
        # A child that was forked and not yet replaced still shows its parent's command.
        until(lambda: guards(supervisor.pid), "the guard runs")
        family = living("ppid", supervisor.pid)
        assert len(family) == 3  # web, bot and the guard
        if guard_dies_first:
            [guard] = guards(supervisor.pid)
            os.kill(guard, signal.SIGKILL)
            others = family.keys() - {guard}
            until(lambda: living("ppid", supervisor.pid).keys() - family.keys(), "there is another")
            family = living("ppid", supervisor.pid)
            assert others < family.keys()
    finally:
        supervisor.kill()
        supervisor.wait()
    until(lambda: all(map(gone, family)), "all have ended")


def guards(supervisor: int) -> list[int]:
    family = living("ppid", supervisor)
    return [pid for pid, words in family.items() if "guard.py" in words]


def living(kin: str, number: int) -> dict[int, str]:
    """Return the living processes of a parent (ppid) or a group (pgid), and their commands."""
    command = ["ps", "-e", "-ww", "-o", f"pid=,{kin}=,stat=,args="]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=3) for line in told.splitlines()]
    return {
        int(pid): words
        for pid, of, state, words in rows
        if int(of) == number and not state.startswith("Z")
    }
