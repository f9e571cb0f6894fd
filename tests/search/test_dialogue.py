"""What the bot reads of the lexicon: live when good, as it was when last good when bad."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from search.dialogue import DETAILS, REPLIES, Made, _followed
from search.errors import BadContent

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (DETAILS, REPLIES):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "data" / name, tmp_path / name)
    monkeypatch.setenv("XIAOHU_DATA", str(tmp_path))
    monkeypatch.setenv("XIAOHU_VAR", str(tmp_path / "var"))
    monkeypatch.setattr("search.kept.LOOK", 0)
    return tmp_path


def made() -> Made[list[str]]:
    return Made(lambda details, replies: replies["common"]["stop"] + sorted(details))


def again() -> Made[list[str]]:
    """Begin as another process does."""
    _followed.cache_clear()
    return made()


def test_a_change_is_live_and_a_bad_file_is_not_over_a_start_either(data: Path) -> None:
    words = made()
    before = words()
    assert words() is before
    path = data / REPLIES
    good = path.read_text(encoding="utf-8").replace("  stop: [", "  stop: [就到这儿, ")
    path.write_text(good, encoding="utf-8")
    assert words()[0] == "就到这儿"
    for bad in ("common: [", "common: {}\nsteps: {}\n", ""):
        path.write_text(bad, encoding="utf-8")
        assert words()[0] == "就到这儿"
        assert again()()[0] == "就到这儿"
    (data / DETAILS).unlink()
    assert words() == again()()


def test_where_none_was_ever_good_it_is_told(data: Path) -> None:
    (data / DETAILS).write_text("amount: {anywhere: [元]}\n", encoding="utf-8")
    with pytest.raises(BadContent, match="it keeps nothing"):
        again()()
