"""Measures what a turn of the bot costs: `.venv-bot/bin/python -m benchmarks.bot_turns`.

Prints milliseconds a turn near the 1st, 50th, 100th and 300th of one conversation, their ratio
(goal: the 300th ≤ 1.5 × the 1st), the longest of a long run, two messages of one customer at
once, turns a second, the time until the process is ready, and resident memory. One conversation
holds ordinary messages, one walks the triage flows, one stays inside a single form. Machines
differ and are shared: compare ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.runtime.quiet import keep_discreet, keep_offline
from bot.runtime.settings import ROOT, BotSettings

AT = (1, 50, 100, 300)
RUNS = 5  # conversations of full length
NEAR = 6  # turns before a measured one that count as it
SAMPLES = 20
GOAL_RATIO = 1.5
GOAL_READY = 6.0  # seconds
GOAL_RESIDENT = 200  # MB
SENDERS = 40
PORT = 51059
METADATA = {"channel": "app", "signed_in": True, "open": {"chat": True}, "variables": {}}

Script = dict[str, list[str]]  # opening, messages
Say = Callable[[str, str], Awaitable[object]]


def main() -> None:
    """Measure in process with memory and SQLite, then a process of its own."""
    parser = argparse.ArgumentParser(prog="benchmarks.bot_turns", description=__doc__)
    parser.add_argument("--model", type=Path, default=ROOT / "var" / "models")
    parser.add_argument("--messages", type=Path, default=ROOT / "benchmarks" / "bot_turns.json")
    parser.add_argument("--port", type=int, default=PORT)
    options = parser.parse_args()
    scripts = json.loads(options.messages.read_text(encoding="utf-8"))
    keep_offline()
    keep_discreet()
    ordinary = scripts["ordinary"]["messages"]
    measure_process(options.model, options.port, ordinary)
    from bot.runtime.absent import leave_out

    leave_out()
    with tempfile.TemporaryDirectory(prefix="xiaohu-turns-") as folder:
        for title, url in (("memory", "sqlite://"), ("SQLite", f"sqlite:///{folder}/t.db")):
            asyncio.run(measure_turns(title, options.model, url, scripts))


async def measure_turns(title: str, model: Path, url: str, scripts: dict[str, Script]) -> None:
    """Print what turns cost with one database."""
    from bot.runtime.assistant import answer, open_assistant
    from bot.runtime.message import Message

    agent = await open_assistant(model, BotSettings(memory_url=url))

    async def say(sender: str, text: str) -> object:
        return await answer(agent, Message(sender, text, METADATA))

    print(f"\n{title}")
    ordinary = scripts["ordinary"]["messages"]
    for name, script in scripts.items():
        await _measure_length(say, name, script)
    await _measure_pair(say, ordinary)
    await _measure_throughput(say, ordinary)


async def _measure_length(say: Say, name: str, script: Script) -> None:
    """Say the same message early and late, one right after the other: only length differs."""
    opening, messages = script["opening"], script["messages"]
    early: list[float] = []
    late: dict[int, list[float]] = {turn: [] for turn in AT[1:]}
    everything: list[float] = []
    for run in range(RUNS):
        sender = f"{name}-long-{run}"
        for text in opening:
            await say(sender, text)
        for turn in range(1, AT[-1] + 1):
            near = next((at for at in AT[1:] if at - NEAR < turn <= at), None)
            took = await _timed(say, sender, messages[0 if near else turn % len(messages)])
            everything.append(took)
            if near:
                late[near].append(took)
                early.append(await _first(say, f"{name}-first-{run}-{turn}", script))
    medians = {1: statistics.median(early)}
    medians |= {turn: statistics.median(took) for turn, took in late.items()}
    ratio = medians[AT[-1]] / medians[1]
    shown = "  ".join(f"{turn}: {took:.1f}" for turn, took in medians.items())
    p99 = statistics.quantiles(everything, n=100)[-1]
    goal = "ok" if ratio <= GOAL_RATIO else f"MISSED (goal {GOAL_RATIO})"
    print(f"  {name:9} ms at turn {shown}  p99 {p99:.1f}  300/1 = {ratio:.2f} {goal}", flush=True)


async def _first(say: Say, sender: str, script: Script) -> float:
    for text in script["opening"]:
        await say(sender, text)
    return await _timed(say, sender, script["messages"][0])


async def _measure_pair(say: Say, script: Sequence[str]) -> None:
    """Two messages of one customer at once: the second waits for the first, and no longer."""
    pairs = []
    for number in range(SAMPLES):
        sender = f"pair-{number}"
        took = await asyncio.gather(_timed(say, sender, script[0]), _timed(say, sender, script[1]))
        pairs.append(sorted(took))
    one, two = (statistics.median(pair[place] for pair in pairs) for place in (0, 1))
    print(f"  two at once: {one:.1f} and {two:.1f} ms")


async def _measure_throughput(say: Say, script: Sequence[str]) -> None:
    async def converse(sender: str) -> None:
        for text in script:
            await say(sender, text)

    began = time.perf_counter()
    await asyncio.gather(*(converse(f"many-{number}") for number in range(SENDERS)))
    rate = SENDERS * len(script) / (time.perf_counter() - began)
    print(f"  {rate:.0f} turns/s from {SENDERS} customers at once, one process")


async def _timed(say: Say, sender: str, text: str) -> float:
    began = time.perf_counter()
    await say(sender, text)
    return (time.perf_counter() - began) * 1000


def measure_process(model: Path, port: int, script: Sequence[str]) -> None:
    """Print how long a process of its own takes to be ready, and what it holds then."""
    command = [
        sys.executable,
        "-m",
        "bot.runtime.serve",
        "--port",
        str(port),
        "--model",
        str(model),
    ]
    with tempfile.TemporaryDirectory(prefix="xiaohu-turns-") as folder:
        env = {**os.environ, "XIAOHU_BOT_TRACKER_URL": f"sqlite:///{folder}/t.db"}
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, env=env)  # noqa: S603 - our own program
        try:
            _wait_until_ready(process, port)
            ready = time.monotonic() - began
            took = []
            for number in range(SAMPLES * 5):
                start = time.perf_counter()
                _post(port, f"http-{number % 5}", script[number % len(script)])
                took.append((time.perf_counter() - start) * 1000)
            resident = _resident(process.pid)
        finally:
            process.terminate()
            process.wait(15)
    print(f"process\n  ready after {ready:.1f} s (goal {GOAL_READY})")
    print(f"  resident {resident} MB after {len(took)} turns (goal {GOAL_RESIDENT})")
    print(f"  over HTTP: median {statistics.median(took):.1f} ms, longest {max(took):.1f} ms")


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the bot ended before it was ready")


def _post(port: int, sender: str, text: str) -> None:
    body = json.dumps({"sender": sender, "message": text, "metadata": METADATA}).encode()
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    with urllib.request.urlopen(url, body, timeout=10) as response:
        json.load(response)


def _resident(pid: int) -> int:
    shown = subprocess.run(  # noqa: S603 - a fixed command
        ["ps", "-o", "rss=", "-p", str(pid)],  # noqa: S607
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return int(shown.stdout) // 1024


if __name__ == "__main__":
    main()
