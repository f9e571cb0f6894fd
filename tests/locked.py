"""What `make run` installs, beside all that the tests' environments hold.

Web and bot are tested in environments that hold more than a newcomer's: what works only because a
test's package is there must not work in the tests either. `as_run` hides the rest from a process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
ENVIRONMENTS = {"web": ROOT / ".venv", "bot": ROOT / ".venv-bot"}
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
INERT = {"tensorflow"}  # ours, installed beside bot.lock


def plain(name: str) -> str:
    """Write a distribution's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, str]:
    """Return the versions that a lock file ("web", "bot-test") holds, by plain name."""
    text = (REQUIREMENTS / f"{lock}.lock").read_text(encoding="utf-8")
    return {plain(name): version for name, version in PIN.findall(text)}


def installed(side: str) -> dict[str, Distribution]:
    """Return what is installed for "web" or "bot", by plain name."""
    folders = list(map(str, ENVIRONMENTS[side].glob("lib/python*/site-packages")))
    return {plain(one.metadata["Name"]): one for one in distributions(path=folders)}


@cache
def modules(side: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the top modules that the lock of "web" or "bot" brings, and those beyond it."""
    names = pins(side).keys() | INERT
    inside: set[str] = set()
    outside: set[str] = set()
    for name, distribution in installed(side).items():
        (inside if name in names else outside).update(_modules(distribution))
    return frozenset(inside), frozenset(outside - inside)


def as_run(side: str) -> dict[str, str]:
    """Return the variables that hide from "web" or "bot" what a newcomer does not have."""
    return {
        "PYTHONPATH": str(ROOT / "tests" / "hiding"),
        "HIDDEN_MODULES": " ".join(sorted(modules(side)[1])),
    }


def _modules(distribution: Distribution) -> Iterator[str]:
    for file in distribution.files or ():
        top = file.parts[0]
        if len(file.parts) > 1 and not top.endswith((".dist-info", ".data")) and top != "..":
            yield top
        elif len(file.parts) == 1 and file.suffix in {".py", ".so"}:
            yield top.partition(".")[0]
