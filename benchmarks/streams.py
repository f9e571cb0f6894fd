"""Measures what open streams cost a node: `.venv/bin/python -m benchmarks.streams`.

Starts the real web and the real bot, opens `--streams` idle streams in one process, each of a
conversation of its own, lets people join and leave the queue and others write meanwhile, and prints
memory a stream (goal: ≤ 40 KB), CPU at rest, CPU of a move of the queue beyond that (≤ 50 ms), and
how long messages take (p99 ≤ 500 ms). `--old FOLDER …` measures other trees in the same run.
`--webs 4 --streams 20000` spreads the streams over so many webs on one PostgreSQL and one Redis.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import resource
import selectors
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import insert

from benchmarks.load import MESSAGES, ROOT, WEB, Tree, free_port, running, talk, wait
from benchmarks.turn_cost import Place, opened, post, say
from web.desk import tokens
from web.desk.database import open_database
from web.desk.models import Conversation

GOAL_KB, GOAL_MOVE_MS, GOAL_P99_MS = 40, 50, 500
WAITING = 10  # people in the queue, each with a stream
MOVES = 10
SETTLE = 2.5  # seconds in which all that a move causes has happened
RATE = 5  # messages a second
REST = 20.0  # longer than the time between two heartbeats of a stream


@dataclass
class Streams:
    """Open streams of a tree, read by one thread."""

    ports: list[int]
    sockets: list[socket.socket] = field(default_factory=list)
    begun: int = 0
    over: bool = False

    def open(self, place: Place) -> None:
        """Ask for a conversation's stream."""
        port = self.ports[len(self.sockets) % len(self.ports)]
        line = socket.create_connection(("127.0.0.1", port), timeout=60)
        head = f"GET {place.path.removesuffix('/messages')}/stream HTTP/1.1\r\nHost: x\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in place.headers.items())
        line.sendall(f"{head}\r\n".encode())
        first = b""
        while b"event: state" not in first:
            part = line.recv(4096)
            if not part or first.startswith(b"HTTP/1.1 5"):
                raise SystemExit(f"a stream was refused: {first[:300]!r}")
            first += part
        line.setblocking(False)
        self.sockets.append(line)

    def read(self) -> None:
        """Take what comes, and forget it."""
        with selectors.DefaultSelector() as ready:
            for line in self.sockets:
                ready.register(line, selectors.EVENT_READ)
            while not self.over:
                for key, _ in ready.select(0.5):
                    if not key.fileobj.recv(65536):  # type: ignore[union-attr]
                        ready.unregister(key.fileobj)


