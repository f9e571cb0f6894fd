"""What the bot reads of content is made anew when a file changes, and kept when one is bad."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from actions import hearer
from actions.following import LOOK, Following


class Clock:
    """Goes on by more than a look with every reading."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += LOOK
        return self.now


def test_a_changed_file_is_taken_up_and_a_bad_one_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "number.txt"
    path.write_text("1")
    following = Following(lambda: int(path.read_text()), lambda: [path], Clock())
    for said, wanted in (("1", 1), ("22", 22), ("bad", 22), ("4444", 4444)):
        path.write_text(said)
        os.utime(path, ns=(len(said), len(said)))
        following()
        following.wait()
        assert following() == wanted
    path.unlink()
    following()
    following.wait()
    assert following() == 4444


def test_a_start_with_a_bad_file_goes_on_by_its_last_good_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    (data / "phrases").mkdir(parents=True)
    monkeypatch.setenv("XIAOHU_DATA", str(data))
    monkeypatch.setenv("XIAOHU_VAR", str(tmp_path / "var"))
    path = data / "phrases" / "all.yml"

    def start() -> Following[str]:
        made = lambda folder: (folder / "phrases" / "all.yml").read_text(encoding="utf-8")  # noqa: E731
        files = lambda folder: sorted((folder / "phrases").glob("*.yml"))  # noqa: E731
        return hearer._followed("tried", made, files)

    path.write_text("more: 还有吗", encoding="utf-8")
    assert start()() == "more: 还有吗"
    path.write_bytes("更多".encode("gbk"))
    assert start()() == "more: 还有吗"
    path.unlink()
    os.mkfifo(path)
    assert start()() == "more: 还有吗"
