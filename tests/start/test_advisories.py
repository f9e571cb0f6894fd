"""The production locks against known holes, and what of the tests they must not hold."""

from __future__ import annotations

import ast
import json
import subprocess
from datetime import date

import pytest
import yaml
from packaging.version import Version

from tests.locked import REQUIREMENTS, ROOT, pins
from tests.product import BOT

KNOWN = yaml.safe_load((REQUIREMENTS / "advisories.yml").read_text(encoding="utf-8"))
# Parsers and servers that Rasa brings and the served bot must be unable to reach.
FENCED = ("skops", "joblib", "sklearn", "pymongo", "google.protobuf", "dask", "sanic", "boto3")
ASK = """
import importlib, json, sys
from bot.runtime.absent import FOR_LOCKS, LEFT_OUT, leave_out
leave_out(LEFT_OUT - FOR_LOCKS)
import bot.runtime.assistant, bot.runtime.serve
real = []
for name in {names}:
    if getattr(importlib.import_module(name), "__file__", None):
        real.append(name)
print(json.dumps(real))
"""


def fenced() -> set[str]:
    """Read which modules the served bot leaves out, without its environment."""
    tree = ast.parse((ROOT / "bot" / "runtime" / "absent.py").read_text(encoding="utf-8"))
    lists = [node.value for node in tree.body if isinstance(node, ast.Assign)]
    return {name for one in lists if isinstance(one, ast.Tuple) for name in ast.literal_eval(one)}


@pytest.mark.parametrize("side", ["web", "bot"])
def test_no_lock_holds_a_version_with_a_known_hole_that_is_not_fenced(side: str) -> None:
    assert isinstance(KNOWN["checked"], date)
    held = pins(side)
    open_ones = []
    for known in KNOWN["advisories"]:
        version = held.get(known["package"])
        if version is None or Version(str(version)) >= Version(known["fixed"]):
            continue
        module = known.get("module", known["package"])
        if side == "bot" and "fenced" in known and module in fenced():
            continue
        open_ones.append(f"{known['package']} {version}: {known['id']}")
    assert open_ones == []


def test_the_served_bot_can_import_no_parser_that_it_does_not_need() -> None:
    done = subprocess.run(
        [BOT, "-W", "ignore", "-c", ASK.format(names=FENCED)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []


@pytest.mark.parametrize("side", ["web", "bot"])
def test_no_production_lock_holds_the_tests_tools(side: str) -> None:
    assert set(pins(side)) & {"pytest", "hypothesis", "playwright", "mypy", "ruff"} == set()
