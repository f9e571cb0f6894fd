"""A plugin of pytest that writes down which marked functions each test enters, and its seconds.

XIAOHU_COVER_TO names the file to write. Other processes that a test starts are not seen.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

from benchmarks.mutants.entered import entered

_found: dict[str, dict[str, float]] = defaultdict(dict)
_seconds: dict[str, float] = defaultdict(float)


def pytest_runtest_logstart() -> None:
    """Forget what was entered before a test."""
    entered.clear()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep what a test that passed has entered, its fixtures included."""
    _seconds[report.nodeid] += report.duration
    if report.when == "call" and report.passed:
        for path, line in list(entered):
            _found[f"{path}:{line}"][report.nodeid] = round(_seconds[report.nodeid], 3)


def pytest_unconfigure() -> None:
    """Write down what was found."""
    Path(os.environ["XIAOHU_COVER_TO"]).write_text(json.dumps(_found), encoding="utf-8")
