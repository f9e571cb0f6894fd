"""What is left out while the bot is served."""

from __future__ import annotations

import subprocess
import sys

from tests.bot.runtime.conftest import ROOT, environment

LOADS = """
import sys
from bot.runtime.absent import LEFT_OUT, leave_out
leave_out()
import bot.runtime.assistant, bot.runtime.serve
real = {name for name in LEFT_OUT if getattr(sys.modules.get(name), "__file__", None)}
print("real:", sorted(real))
from sklearn.model_selection import train_test_split
try:
    train_test_split([1])
except RuntimeError as error:
    print("error:", error)
class Own(__import__("sanic").Blueprint): pass
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_bot_loads_without_what_is_left_out_and_a_call_names_it():
    said = run(LOADS)
    assert "real: []" in said
    assert "error: sklearn.model_selection.train_test_split was called" in said


def test_importing_the_start_script_loads_nothing_of_rasa():
    said = run("import sys, bot.runtime.serve, bot.runtime.train; print('rasa' in sys.modules)")
    assert said.strip() == "False"
