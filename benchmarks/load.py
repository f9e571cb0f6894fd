"""Measures whole turns under load, of this tree and of others, in one run.

`.venv/bin/python -m benchmarks.load [--old FOLDER …]` starts the real web and the real bot of each
tree on a database of their own, lets customers talk to one after the other in turns, and prints
messages a second, time to the answer, CPU of web and bot a message, what was refused politely and
what was answered without the bot. Machines differ and are shared: compare ratios.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

ROOT = Path(__file__).resolve().parent.parent
WEB, BOT = (ROOT / name / "bin" / "python" for name in (".venv", ".venv-bot"))
MESSAGES = json.loads((ROOT / "benchmarks" / "bot_turns.json").read_text(encoding="utf-8"))
READY = 300.0  # seconds, on a machine that is busy with other things


@dataclass
class Tree:
    """Web and bot of one tree, running."""

    root: Path
    folder: Path
    processes: dict[str, psutil.Process] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port, self.bot_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **os.environ,
            "PYTHONWARNINGS": "ignore",
            "XIAOHU_VAR": str(self.folder),
            "XIAOHU_DATA": str(self.root / "data"),
            "XIAOHU_BOT_URL": f"http://127.0.0.1:{self.bot_port}",
            "XIAOHU_BOT_SECRET": "between web and bot",
        }

    def start(self) -> None:
        """Build what is missing and start both."""
        models = str(self.folder / "models")
        train = (BOT, "-m", "bot.runtime.train", "--models", models)
        self.build((WEB, "-m", "search", "--build"), train)
        bot = ("-m", "bot.runtime.serve", "--port", str(self.bot_port), "--model", models)
        self.spawn("bot", BOT, *bot)
        self.spawn("web", WEB, "-m", "web", "serve", "--port", str(self.port))
        for port in (self.bot_port, self.port):
            wait(f"http://127.0.0.1:{port}/readyz")

    def build(self, *commands: tuple[Any, ...]) -> None:
        """Make the folder, with what is built already, and build what is missing."""
        self.folder.mkdir(parents=True)
        for made in ("index", "models"):
            if (self.root / "var" / made).exists():
                shutil.copytree(self.root / "var" / made, self.folder / made, symlinks=True)
        for command in commands:
            subprocess.run(command, cwd=self.root, env=self.env, check=True)  # noqa: S603

    def stop(self) -> None:
        """Stop what runs."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        psutil.wait_procs(list(self.processes.values()), 15)

    def cpu(self) -> dict[str, float]:
        """Return the CPU seconds of both so far, their children's too."""
        found = {}
        for name, process in self.processes.items():
            family = [process, *process.children(recursive=True)]
            times = [one.cpu_times() for one in family]
            found[name] = sum(spent.user + spent.system for spent in times)
        return found

    def worked(self, kind: str) -> float:
        """Return the CPU seconds so far of all that is a web, or all that is a bot."""
        return sum(spent for name, spent in self.cpu().items() if name.startswith(kind))

    def resident(self) -> int:
        """Return the MB that both hold, shared pages counted once a process."""
        return sum(
            one.memory_info().rss >> 20
            for process in self.processes.values()
            for one in (process, *process.children(recursive=True))
        )

    def spawn(self, name: str, *command: Any) -> None:
        """Start one of them."""
        log = (self.folder / f"{name}.log").open("ab")
        self.processes[name] = psutil.Popen(
            [str(part) for part in command], cwd=self.root, env=self.env, stdout=log, stderr=log
        )


@dataclass
class Result:
    """What one round measured."""

    seconds: float
    took: list[float]
    cpu: dict[str, float]
    kinds: Counter[str]

    def row(self) -> dict[str, float]:
        """Show it in numbers."""
        answered = max(1, self.kinds["bot"] + self.kinds["without"])
        cuts = statistics.quantiles(self.took, n=100) if len(self.took) > 1 else [0.0] * 99
        return {
            "messages/s": answered / self.seconds,
            "p50 ms": cuts[49] * 1000,
            "p99 ms": cuts[98] * 1000,
            "web ms": self.cpu["web"] / answered * 1000,
            "bot ms": self.cpu["bot"] / answered * 1000,
            "refused": self.kinds["refused"],
            "without bot": self.kinds["without"],
            "failed": self.kinds["failed"],
        }


