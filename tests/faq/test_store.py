"""Editors' files: nobody overwrites what they have not seen, and everything comes back."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from faq.errors import Collision, NoRevision, Refused
from faq.history import open_history
from faq.store import NONE, Store
from tests.desk_database import ledger

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
LATER = NOW + dt.timedelta(seconds=2)
NAME = "faq/payment/pay-failed.md"


def allow(text: str) -> None:
    """Find nothing wrong."""


BEFORE = {"GIT_AUTHOR_DATE": "2026-11-20T09:00:00+00:00"}  # what was written before NOW


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    env = os.environ | BEFORE
    return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout


@pytest.fixture(params=["git", "alone"])
def store(request: pytest.FixtureRequest, data: Path, tmp_path: Path) -> Store:
    if request.param == "git":
        git(data, "init", "-q")
        git(data, "add", ".")
        git(data, "commit", "-qm", "Begin")
    history = open_history(data, ledger(tmp_path))
    assert (history.git is not None) == (request.param == "git")
    return Store(data, tmp_path / "var", history)


def test_what_was_saved_can_be_read_and_brought_back(store: Store, data: Path) -> None:
    before = store.read(NAME)
    version = store.write(NAME, "第二版\n", before.version, "小陈", NOW, allow).version
    store.write(NAME, "第三版\n", version, "小吴", LATER, allow)
    found = store.versions(NAME)
    assert [item.who for item in found][:2] == ["小吴", "小陈"]
    assert store.text_of(NAME, found[1].revision) == "第二版\n"
    assert store.text_of(NAME, found[-1].revision) == before.text
    with pytest.raises(NoRevision):
        store.text_of(NAME, "999999")


def test_a_file_changed_meanwhile_is_not_overwritten(store: Store, data: Path) -> None:
    before = store.read(NAME)
    (data / NAME).write_text("别人写的\n", encoding="utf-8")
    with pytest.raises(Collision) as caught:
        store.write(NAME, "我写的\n", before.version, "小陈", NOW, allow)
    assert caught.value.now == "别人写的\n"
    assert store.write(NAME, "我写的\n", caught.value.version, "小陈", NOW, allow)
    with pytest.raises(Collision):
        store.write(NAME, "新的\n", NONE, "小陈", NOW, allow)


def test_a_deleted_file_is_still_in_the_history(store: Store, data: Path) -> None:
    before = store.read(NAME)
    store.delete(NAME, before.version, "小陈", NOW)
    assert not (data / NAME).exists()
    texts = []
    for item in store.versions(NAME):
        try:
            texts.append(store.text_of(NAME, item.revision))
        except NoRevision:
            continue
    assert before.text in texts


def test_what_lies_under_an_id_moves_with_the_faq(store: Store, data: Path) -> None:
    asked = "- asks: [多久]\n  says: 以页面为准。\n"
    voices = data / "voices" / "pay-failed" / "chengdu-shopkeeper.txt"
    for path, text in ((data / "further" / "pay-failed.yml", asked), (voices, "卡冻起来咋整\n")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    store.move(
        NAME, "faq/payment/pay-not.md", "新的\n", store.read(NAME).version, "小陈", NOW, allow
    )
    assert store.read("further/pay-not.yml").text == asked
    assert store.read("further/pay-failed.yml").text is None
    assert (data / "voices" / "pay-not" / voices.name).read_text("utf-8") == "卡冻起来咋整\n"
    assert not voices.parent.exists()
    assert store.versions("further/pay-not.yml")[0].who == "小陈"


def test_a_refused_text_leaves_the_file(store: Store) -> None:
    before = store.read(NAME)

    def refuse(text: str) -> None:
        raise Refused("no")

    with pytest.raises(Refused):
        store.write(NAME, "坏的", before.version, "小陈", NOW, refuse)
    assert store.read(NAME) == before


@pytest.mark.parametrize(
    "name",
    ["../secret.md", "faq/../x.md", "faq/a/../../x.md", "lexicon/nosuch.txt", "/etc/x.md"],
)
def test_only_content_files_can_be_named(store: Store, name: str) -> None:
    with pytest.raises(Refused):
        store.read(name)


def test_a_save_takes_nothing_else_into_git(data: Path, tmp_path: Path) -> None:
    git(data, "init", "-q")
    git(data, "add", ".")
    git(data, "commit", "-qm", "Begin")
    other = data / "faq" / "refund" / "refund-how.md"
    other.write_text("半成品\n", encoding="utf-8")
    git(data, "add", ".")
    store = Store(data, tmp_path / "var", open_history(data, ledger(tmp_path)))
    store.write(NAME, "新\n", store.read(NAME).version, "小陈", NOW, allow)
    store.write("faq/payment/new-one.md", "新\n", NONE, "小陈", NOW, allow)
    assert git(data, "show", "--name-only", "--format=%an", "HEAD~1").split() == ["小陈", NAME]
    assert git(data, "diff", "--cached", "--name-only").split() == [str(other.relative_to(data))]


def held_index(data: Path) -> Path:
    lock = data / ".git" / "index.lock"
    lock.write_bytes(b"")
    return lock


def half_merged(data: Path) -> None:
    git(data, "checkout", "-qb", "other")
    other = data / "faq" / "refund" / "refund-how.md"
    other.write_text("theirs\n", encoding="utf-8")
    git(data, "commit", "-qam", "Theirs")
    git(data, "checkout", "-q", "-")
    other.write_text("ours\n", encoding="utf-8")
    git(data, "commit", "-qam", "Ours")
    with pytest.raises(subprocess.CalledProcessError):
        git(data, "merge", "other")


@pytest.mark.parametrize("hinder", [held_index, half_merged])
def test_a_save_that_git_does_not_take_is_kept_with_its_author_and_says_so(
    data: Path, tmp_path: Path, hinder: Callable[[Path], Path | None]
) -> None:
    git(data, "init", "-q")
    git(data, "add", ".")
    git(data, "commit", "-qm", "Begin")
    lock = hinder(data)
    store = Store(data, tmp_path / "var", open_history(data, ledger(tmp_path)))
    saved = store.write(NAME, "小陈的\n", store.read(NAME).version, "小陈", NOW, allow)
    assert not saved.in_git
    if lock is not None:
        lock.unlink()
    again = store.write(NAME, "小吴的\n", saved.version, "小吴", LATER, allow)
    assert again.in_git == (lock is not None)
    found = store.versions(NAME)
    assert [item.who for item in found][:2] == ["小吴", "小陈"]
    texts = [store.text_of(NAME, item.revision) for item in found]
    assert texts[:2] == ["小吴的\n", "小陈的\n"]
    gone = store.delete(NAME, again.version, "小陈", LATER)
    assert gone.in_git == (lock is not None)
    assert NAME in store.history.deleted()


def test_what_is_in_git_too_is_listed_once(data: Path, tmp_path: Path) -> None:
    git(data, "init", "-q")
    git(data, "add", ".")
    git(data, "commit", "-qm", "Begin")
    store = Store(data, tmp_path / "var", open_history(data, ledger(tmp_path)))
    now = NOW.replace(microsecond=123_456)
    store.write(NAME, "新\n", store.read(NAME).version, "小陈", now, allow)
    notes = [(item.who, item.note) for item in store.versions(NAME)]
    assert sorted(notes) == [("a", "Begin"), ("小陈", "Edit payment/pay-failed")]


def test_a_change_by_hand_is_a_version_before_the_next_save(store: Store, data: Path) -> None:
    saved = store.write(NAME, "第二版\n", store.read(NAME).version, "小陈", NOW, allow)
    (data / NAME).write_text("手改的\n", encoding="utf-8")
    seen = store.read(NAME).version
    assert seen != saved.version
    store.write(NAME, "第三版\n", seen, "小吴", LATER, allow)
    found = {store.text_of(NAME, item.revision): item.who for item in store.versions(NAME)}
    assert found["手改的\n"] == "file"
    assert found["第三版\n"] == "小吴"
