"""Keeps the bot offline, and every customer's words out of its logs."""

from __future__ import annotations

import logging
import os
import sys
import time
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

# Read by Rasa, SQLAlchemy and pypinyin when they are imported.
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "ERROR",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    # what changed is decided by bot.runtime.fingerprint, so Rasa need not keep a cache
    "RASA_MAX_CACHE_SIZE": "0",
    # nobody changes pypinyin's tables here, so it need not keep a second copy of them
    "PYPINYIN_NO_DICT_COPY": "1",
}
# Loggers whose messages are ours: none of them is given what a customer wrote.
OURS = ("bot", "actions", "search", "tracing")
FRAMES = 6


class DiscreetFormatter(logging.Formatter):
    """Writes our own messages, and of anybody else's only where they were logged.

    Rasa puts customers' texts into messages and exceptions, filled in before logging sees them.
    So a foreign message is never written, nor is any exception's: its type and the places that
    it came through are enough to find the fault.
    """

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Write a record on one line, and an exception's places on the next ones."""
        ours = record.name.partition(".")[0] in OURS
        said = record.getMessage() if ours else f"at {record.module}:{record.lineno}"
        when = self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ")
        line = f"{when} {record.levelname} {record.name} {said}"
        if record.exc_info and record.exc_info[1]:
            line += "\n" + places_of(record.exc_info[1])
        return line


def places_of(error: BaseException) -> str:
    """Describe an exception by its types and places, without any message."""
    lines = []
    link: BaseException | None = error
    while link is not None:
        frames = traceback.extract_tb(link.__traceback__)[-FRAMES:]
        places = " < ".join(
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames)
        )
        lines.append(f"  {type(link).__name__} in {places or 'no frame'}")
        link = link.__cause__
    return "\n".join(lines)


def keep_offline(env: MutableMapping[str, str] = os.environ) -> None:
    """Turn off telemetry and chatter; call it before Rasa is imported."""
    for name, value in ENVIRONMENT.items():
        env.setdefault(name, value)


def keep_discreet(level: int = logging.INFO, stream: TextIO = sys.stderr) -> None:
    """Send all logging and warnings through the discreet formatter; ours from `level` on."""
    import structlog

    handler = logging.StreamHandler(stream)
    handler.setFormatter(DiscreetFormatter())
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    # Warnings of Rasa quote messages too: as records they pass the formatter.
    logging.captureWarnings(True)
    # Without this, structlog prints every customer's text at DEBUG.
    structlog.configure(
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        processors=[_only_where],
        cache_logger_on_first_use=True,
    )


def _only_where(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
    """Hand logging the event's name and its exception, none of its values."""
    return (event["event"],), {"exc_info": event.get("exc_info")}