def talk(tree: Tree, customers: int, messages: int) -> Result:
    """Let so many customers at once say so many messages each."""
    script = MESSAGES["ordinary"]["messages"]
    took: list[float] = []
    kinds: Counter[str] = Counter()
    lock = threading.Lock()

    def one(number: int) -> None:
        with httpx.Client(base_url=f"{tree.url}/api/v1", timeout=60, trust_env=False) as http:
            while (opened := _open(http)) is None:
                time.sleep(0.2)
            path = f"/conversations/{opened['id']}/messages"
            http.headers["Authorization"] = f"Bearer {opened['token']}"
            barrier.wait()
            for turn in range(messages):
                said = script[(number + turn) % len(script)]
                began = time.perf_counter()
                kind = _say(http, path, said)
                spent = time.perf_counter() - began
                with lock:
                    kinds[kind] += 1
                    if kind in ("bot", "without"):
                        took.append(spent)
                    elif kind == "refused":
                        refusals.append(spent)

    refusals: list[float] = []
    barrier = threading.Barrier(customers + 1)
    with ThreadPoolExecutor(customers) as threads:
        jobs = [threads.submit(one, number) for number in range(customers)]
        barrier.wait()
        before, began = tree.cpu(), time.perf_counter()
        for job in jobs:
            job.result()
    seconds = time.perf_counter() - began
    if refusals:
        cut = statistics.quantiles(refusals, n=100)[98] if len(refusals) > 1 else refusals[0]
        print(f"    refused within {cut * 1000:.0f} ms (p99 of {len(refusals)})")
    after = tree.cpu()
    return Result(seconds, took, {name: after[name] - before[name] for name in after}, kinds)


def main() -> None:
    """Measure each tree in turns, and compare the first with the others."""
    parser = argparse.ArgumentParser(prog="benchmarks.load", description=__doc__)
    parser.add_argument("--old", type=Path, nargs="*", default=[], help="trees to compare with")
    parser.add_argument("--at-once", type=int, nargs="*", default=[1, 4, 16, 64])
    parser.add_argument("--messages", type=int, default=9, help="of each customer and round")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="xiaohu-load-") as folder,
        contextlib.ExitStack() as all,
    ):
        trees = []
        for number, root in enumerate([ROOT, *options.old]):
            trees.append(
                all.enter_context(running(Tree(root.resolve(), Path(folder) / str(number))))
            )
        for tree in trees:
            talk(tree, 4, 9)  # warm
        for customers in options.at_once:
            rounds: list[list[dict[str, float]]] = [[] for _ in trees]
            for _ in range(options.rounds):
                for tree, rows in zip(trees, rounds, strict=True):
                    rows.append(talk(tree, customers, options.messages).row())
            means = [_mean(rows) for rows in rounds]
            for tree, mean in zip(trees, means, strict=True):
                _show(f"{customers:4} at once  {tree.root.name}", mean)
            for mean in means[1:]:
                _show(f"{customers:4} at once  old / new", _ratio(mean, means[0]), ".2f")
        for tree in trees:
            print(f"resident  {tree.root.name}  {tree.resident()} MB")


@contextlib.contextmanager
def running(tree: Tree) -> Iterator[Tree]:
    """Run both meanwhile."""
    try:
        tree.start()
        yield tree
    finally:
        tree.stop()


def _open(http: httpx.Client) -> Any:
    answer = http.post("/conversations", json={"channel": "help"})
    return answer.json() if answer.status_code == 201 else None


def _say(http: httpx.Client, path: str, text: str) -> str:
    try:
        answer = http.post(path, json={"client_id": uuid.uuid4().hex, "text": text})
    except httpx.HTTPError:
        return "failed"
    if answer.status_code in (429, 503):
        return "refused"
    if answer.status_code != 201:
        return "failed"
    codes = [event["data"].get("code") for event in answer.json()["events"]]
    return "without" if "bot_down" in codes else "bot"


def _mean(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.mean(row[name] for row in rows) for name in rows[0]}


def _ratio(old: dict[str, float], new: dict[str, float]) -> dict[str, float]:
    names = ("messages/s", "p50 ms", "p99 ms", "web ms", "bot ms")
    return {name: old[name] / new[name] for name in names if new[name]}


def _show(title: str, row: dict[str, float], form: str = ".0f") -> None:
    shown = "  ".join(f"{name} {value:{form}}" for name, value in row.items())
    print(f"{title:32} {shown}", flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(url: str) -> None:
    """Wait until something is ready."""
    deadline = time.monotonic() + READY
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url, timeout=5, trust_env=False).status_code == 200:
                return
        time.sleep(0.1)
    sys.exit(f"not ready: {url}")


if __name__ == "__main__":
    main()
