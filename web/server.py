"""gunicorn in this process, with gevent workers: many open streams at once."""

from __future__ import annotations

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from web.settings import Settings

# The path without its query: queries hold what customers typed.
ACCESS = '%(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'


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
            "worker_class": "gevent",
            "worker_connections": 2000,
            "timeout": 300,  # building the index anew takes its time
            "graceful_timeout": 2,  # open streams would hold a stop up; their clients come again
            "keepalive": 15,
            "limit_request_line": 4094,
            "accesslog": "-",
            "access_log_format": ACCESS,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "xiaohu-web",
            "control_socket_disable": True,
        }
        for name, value in values.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the app, in the worker."""
        from web.app import create_app

        return create_app(self._settings)
