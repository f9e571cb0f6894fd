"""Versions of content only grow, whoever changed the file and wherever it went."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from faq.errors import NoRevision
from faq.history import open_history
from faq.store import Store, Why
from tests.desk.conftest import NOW
from web.desk.database import Database
from web.publishing.duty import Duty
from web.publishing.gate import Gate
from web.publishing.hand import Hand
from web.publishing.ledger import Ledger, take_over
from web.publishing.releases import Releases

NAME, TO = "faq/payment/pay-failed.md", "faq/fee/pay-refused.md"


def here(work):
    return work()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data" / NAME
    path.parent.mkdir(parents=True)
    path.write_text("第一版\n", encoding="utf-8")
    return tmp_path / "data"


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)


@pytest.fixture
def store(data: Path, ledger: Ledger, tmp_path: Path) -> Store:
    return Store(data, tmp_path / "var", open_history(data, ledger))


@pytest.fixture
def begin(database: Database, data: Path, store: Store, ledger: Ledger) -> Callable[[], Duty]:
    releases = Releases(database, store, lambda *_: [])
    gate = Gate(data.parent / "index", here)

    def duty() -> Duty:
        return Duty(database, ledger, store, Hand(data, store, ledger, here), releases, gate)

    return duty


@pytest.fixture
def duty(begin: Callable[[], Duty]) -> Duty:
    return begin()


def written(data: Path, name: str, said: str) -> None:
    """Write a file by hand, some seconds ago."""
    path = data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(said, encoding="utf-8")
    past = NOW.timestamp() - 60
    os.utime(path, (past, past))


def save(store: Store, said: str, **more: object) -> None:
    version = store.read(NAME).version
    store.write(NAME, said, version, "小陈", NOW, lambda _: None, Why(**more))  # type: ignore[arg-type]


def test_nobody_changes_or_drops_a_version(database: Database, store: Store) -> None:
    save(store, "第二版\n", reason="步骤过时")
    for statement in ("UPDATE content_versions SET who = 'x'", "DELETE FROM content_versions"):
        with pytest.raises(DBAPIError, match="only grow"), database.write() as session:
            session.execute(text(statement))
    newest, first = store.versions(NAME)
    assert (newest.who, newest.deed, newest.reason) == ("小陈", "edit", "步骤过时")
    assert (first.who, first.deed) == ("file", "found")


def test_a_change_by_hand_is_a_version_of_nobodys_within_one_look(
    data: Path, store: Store, duty: Duty
) -> None:
    assert duty.carry_out(NOW) == []  # what was there is only noted
    save(store, "小陈的\n")
    assert duty.carry_out(NOW) == []  # a save of ours is none by hand
    written(data, NAME, "手改的\n")
    written(data, "faq/fee/by-hand.md", "手写的\n")
    assert sorted(duty.carry_out(NOW)) == ["faq/fee/by-hand.md", NAME]
    (data / "faq/fee/by-hand.md").unlink()
    assert duty.carry_out(NOW) == ["faq/fee/by-hand.md"]
    assert [(item.who, item.deed) for item in store.versions(NAME)] == [
        ("file", "by-hand"), ("小陈", "edit"), ("file", "found"),
    ]  # fmt: skip
    assert [item.deed for item in store.versions("faq/fee/by-hand.md")] == ["delete", "by-hand"]
    assert store.history.deleted() == ["faq/fee/by-hand.md"]


def test_what_was_changed_while_nothing_ran_is_found_at_the_next_start(
    begin: Callable[[], Duty], data: Path, store: Store, duty: Duty
) -> None:
    duty.carry_out(NOW)
    written(data, NAME, "夜里改的\n")
    assert begin().carry_out(NOW + timedelta(hours=8)) == [NAME]
    assert store.text_of(NAME, store.versions(NAME)[0].revision) == "夜里改的\n"


def test_a_moved_file_keeps_its_history(store: Store) -> None:
    save(store, "第二版\n")
    version = store.read(NAME).version
    store.move(NAME, TO, "第三版\n", version, "小吴", NOW, lambda _: None, Why("分错了类"))
    found = store.versions(TO)
    assert [item.deed for item in found] == ["move", "edit", "found"]
    assert (found[0].who, found[0].reason) == ("小吴", "分错了类")
    assert store.text_of(TO, found[1].revision) == "第二版\n"
    assert store.history.deleted() == []  # it only went elsewhere
    with pytest.raises(NoRevision):
        store.text_of("faq/fee/another.md", found[1].revision)


def test_copies_of_an_earlier_version_of_the_program_are_taken_over_once(
    ledger: Ledger, store: Store, tmp_path: Path
) -> None:
    old = tmp_path / "versions"
    edit, gone = ("小陈", "Edit payment/pay-failed", "新\n"), ("小陈", "Delete x", None)
    for number, (who, note, said) in enumerate((("-", "before", "旧\n"), edit, gone)):
        path = old / NAME / f"{number:06}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        at = (NOW + timedelta(seconds=number)).isoformat()
        path.write_text(json.dumps({"at": at, "who": who, "note": note, "text": said}))
    assert take_over(ledger, old) == 3
    assert take_over(ledger, old) == 0
    assert [(item.who, item.deed) for item in store.versions(NAME)] == [
        ("小陈", "delete"), ("小陈", "edit"), ("file", "found"),
    ]  # fmt: skip
    assert store.text_of(NAME, store.versions(NAME)[1].revision) == "新\n"


def test_a_save_before_the_first_look_leaves_the_other_files_nobodys_change(
    data: Path, store: Store, duty: Duty
) -> None:
    written(data, TO, "从前就有\n")
    save(store, "小陈的\n")
    assert duty.carry_out(NOW) == []
    assert [item.deed for item in store.versions(TO)] == ["found"]
    assert [item.deed for item in store.versions(NAME)] == ["edit", "found"]
