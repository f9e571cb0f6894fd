"""Most tests drive the headless shell, and those about a camera a whole Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from start import browser


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a machine with no browser; its only folder of programs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("XIAOHU_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "MAC", str(tmp_path / "none"))
    return tmp_path


def put(machine: Path, name: str) -> str:
    path = machine / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_where_there_is_a_shell_and_a_whole_one_each_has_its_use(machine: Path) -> None:
    whole = put(machine, "chromium")
    assert (browser.find(), browser.find_whole()) == (whole, whole)
    shell = put(machine, browser.SHELL)
    assert (browser.find(), browser.find_whole()) == (shell, whole)


def test_a_browser_that_was_named_is_driven_and_a_shell_is_never_taken_for_a_whole_one(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(machine, browser.SHELL)
    monkeypatch.setenv("XIAOHU_CHROMIUM", "/opt/chrome")
    browser.ensure()
    assert (browser.find(), browser.find_whole()) == ("/opt/chrome", "/opt/chrome")
    monkeypatch.setenv("XIAOHU_CHROMIUM", f"/opt/{browser.SHELL}")
    assert browser.find_whole() is None


def test_a_machine_without_one_is_told_what_to_install(machine: Path) -> None:
    with pytest.raises(browser.SetupError, match="apt-get install chromium"):
        browser.ensure()
