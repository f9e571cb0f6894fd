"""gunicorn in this process, with gevent workers: many open streams at once."""

from __future__ import annotations

import logging
import os
import re
import resource
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.errors import AppImportError
from gunicorn.glogging import Logger

from web.desk.masking import mask
from web.master import Master
from web.settings import Settings

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# What `make run` asks every few seconds, and the word by which it knows this start of web.
PROBES = ("/livez", "/readyz")
NONCE = ("X-Start-Nonce", os.environ.get("XIAOHU_START_NONCE", ""))
# The path without its query: queries hold what customers typed.
ACCESS = '%(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
SPARE = 2000  # connections beside the streams: requests, probes, browsers that keep theirs open
FILES = 200  # files that are open beside connections

log = logging.getLogger(__name__)


class Log(Logger):
    """gunicorn's log, without the questions of who watches this process."""

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Write the line of one request."""
        if not (environ.get("PATH_INFO") in PROBES and resp.status.startswith("200")):
            shown = {**environ, "PATH_INFO": shown_path(environ.get("PATH_INFO", ""))}
            super().access(resp, req, shown, request_time)


def shown_path(path: str) -> str:
    """Return a request's path (as WSGI gives it) for the log, without a code or a card in it."""
    if path.isascii() and not re.search(r"\d{4}", path):
        return path
    plain = path.encode("latin-1", "replace").decode("utf-8", "replace")
    return "/".join(mask(piece)[0] for piece in plain.split("/"))


def showing(app: WSGIApplication, nonce: tuple[str, str]) -> WSGIApplication:
    """Add a header to an app's answers about its own health."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") not in PROBES:
            return app(environ, start)

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, nonce], *more)

        return app(environ, begin)

    return answer


class Server(BaseApplication):
    """Serves the app until it is told to stop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn needs."""
        settings = self._settings
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        values: dict[str, Any] = {
            "bind": [f"{host}:{settings.port}"],
            "workers": settings.workers,
            "worker_class": "web.worker.Worker",
            "worker_connections": connections(settings.max_streams),
            "timeout": 300,  # building the index anew takes its time
            "graceful_timeout": 9,  # beyond what the worker itself gives
            "keepalive": 15,
            "limit_request_line": 4094,
            # Whom to believe is decided in web/proxies.py alone.
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
            "logger_class": "web.logs.JsonLog" if settings.json_log else Log,
            "accesslog": "-",
            "access_log_format": ACCESS,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "xiaohu-web",
            "control_socket_disable": True,
            "child_exit": forget_numbers,
        }
        for name, value in values.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def run(self) -> None:
        """Serve; with several workers their numbers are kept together."""
        if self._settings.workers > 1:
            # prometheus_client looks at this when it is imported, which the workers do.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(fresh(self._settings.var / "metrics"))
        try:
            Master(self).run()
        except RuntimeError as error:
            log.error("%s", error)
            sys.exit(1)

    def load(self) -> Flask:
        """Make the app, in the worker."""
        from web.app import create_app
        from web.migrations import WrongShape
        from web.prefix import BadPrefix

        try:
            app = create_app(self._settings)
        except (WrongShape, BadPrefix) as error:
            raise AppImportError(str(error)) from None  # one line, and no further attempt
        if NONCE[1]:
            app.wsgi_app = showing(app.wsgi_app, NONCE)  # type: ignore[assignment,method-assign]
        return app


def connections(streams: int) -> int:
    """Count the connections of a process, so that full streams leave room for all else.

    Raises the limit of open files to match, and says so where the system does not let it.
    """
    # Whoever has a stream may keep a second connection for what they send.
    wanted = 2 * streams + SPARE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted + FILES:
        log.warning(
            "only %d files may be open: raise the limit (ulimit -n, LimitNOFILE) to %d, or lower "
            "XIAOHU_MAX_STREAMS to %d",
            hard, wanted + FILES, max(1, (hard - FILES - SPARE) // 2),
        )  # fmt: skip
        wanted = max(hard - FILES, 1)
    if soft < wanted + FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted + FILES, hard), hard))
    return wanted


def fresh(folder: Path) -> Path:
    """Make a folder for the workers' numbers, without those of an earlier start."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink(missing_ok=True)
    return folder


def forget_numbers(_server: Any, worker: Any) -> None:
    """Leave a worker that has ended out of what is under way."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
