"""Hours, ready answers, fall-back phrases, forbidden asks: live when good, kept when bad."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from faq import kinds, retention
from search.errors import BadContent
from search.kept import LOOK
from web import content
from web.content import Files
from web.settings import ROOT, Settings

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday's noon in Shanghai


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


BREAKS: dict[str, Callable[[Path], object]] = {
    "an open bracket": lambda path: path.write_bytes(b"a: ["),
    "a list": lambda path: path.write_bytes(b"- 1\n"),
    "numbers": lambda path: path.write_bytes(b"a: 1\nchannels: 2\nsecrets: 3\n"),
    "empty": lambda path: path.write_bytes(b""),
    "GBK": lambda path: path.write_bytes("问候: 您好".encode("gbk")),
    "NUL": lambda path: path.write_bytes(b"a: \x00"),
    "a pipe": pipe,
    "a dangling link": dangling,
    "removed": Path.unlink,
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = tmp_path / "data"
    (data / "lexicon").mkdir(parents=True)
    for name in (*kinds.READERS, content.VARIABLES):
        shutil.copy(ROOT / "data" / name, data / name)
    return Settings(data=data, var=tmp_path / "var", secret_key="k")


@pytest.fixture(autouse=True)
def look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is not what is tested: look at the files at every call."""
    assert LOOK > 0
    monkeypatch.setattr("search.kept.LOOK", 0)


def said(files: Files) -> tuple[object, ...]:
    """What customers and agents notice of the five files."""
    return (
        files.hours().is_open("chat", NOON),
        [item.title for item in files.canned()],
        dict(files.fallback()),
        [ask.kind for ask in files.forbidden().find("请把验证码发给我")],
        files.wallet().reasons["AM04"].says,
    )


@pytest.mark.parametrize("how", BREAKS)
@pytest.mark.parametrize("name", kinds.READERS)
def test_a_bad_file_changes_nothing_while_running_and_nothing_at_a_start(
    settings: Settings, name: str, how: str
) -> None:
    files = Files(settings)
    before = said(files)
    assert before[0] is True
    assert before[3] == ["code"]
    assert files.problems() == []
    BREAKS[how](settings.data / name)
    for one in (files, Files(settings)):
        assert said(one) == before
        told = one.problems()
        if name in (*kinds.BOT, retention.FILE) and how == "removed":
            continue  # the bot tells of its own; without limits of keeping the defaults hold
        assert {problem.path for problem in told} == {settings.data / name}
        assert all(problem.fix and problem.line >= 1 for problem in told)


def test_bad_words_of_the_bots_are_told_where_all_others_are(settings: Settings) -> None:
    path = settings.data / "phrases" / "dialogue.yml"
    path.parent.mkdir()
    path.write_text("more: {buttons: []}\n", encoding="utf-8")
    (problem,) = Files(settings).problems()
    assert problem.path == path
    assert problem.fix


def test_a_good_change_is_live_at_the_next_look(settings: Settings) -> None:
    files = Files(settings)
    hours = settings.data / kinds.HOURS
    hours.write_text('channels: {chat: {mon-fri: "14:00-15:00"}}\n', encoding="utf-8")
    (settings.data / kinds.CANNED).write_text(
        "bye: {title: 再见, words: [再见], text: 再见。}\n", encoding="utf-8"
    )
    (settings.data / kinds.FALLBACK).write_text("greeting: 早上好\n", encoding="utf-8")
    assert files.hours().is_open("chat", NOON) is False
    assert [item.title for item in files.canned()] == ["再见"]
    assert files.fallback() == {"greeting": "早上好"}


def test_a_fixed_file_is_live_again(settings: Settings) -> None:
    files = Files(settings)
    path = settings.data / kinds.FALLBACK
    path.write_text("greeting: [", encoding="utf-8")
    assert files.problems()
    path.write_text("greeting: 晚上好\n", encoding="utf-8")
    assert files.fallback()["greeting"] == "晚上好"
    assert files.problems() == []


def test_the_first_start_of_all_says_what_is_wrong(settings: Settings) -> None:
    path = settings.data / kinds.HOURS
    path.write_text("channels: {chat: {someday: 9-10}}\n", encoding="utf-8")
    with pytest.raises(BadContent, match="someday"):
        Files(settings)


def test_a_changed_file_reaches_the_running_app(make, data_copy: Path) -> None:
    app = make(data=data_copy)
    client = app.test_client()
    (data_copy / kinds.HOURS).write_text(
        'channels: {chat: {mon: "00:00-00:01"}}\n', encoding="utf-8"
    )
    shown = client.get("/api/v1/channels")
    assert shown.status_code == 200, shown.text
    chat = shown.json["channels"]["chat"]
    assert chat["open"] is False
    (data_copy / kinds.HOURS).write_text("channels: [", encoding="utf-8")
    # The checks are looked at in the background.
    deadline = time.monotonic() + 60
    told: list[str] = []
    while not [text for text in told if "hours.yml" in text]:
        assert time.monotonic() < deadline, told
        time.sleep(0.05)
        told = client.get("/readyz").json["checks"]["search"].get("problems", [])


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data", tmp_path / "content")
    return tmp_path / "content"


def test_the_settings_may_name_another_file(settings: Settings, tmp_path: Path) -> None:
    other = tmp_path / "hours.yml"
    other.write_text('channels: {chat: {mon: "01:00-02:00"}}\n', encoding="utf-8")
    assert Files(replace(settings, hours=other)).hours().is_open("chat", NOON) is False
