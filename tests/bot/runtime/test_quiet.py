"""What gets into the logs."""

from __future__ import annotations

import logging
import subprocess
import sys

from bot.runtime.quiet import DiscreetFormatter, keep_offline
from tests.bot.runtime.conftest import ROOT, environment

LOGS = """
import logging, sys, warnings
from bot.runtime.quiet import keep_discreet
keep_discreet(stream=sys.stdout)
import structlog
structlog.get_logger("rasa.core").error("event.name", text="SECRET", filename="x", module="y")
structlog.get_logger("rasa.core").debug("event.name", text="SECRET")
logging.getLogger("rasa.shared").error("cannot read SECRET")
logging.getLogger("rasa.shared").warning("cannot read SECRET")
warnings.warn("cannot parse SECRET")
logging.getLogger("bot.runtime").info("ready")
try:
    try:
        raise ValueError("SECRET")
    except ValueError as error:
        raise RuntimeError("SECRET") from error
except RuntimeError:
    logging.getLogger("bot.runtime").exception("failed")
    logging.getLogger("rasa.core").exception("failed on SECRET")
"""


def test_no_foreign_message_and_no_exception_text_is_written():
    done = subprocess.run(
        [sys.executable, "-c", LOGS],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "SECRET" not in done.stdout + done.stderr
    assert "INFO bot.runtime ready" in done.stdout
    assert "ERROR rasa.shared at <string>:8" in done.stdout
    assert done.stdout.count("RuntimeError in <string>:") == 2
    assert done.stdout.count("ValueError in <string>:") == 2


def test_our_own_messages_are_written_whole():
    record = logging.LogRecord("bot.x", logging.INFO, "x.py", 3, "kept %d", (2,), None)
    assert DiscreetFormatter().format(record).endswith("INFO bot.x kept 2")
    other = logging.LogRecord("bottle", logging.INFO, "x.py", 3, "kept %d", (2,), None)
    assert DiscreetFormatter().format(other).endswith("INFO bottle at x:3")


def test_what_the_operator_set_is_left_alone():
    env = {"RASA_TELEMETRY_ENABLED": "true"}
    keep_offline(env)
    assert env["RASA_TELEMETRY_ENABLED"] == "true"
    assert env["LOG_LEVEL"] == "ERROR"
