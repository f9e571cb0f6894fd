"""The log as JSON, a line an entry: request id, conversation and duration, no customer's words."""

from __future__ import annotations

import json
import logging
import re
import traceback
import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from web.server import PROBES, Log, shown_path

HEADER = "X-Request-Id"
ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
CONVERSATION = re.compile(r"/conversations/([A-Za-z0-9_-]{8,64})")


class JsonFormatter(logging.Formatter):
    """Writes an entry as one line of JSON.

    Of an exception the kind and the places are written, never its message: that may quote what a
    customer typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write it."""
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            entry["request"] = getattr(g, "request_id", None)
            if found := CONVERSATION.search(request.path):
                entry["conversation"] = found[1]
        entry |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            entry["exception"] = kind.__name__
            entry["where"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(trace)
            ]
        return json.dumps(entry, ensure_ascii=False)


class JsonLog(Log):
    """gunicorn's log in the same shape."""

    def setup(self, cfg: Any) -> None:
        """Set the handlers up."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(JsonFormatter())

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Write the line of one request: its path without the query."""
        path = environ.get("PATH_INFO", "")
        if path in PROBES and resp.status.startswith("200"):
            return
        fields = {
            "request": dict(resp.headers).get(HEADER),
            "method": environ.get("REQUEST_METHOD"),
            "path": shown_path(path),
            "status": int(str(resp.status).partition(" ")[0]),
            "bytes": getattr(resp, "sent", None),
            "ms": round(request_time.total_seconds() * 1000, 1),
        }
        if found := CONVERSATION.search(path):
            fields["conversation"] = found[1]
        self.access_log.info("answered", extra={"fields": fields})


def begin() -> None:
    """Write what this process logs as JSON from now on."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonFormatter())


def name_requests(app: Flask, proxies: int) -> None:
    """Give each request an id, a trusted proxy's where it brings one, and show it in the answer."""

    @app.before_request
    def name() -> None:
        brought = request.headers.get(HEADER, "") if proxies else ""
        g.request_id = brought if ID.fullmatch(brought) else uuid.uuid4().hex

    @app.after_request
    def show(response: Response) -> Response:
        if "request_id" in g:
            response.headers[HEADER] = g.request_id
        return response