def main() -> None:
    """Measure each tree."""
    parser = argparse.ArgumentParser(prog="benchmarks.streams", description=__doc__)
    parser.add_argument("--streams", type=int, default=5000)
    parser.add_argument("--webs", type=int, default=1)
    parser.add_argument("--old", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    # All come from this one address, which may hold half of them.
    os.environ["XIAOHU_MAX_STREAMS"] = str(2 * options.streams + 100)
    for root in [ROOT, *options.old]:
        with tempfile.TemporaryDirectory(prefix="xiaohu-streams-") as name, ExitStack() as open_:
            folder = Path(name)
            folder.chmod(0o755)  # PostgreSQL, which runs as another user under root, gets through
            tree = Tree(root.resolve(), folder / "0")
            if options.webs > 1:
                tree.env |= _shared(open_, folder / "disk")
            open_.enter_context(running(tree))
            ports = [tree.port, *(_further(tree, number) for number in range(2, options.webs + 1))]
            talk(tree, 4, 9)  # warm
            for name, value in measure(tree, ports, options.streams).items():
                print(f"{tree.root.name:12} {name:44} {value:8.1f}", flush=True)


def _shared(open_: ExitStack, disk: Path) -> dict[str, str]:
    """Start a PostgreSQL and a Redis for several webs; returns the settings that lead there."""
    from tests.chaos.servers import Postgres, Redis

    disk.mkdir(mode=0o755)
    postgres, redis = Postgres(disk), Redis()
    open_.callback(postgres.close)
    open_.callback(redis.close)
    return {
        "DATABASE_URL": postgres.uri.replace("/postgres?", "/web?"),
        "XIAOHU_BOT_TRACKER_URL": postgres.uri.replace("/postgres?", "/bot?"),
        "REDIS_URL": redis.url,
        "SECRET_KEY": "the same for all webs of a measurement",
    }


def _further(tree: Tree, number: int) -> int:
    """Start one more web beside the first; returns its port."""
    port = free_port()
    tree.spawn(f"web {number}", WEB, "-m", "web", "serve", "--port", str(port))
    wait(f"http://127.0.0.1:{port}/readyz")
    return port


def measure(tree: Tree, ports: list[int], count: int) -> dict[str, float]:
    """Return what so many streams cost, in the units that each name tells; CPU of all webs."""
    found: dict[str, float] = {}
    places = _made(tree, count)
    queued = [opened(tree) for _ in range(WAITING)]
    for place in queued:
        _move(tree, place, "queue")
    before = _resident(tree)
    streams = Streams(ports)
    began, spent = time.perf_counter(), tree.worked("web")
    for place in [*places, *queued]:
        streams.open(place)
    found["opening: ms of a stream"] = (time.perf_counter() - began) / count * 1000
    found["opening: CPU ms of a stream"] = (tree.worked("web") - spent) / count * 1000
    found[f"memory KB of a stream (goal {GOAL_KB})"] = (_resident(tree) - before) / count / 1024
    reader = threading.Thread(target=streams.read, daemon=True)
    reader.start()
    time.sleep(SETTLE)
    found["at rest: % of a core"] = _spent(tree, lambda: None, REST) / REST * 100
    with _messages(tree) as took:
        time.sleep(SETTLE * 2)
    found["message at rest: p50 ms"] = statistics.median(took) * 1000
    moves = []
    for number in range(MOVES):
        mover = queued[number % WAITING]
        # Heartbeats come in waves: each move is compared with the same time just before it.
        still = _spent(tree, lambda: None)
        leave = partial(_move, tree, mover, "queue/leave")
        moves.append(_spent(tree, leave) - still)
        _move(tree, mover, "queue")
        time.sleep(SETTLE)
    found[f"move of the queue: CPU ms (goal {GOAL_MOVE_MS})"] = statistics.median(moves) * 1000
    with _messages(tree) as took:
        for number in range(MOVES * 2):
            _move(tree, queued[number % WAITING], "queue/leave")
            time.sleep(0.5)
            _move(tree, queued[number % WAITING], "queue")
            time.sleep(0.5)
    cuts = statistics.quantiles(took, n=100)
    found["message while the queue moves: p50 ms"] = cuts[49] * 1000
    found[f"message while the queue moves: p99 ms (goal {GOAL_P99_MS})"] = cuts[98] * 1000
    streams.over = True
    reader.join()
    for line in streams.sockets:
        line.close()
    return found


def _made(tree: Tree, count: int) -> list[Place]:
    """Write conversations that somebody has open, each with a token."""
    url = tree.env.get("DATABASE_URL", f"sqlite:///{tree.folder / 'xiaohu.db'}")
    database = open_database(url)
    now, places = datetime.now(UTC), []
    with database.write() as session:
        rows = [
            {"id": f"idle-stream-{number:08d}", "channel": "help", "owner": "bot", "card": {},
             "created_at": now, "updated_at": now}
            for number in range(count)
        ]  # fmt: skip
        session.execute(insert(Conversation), rows)
        for row in rows:
            conversation = session.get_one(Conversation, row["id"])
            token, _ = tokens.issue(session, conversation, now)
            path = f"/api/v1/conversations/{row['id']}/messages"
            places.append(Place(path, {"Authorization": f"Bearer {token}"}))
    database.close()
    return places


def _move(tree: Tree, place: Place, what: str) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", tree.port)) as line:
        post(line, place.path.replace("messages", what), {}, place.headers)


@contextlib.contextmanager
def _messages(tree: Tree) -> Iterator[list[float]]:
    """Let others write meanwhile, so many messages a second; yields how long each took."""
    took: list[float] = []
    over = threading.Event()
    places = [opened(tree) for _ in range(RATE)]

    def write() -> None:
        script = MESSAGES["ordinary"]["messages"]
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", tree.port)) as line:
            number = 0
            while not over.wait(1 / RATE):
                began = time.perf_counter()
                say(line, places[number % RATE], script[number % len(script)])
                took.append(time.perf_counter() - began)
                number += 1

    writing = threading.Thread(target=write)
    writing.start()
    try:
        yield took
    finally:
        over.set()
        writing.join()


def _spent(tree: Tree, act: Callable[[], None], seconds: float = SETTLE) -> float:
    """Return the CPU seconds of web while something happens and so long after it began."""
    spent, began = tree.worked("web"), time.perf_counter()
    act()
    time.sleep(max(0.0, seconds - (time.perf_counter() - began)))
    return tree.worked("web") - spent


def _resident(tree: Tree) -> int:
    """Return the bytes that the webs' processes hold."""
    return sum(
        one.memory_info().rss
        for name, process in tree.processes.items()
        if name.startswith("web")
        for one in (process, *process.children(recursive=True))
    )


if __name__ == "__main__":
    main()
