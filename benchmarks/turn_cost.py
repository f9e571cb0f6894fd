"""Measures what a message costs in web and in the bot, early and late in a conversation.

`.venv/bin/python -m benchmarks.turn_cost [--old FOLDER …]` starts the real web and the real bot of
each tree (see benchmarks/load.py) and prints, in one run and in turns: CPU ms of a message in both
at the 1st and at the 300th turn of a conversation and their ratio (goal: ≤ 1.5), messages a second
and p99 for customers at once, the same at a fixed rate, and turns a second of the bot alone.
Machines differ and are shared: compare CPU and ratios.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import itertools
import json
import statistics
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.load import MESSAGES, ROOT, Tree, running, talk
from benchmarks.resident import further
from web.desk import events
from web.desk.database import Database, open_database
from web.desk.events import BOT, CUSTOMER

SCRIPT: list[str] = MESSAGES["ordinary"]["messages"]
LATE = 300  # turns of a long conversation
OPENED = 12  # conversations of each length, each of which says this many more messages
SAID = 9
GOAL_RATE, GOAL_BOT_RATE, GOAL_P99 = 100, 300, 300
METADATA = {"channel": "app", "signed_in": True, "open": {"chat": True}, "variables": {}}


@dataclass(frozen=True)
class Place:
    """A conversation and what lets one write into it."""

    path: str
    headers: dict[str, str]


def main() -> None:
    """Measure each tree in turns."""
    parser = argparse.ArgumentParser(prog="benchmarks.turn_cost", description=__doc__)
    parser.add_argument("--old", type=Path, nargs="*", default=[], help="trees to compare with")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--bots", type=int, default=1, help="bots a tree, in the last measure")
    parser.add_argument("--rate", type=int, default=60, help="messages a second, steadily")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="xiaohu-turn-") as folder,
        contextlib.ExitStack() as all,
    ):
        trees = [
            all.enter_context(running(Tree(root.resolve(), Path(folder) / str(number))))
            for number, root in enumerate([ROOT, *options.old])
        ]
        for tree in trees:
            talk(tree, 4, 9)  # warm
        measures: dict[str, Callable[[Tree], dict[str, float]]] = {
            "by length": by_length,
            f"{options.at_once} at once": lambda tree: at_once(tree, options.at_once),
            f"{options.rate} a second": lambda tree: steadily(tree, options.rate),
            "bot alone": bot_alone,
        }
        if options.bots > 1:
            for tree, number in itertools.product(trees, range(2, options.bots + 1)):
                further(tree, number)
            measures[f"{options.bots} bots alone"] = lambda tree: bot_alone(tree, options.bots)
        for title, measure in measures.items():
            rows: list[list[dict[str, float]]] = [[] for _ in trees]
            for _ in range(options.rounds):
                for tree, found in zip(trees, rows, strict=True):
                    found.append(measure(tree))
            medians = [_median(found) for found in rows]
            for tree, median in zip(trees, medians, strict=True):
                _show(title, tree.root.name, median)
            for median in medians[1:]:
                ratios = {name: median[name] / medians[0][name] for name in median}
                _show(title, "old / new", ratios)


def by_length(tree: Tree) -> dict[str, float]:
    """Let young and old conversations say the same, one message at a time."""
    young = [opened(tree) for _ in range(OPENED)]
    old = [opened(tree) for _ in range(OPENED)]
    database = open_database(f"sqlite:///{tree.folder / 'xiaohu.db'}")
    for place in old:
        _lengthen(database, place.path.split("/")[-2], LATE)
    database.close()
    found = {}
    spent: dict[str, Counter[str]] = {"1": Counter(), "300": Counter()}
    # Alternately, so that whoever else works on this machine slows both alike.
    for one, other in zip(young, old, strict=True):
        for name, place in (("1", one), ("300", other)):
            before = tree.cpu()
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", tree.port)) as line:
                for text in SCRIPT[:SAID]:
                    say(line, place, text)
            for side, seconds in tree.cpu().items():
                spent[name][side] += seconds - before[side]
    for name, sides in spent.items():
        for side, seconds in sides.items():
            found[f"{side} ms at {name}"] = seconds * 1000 / (OPENED * SAID)
    return {
        **found,
        "300 / 1": sum(spent["300"].values()) / sum(spent["1"].values()),
    }


def at_once(tree: Tree, customers: int) -> dict[str, float]:
    """Let customers talk as fast as they are answered."""
    row = talk(tree, customers, SAID).row()
    return {name: row[name] for name in ("messages/s", "p50 ms", "p99 ms", "web ms", "bot ms")}


def steadily(tree: Tree, rate: int, seconds: int = 8) -> dict[str, float]:
    """Send so many messages a second, whether or not those before were answered."""
    places = [opened(tree) for _ in range(rate)]
    took: list[float] = []
    lock = threading.Lock()
    lines = threading.local()

    def one(number: int, due: float) -> None:
        time.sleep(max(0.0, due - time.perf_counter()))
        if not hasattr(lines, "line"):
            lines.line = http.client.HTTPConnection("127.0.0.1", tree.port)
        say(lines.line, places[number % rate], SCRIPT[number % len(SCRIPT)])
        with lock:
            took.append(time.perf_counter() - due)

    before, start = tree.cpu(), time.perf_counter() + 0.5
    with ThreadPoolExecutor(rate) as threads:
        for number in range(rate * seconds):
            threads.submit(one, number, start + number / rate)
    spent = sum(tree.cpu().values()) - sum(before.values())
    cuts = statistics.quantiles(took, n=100)
    return {
        "p50 ms": cuts[49] * 1000,
        "p99 ms": cuts[98] * 1000,
        "CPU ms": spent * 1000 / len(took),
    }


def bot_alone(
    tree: Tree, bots: int = 1, customers: int = 8, messages: int = 45
) -> dict[str, float]:
    """Ask the bots without web, each message as web asks it, each customer one of them."""

    def one(number: int) -> None:
        sender = f"{uuid.uuid4().hex}-{number}"
        turns = itertools.count(1)
        port = tree.bot_port + number % bots
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as line:
            for _ in range(messages):
                turn = next(turns)
                said = {"sender": sender, "message": SCRIPT[turn % len(SCRIPT)], "event": turn}
                _ask_bot(line, {**said, "metadata": METADATA})

    before, began = tree.worked("bot"), time.perf_counter()
    with ThreadPoolExecutor(customers) as threads:
        list(threads.map(one, range(customers)))
    seconds, count = time.perf_counter() - began, customers * messages
    spent = tree.worked("bot") - before
    return {
        "turns/s": count / seconds,
        "bot ms": spent * 1000 / count,
        "turns/s of CPU": count / spent,
    }


def _lengthen(database: Database, conversation_id: str, turns: int) -> None:
    """Write so many earlier turns into a conversation."""
    with database.write() as session:
        for turn in range(turns):
            text, now = SCRIPT[turn % len(SCRIPT)], datetime.now(UTC)
            data = {"text": text, "format": "text"}
            message = events.append(
                session, conversation_id, "message", CUSTOMER, data, now,
                client_id=f"earlier-{turn}",
            )  # fmt: skip
            for _ in range(2):
                events.append(session, conversation_id, "message", BOT, data, now, cause=message.id)


def opened(tree: Tree) -> Place:
    """Open a conversation and be greeted."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", tree.port)) as line:
        opened = post(line, "/api/v1/conversations", {"channel": "help"}, {})
    path = f"/api/v1/conversations/{opened['id']}/messages"
    return Place(path, {"Authorization": f"Bearer {opened['token']}"})


def say(line: http.client.HTTPConnection, place: Place, text: str) -> Any:
    """Write a message and wait for its answer."""
    return post(line, place.path, {"client_id": uuid.uuid4().hex, "text": text}, place.headers)


def _ask_bot(line: http.client.HTTPConnection, said: dict[str, Any]) -> Any:
    secret = {"Authorization": "Bearer between web and bot"}
    return post(line, "/webhooks/rest/webhook", said, secret)


def post(line: http.client.HTTPConnection, path: str, body: Any, headers: dict[str, str]) -> Any:
    """Send JSON and return the answer's; a refusal ends the program."""
    sent = {"Content-Type": "application/json", **headers}
    line.request("POST", path, json.dumps(body).encode(), sent)
    answer = line.getresponse()
    raw = answer.read()
    if answer.status >= 300:
        raise SystemExit(f"{path} answers {answer.status}: {raw[:200]!r}")
    return json.loads(raw)


def _median(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}


def _show(title: str, name: str, row: dict[str, float]) -> None:
    shown = "  ".join(f"{key} {value:.2f}" for key, value in row.items())
    print(f"{title:14} {name:12} {shown}", flush=True)


if __name__ == "__main__":
    main()
