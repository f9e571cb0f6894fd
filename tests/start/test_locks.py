"""The locks hold all that the running processes need, and the tests' locks the same and more."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

from start.environments import python
from tests.locked import (
    ENVIRONMENTS,
    REQUIREMENTS,
    ROOT,
    as_run,
    installed,
    modules,
    pins,
    plain,
)
from tests.product import PATIENCE, Customer, Product
from tests.test_layers import OURS, imports

PYTHONS = {"web": "3.12", "bot": "3.10"}
SOURCES = {"web": ("web", "search", "faq"), "bot": ("bot", "actions", "search")}
SIDES = pytest.mark.parametrize("side", ["web", "bot"])


def asked(side: str) -> Iterator[Requirement]:
    """Read what our own file asks for."""
    for line in (REQUIREMENTS / f"{side}.in").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "-")):
            yield Requirement(line)


def overridden() -> set[str]:
    """Read which requirements of Rasa's are set aside for the bot."""
    text = (REQUIREMENTS / "bot-overrides.txt").read_text(encoding="utf-8")
    return {
        plain(Requirement(line).name) for line in text.splitlines() if line[:1] not in ("", "#")
    }


@SIDES
def test_a_lock_holds_what_its_distributions_require_extras_included(side: str) -> None:
    """Walk from our own requirements over each distribution's to the last."""
    held, there = pins(side), installed(side)
    aside = overridden() if side == "bot" else set()
    environment = {**default_environment(), "python_version": PYTHONS[side]}
    environment["python_full_version"] = f"{PYTHONS[side]}.0"
    open_ones = [("our own file", one) for one in asked(side)]
    seen: set[tuple[str, str]] = set()
    wrong: set[str] = set()
    while open_ones:
        who, requirement = open_ones.pop()
        name = plain(requirement.name)
        if name in aside and name not in held:
            continue
        if name not in held:
            wrong.add(f"{who} requires {requirement}, which {side}.lock does not hold")
            continue
        if name not in aside and not requirement.specifier.contains(held[name], prereleases=True):
            wrong.add(f"{who} requires {requirement}, {side}.lock holds {held[name]}")
        for extra in {"", *requirement.extras}:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            for text in there[name].requires or ():
                further = Requirement(text)
                if further.marker is None or further.marker.evaluate(
                    {**environment, "extra": extra}
                ):
                    open_ones.append((name, further))
    assert wrong == set()
    assert len(seen) > len(list(asked(side)))  # it did walk on


@SIDES
def test_what_our_sources_import_comes_from_the_lock_of_their_own_environment(side: str) -> None:
    known = sys.stdlib_module_names | set(OURS) | modules(side)[0]
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for folder in SOURCES[side]
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "inert" not in path.parts
        for line, module in imports(path)
        if module.partition(".")[0] not in known
    ]
    assert wrong == []


@SIDES
def test_the_tests_have_the_same_versions_as_a_run(side: str) -> None:
    more = pins({"web": "test", "bot": "bot-test"}[side])
    assert {name: more.get(name) for name in pins(side)} == pins(side)
    assert {"pytest", "hypothesis"} <= more.keys() - pins(side).keys()
    there = {name: one.version for name, one in installed(side).items() if name in more}
    assert there == {name: more[name] for name in there}


@SIDES
def test_a_process_under_test_does_not_see_the_tests_packages(side: str) -> None:
    command = [python(ENVIRONMENTS[side]), "-c", "import pytest"]
    done = subprocess.run(command, env=as_run(side), capture_output=True, text=True)
    assert "ModuleNotFoundError: No module named 'pytest'" in done.stderr


def test_web_and_bot_serve_a_customer_with_what_their_own_lock_brings(product: Product) -> None:
    xiaolin = Customer(product.url)
    said = [event["data"] for event in xiaolin.say("扣了两次钱") if event["type"] == "message"]
    assert said[0]["faq_id"] == "pay-duplicate"
    assert said[-1]["expects"] == "time"  # which only the bot asks
    # and they were started without the rest
    for side in ("web", "bot"):
        environ = Path(f"/proc/{product.processes[side].pid}/environ")
        if environ.exists():
            assert set(environ.read_text().split("\0")) >= {
                f"{name}={value}" for name, value in as_run(side).items()
            }


def test_web_and_bot_show_the_word_of_their_start_where_the_supervisor_asks(
    product: Product,
) -> None:
    for port in (product.port, product.bot_port):
        for path in ("/livez", "/readyz"):
            answer = httpx.get(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE)
            assert answer.headers["X-Start-Nonce"] == product.env["XIAOHU_START_NONCE"]
    assert "X-Start-Nonce" not in httpx.get(product.url, timeout=PATIENCE).headers
    assert "/livez" not in product.log("web")  # nor is each question written down


def test_no_lock_names_a_host() -> None:
    for lock in REQUIREMENTS.glob("*.lock"):
        assert not re.search(r"https?:|file:|--index-url|--find-links", lock.read_text()), lock.name
