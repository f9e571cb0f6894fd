"""What the bot reads of content is made anew when a file changes, and kept when one is bad."""

from __future__ import annotations

import os
from pathlib import Path

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
