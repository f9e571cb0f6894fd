"""The whole product for tests: the real web and the real, trained bot, each in its own process.

Index and model are those of var/, built once; database, tracker and secrets live in a folder of
the test's own. Both processes see only what their own lock brings (tests/locked.py).
"""

from __future__ import annotations

import os
import random
import signal
import socket
import ssl
import subprocess
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import httpx

from tests.locked import as_run

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / ".venv" / "bin" / "python"
BOT = ROOT / ".venv-bot" / "bin" / "python"
# Seconds until what has to come is there, on a machine whose cores are all busy: never a measure.
PATIENCE = 120.0
JWT_SECRET = "a secret that only this test and its wallet know"
# Below those that outgoing connections take: none comes between asking and listening.
PORTS = range(20_000, 32_000)
# A client that loads the machine's certificates costs 30 ms; what the tests ask is plain http.
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
# A connection of its own for each request: one that was idle is closed after a while, and a busy
# machine sends a request into the very moment.
FRESH = httpx.Limits(max_keepalive_connections=0)


def free_port() -> int:
    """Return a port that nothing listens on; parts of the suite that run side by side differ."""
    choice = random.SystemRandom()
    while True:
        port = choice.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process, by force if it takes its time."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass
class Product:
    """Starts, stops and restarts the processes; `url` is where a browser goes.

    bots: how many; beside "bot" they are "bot 2", "bot 3" … patience: seconds for one to be ready.
    """

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    bots: int = 1
    patience: float = PATIENCE
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _built: ClassVar[set[str]] = set()  # content folders that this process has an index of

    def __post_init__(self) -> None:
        self.port, self.bot_port = free_port(), free_port()
        names = ["bot", *(f"bot {number}" for number in range(2, self.bots + 1))]
        self.bot_ports = {name: free_port() for name in names} | {"bot": self.bot_port}
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder.mkdir(parents=True, exist_ok=True)
        for shared in ("index", "learned", "models"):
            (ROOT / "var" / shared).mkdir(parents=True, exist_ok=True)
            link = self.folder / shared
            if not link.exists():
                link.symlink_to(ROOT / "var" / shared)
        inherited = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        self.env = {
            **inherited,
            "PYTHONWARNINGS": "ignore",
            "PYTHONUNBUFFERED": "1",
            "OPENBLAS_NUM_THREADS": "1",  # threads that wait for each other on two cores
            "XIAOHU_TESTS_FIT": "no",  # what is edited is served without; see tests/hiding
            "XIAOHU_VAR": str(self.folder),
            "XIAOHU_BOT_URL": " ".join(
                f"http://127.0.0.1:{port}" for port in self.bot_ports.values()
            ),
            "XIAOHU_BOT_SECRET": "between web and bot",
            "XIAOHU_BOT_TIMEOUT": "20",  # for 5: a busy machine is no broken bot
            "XIAOHU_JWT_SECRET": JWT_SECRET,
            "XIAOHU_PLACES": "10000",  # all customers of the tests have one address
            "XIAOHU_WORK_BITS": "10",  # for 18, of the same reason
            "XIAOHU_START_NONCE": uuid.uuid4().hex,
            **self.settings,
        }

    def start(self) -> Product:
        """Build what is missing, start all and wait until they are ready."""
        content = self.env.get("XIAOHU_DATA", "")
        if content not in self._built:
            self.run(WEB, "-m", "search", "--build")
            self.run(BOT, "-m", "bot.runtime.train", "--models", str(ROOT / "var" / "models"))
            self._built.add(content)
        for name in self.bot_ports:
            self.start_bot(wait=False, name=name)
        self.start_web()
        for name, port in self.bot_ports.items():
            self._wait(name, port)
        return self

    def start_web(self) -> None:
        """Start web and wait until it is ready."""
        self._spawn("web", WEB, "-m", "web", "serve", "--port", str(self.port))
        self._wait("web", self.port)

    def start_bot(self, wait: bool = True, name: str = "bot") -> None:
        """Start the bot, or another one."""
        models, port = str(self.folder / "models"), self.bot_ports[name]
        arguments = ("-m", "bot.runtime.serve", "--port", str(port), "--model", models)
        self._spawn(name, BOT, *arguments)
        if wait:
            self._wait(name, port)

    def stop(self, *names: str, how: int = signal.SIGTERM) -> None:
        """Stop the named processes, or all."""
        for name in names or ("web", *self.bot_ports):
            process = self.processes.pop(name, None)
            if process is not None:
                if how == signal.SIGKILL:  # its workers too, who would go on for a moment
                    os.killpg(process.pid, how)
                process.send_signal(how)
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()

    def run(self, python: Path, *arguments: str, given: str | None = None) -> str:
        """Run one command of the product to its end and return what it printed."""
        side = "bot" if python == BOT else "web"
        done = subprocess.run(
            [str(python), *arguments],
            cwd=ROOT,
            env={**self.env, **as_run(side)},
            input=given,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def employ(self, name: str, display: str, password: str, role: str = "agent") -> None:
        """Make an account; web has to have been started."""
        from tests import desk_database  # what the bot's environment lacks

        url = self.env.get("DATABASE_URL") or f"sqlite:///{self.folder}/xiaohu.db"
        desk_database.employ(url, name, display, password, role)

    def log(self, name: str) -> str:
        """Return what a process has printed so far."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def _spawn(self, name: str, python: Path, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(python), *arguments],
                cwd=ROOT,
                env={**self.env, **as_run("web" if name == "web" else "bot")},
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,  # to kill its children with it
            )

    def _wait(self, name: str, port: int) -> None:
        try:
            self._until_ready(name, port)
        except BaseException:  # whoever starts it gets nothing to stop
            self.stop()
            raise

    def _until_ready(self, name: str, port: int) -> None:
        deadline = time.monotonic() + self.patience
        with httpx.Client(timeout=10, trust_env=False, verify=PLAIN) as http:
            while time.monotonic() < deadline:
                ended = self.processes[name].poll() is not None
                assert not ended, f"{name} ended:\n{self.log(name)[-3000:]}"
                try:
                    if http.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                time.sleep(0.1)
        raise AssertionError(
            f"{name} is not ready after {self.patience} s:\n{self.log(name)[-3000:]}"
        )


class Customer:
    """One customer's conversation over the public API."""

    def __init__(self, url: str, channel: str = "help", identity: str | None = None) -> None:
        self._http = httpx.Client(
            base_url=f"{url}/api/v1", timeout=PATIENCE, trust_env=False, verify=PLAIN, limits=FRESH
        )
        body = {"channel": channel, **({"identity": identity} if identity else {})}
        opened = self._http.post("/conversations", json=body).raise_for_status().json()
        self.id: str = opened["id"]
        self.state: dict[str, Any] = opened["state"]
        self.greeting: list[dict[str, Any]] = opened["events"]
        self._http.headers["Authorization"] = f"Bearer {opened['token']}"

    def say(self, text: str, payload: str | None = None) -> list[dict[str, Any]]:
        """Send a message, or press a button with its payload; returns the events it caused."""
        body = {"client_id": uuid.uuid4().hex, "text": text}
        if payload is not None:
            body["payload"] = payload
        answer = self._http.post(f"/conversations/{self.id}/messages", json=body)
        assert answer.status_code == 201, answer.text
        found = answer.json()
        self.state = found["state"]
        return list(found["events"])

    def events(self, after: int = 0) -> list[dict[str, Any]]:
        """Read the conversation's events after an id."""
        answer = self._http.get(f"/conversations/{self.id}/events", params={"after": after})
        found = answer.raise_for_status().json()
        self.state = found["state"]
        return list(found["events"])
