"""What is made of several files goes on as it was when last good, also over a start."""

from __future__ import annotations

from pathlib import Path

import pytest

from search.kept import made_of


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.txt"))


def joined(folder: Path) -> str:
    texts = [path.read_text(encoding="utf-8") for path in files(folder)]
    if "bad" in texts or not texts:
        raise ValueError("bad")
    return "+".join(texts)


def test_bad_files_are_read_as_they_were_and_removed_ones_do_not_come_back(tmp_path: Path) -> None:
    data, own = tmp_path / "data", tmp_path / "own"
    (data / "a").mkdir(parents=True)
    for name in ("one", "two"):
        (data / "a" / f"{name}.txt").write_text(name, encoding="utf-8")
    assert made_of(data, own, files, joined) == "one+two"
    (data / "a" / "two.txt").unlink()
    assert made_of(data, own, files, joined) == "one"
    (data / "a" / "one.txt").write_text("bad", encoding="utf-8")
    assert made_of(data, own, files, joined) == "one"
    (data / "a" / "one.txt").unlink()
    assert made_of(data, own, files, joined) == "one"
    (data / "a" / "one.txt").write_text("fixed", encoding="utf-8")
    assert made_of(data, own, files, joined) == "fixed"


def test_what_was_never_good_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="bad"):
        made_of(tmp_path / "data", tmp_path / "own", files, joined)
