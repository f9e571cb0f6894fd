"""A key for each conversation: its end is the end of what was said, wherever copies of it lie."""

from __future__ import annotations

import json
import sqlite3
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from tests.web.conftest import Colleague, Customer
from tests.web.kept import SECRET, WORD, opened, spelled
from tests.web.test_accounts import Person
from tests.web.test_backup import NOW
from web.__main__ import main
from web.audit import chain
from web.audit.models import AuditEntry
from web.backup import BackupError, back_up, restore
from web.desk import events, sealing
from web.desk.conversations import Visitor, open_for
from web.desk.database import Database, open_database
from web.desk.models import DataKey, Event
from web.desk.sealing import Keys
from web.desk.vault import Unreadable, Vault
from web.privacy import erasure, seal
from web.settings import Settings


def say(database: Database, subject: str, *texts: str) -> str:
    with database.write() as session:
        own = open_for(session, Visitor("app", subject, "小林"), NOW).conversation.id
        for one in texts:
            events.append(session, own, "message", events.Actor("customer", "林小姐"),
                          {"text": one, "payload": "/faq{}"}, NOW)  # fmt: skip
    return own


def said(database: Database) -> list[tuple[str | None, str]]:
    with database.read() as session:
        query = select(Event).where(Event.actor_kind == "customer")
        found = session.scalars(query.order_by(Event.conversation_id, Event.id))
        return [(one.actor_name, one.data["text"]) for one in found]


def test_what_is_said_and_by_whom_stands_in_no_row_and_is_read_by_its_key_alone(kept):
    database, settings = kept
    own = say(database, "xiaolin", WORD)
    with database.read() as session:
        rows = session.execute(text("SELECT data, actor_name, sealed FROM events")).all()
    assert not any(one in str(rows).encode() for word in (WORD, "林小姐") for one in spelled(word))
    assert said(database) == [("林小姐", WORD)]
    stranger = open_database(settings.database, keys=Keys(Vault(("another secret",))))
    with pytest.raises(Unreadable):
        said(stranger)
    stranger.close()
    with database.write() as session:  # a sealed text means nothing in another's place
        other = open_for(session, Visitor("app", "ajie", "阿杰"), NOW).conversation.id
        events.append(session, other, "message", events.CUSTOMER, {"text": "怎么提现"}, NOW)
        session.execute(
            text(
                "UPDATE events SET sealed = (SELECT sealed FROM events WHERE conversation_id = :a"
                " AND id = 1) WHERE conversation_id = :b"
            ),
            {"a": own, "b": other},
        )
    with pytest.raises(Unreadable, match="was changed"):
        said(database)


def test_a_new_master_key_reaches_what_is_said(kept):
    database, settings = kept
    say(database, "xiaolin", WORD)
    assert seal.renew_keys(database, Vault(("the secret of next year", SECRET))) == 1
    alone = open_database(settings.database, keys=Keys(Vault(("the secret of next year",))))
    assert said(alone) == [("林小姐", WORD)]
    alone.close()


def test_what_was_said_before_there_were_keys_is_read_then_sealed_with_nothing_left(
    kept,
):
    database, settings = kept
    before = open_database(settings.database)
    own = say(before, "xiaolin", WORD, "二")
    before.close()
    assert said(database) == [("林小姐", WORD), ("林小姐", "二")]
    say(database, "xiaolin", "三")
    assert seal.catch_up(database) == 2
    assert seal.catch_up(database) == 0
    assert said(database) == [("林小姐", WORD), ("林小姐", "二"), ("林小姐", "三")]
    with database.read() as session:
        row = session.execute(text("SELECT data, actor_name FROM events WHERE id = 1")).one()
        assert WORD not in str(row)
        assert "payload" in str(row)  # that it was a button is asked by the database
        assert session.get(DataKey, own) is not None
    if settings.database_file is not None:
        erasure._sweep_log(database)
        raw = settings.database_file.read_bytes()
        assert not any(one in raw for one in spelled(WORD))


def test_an_erasure_reaches_the_backups_of_before_and_a_restore_erases_again(kept, tmp_path):
    database, settings = kept
    xiaolin, _ = say(database, "xiaolin", WORD), say(database, "ajie", "怎么提现")
    database.close()
    back_up(settings, tmp_path / "monday.tar", NOW)
    with tarfile.open(tmp_path / "monday.tar") as tar:
        inside = [tar.extractfile(name).read() for name in tar.getnames()]
    raw = b"".join(inside)
    assert not any(one in raw for one in spelled(WORD))
    monday = json.loads((tmp_path / "xiaohu.keys").read_text())["keys"]
    assert xiaolin in monday
    assert monday[xiaolin].encode() not in raw, "the key lies in the backup that it opens"
    assert (tmp_path / "xiaohu.keys").stat().st_mode & 0o077 == 0
    database = opened(settings)
    erasure.erase(database, settings.pictures, settings.bot_memory, [xiaolin], "xiaolin")
    database.close()
    back_up(settings, tmp_path / "tuesday.tar", NOW)
    restore(settings, tmp_path / "monday.tar", replace=True)
    database = opened(settings)
    assert said(database) == [("林小姐", "怎么提现")]
    with database.read() as session:
        assert session.query(Event).filter_by(conversation_id=xiaolin).count() == 0
    database.close()


def test_a_restore_without_the_keys_changes_nothing_and_others_keys_are_not_overwritten(tmp_path):
    settings = Settings(var=tmp_path / "var", secret_key=SECRET)
    database = opened(settings)
    say(database, "xiaolin", WORD)
    back_up(settings, tmp_path / "one.tar", NOW)
    other = Settings(var=tmp_path / "other", secret_key=SECRET)
    theirs = opened(other)
    say(theirs, "ajie", "怎么提现")
    theirs.close()
    with pytest.raises(BackupError, match="another database"):
        back_up(other, tmp_path / "two.tar", NOW)
    assert not (tmp_path / "two.tar").exists()
    back_up(other, tmp_path / "two.tar", NOW, keys=tmp_path / "other.keys")
    with pytest.raises(BackupError, match="fit no conversation"):
        restore(other, tmp_path / "two.tar", replace=True)
    restore(other, tmp_path / "two.tar", replace=True, keys=tmp_path / "other.keys")
    theirs = opened(other)
    assert said(theirs) == [("林小姐", "怎么提现")]
    theirs.close()
    (tmp_path / "xiaohu.keys").unlink()
    with pytest.raises(BackupError, match="holds no keys"):
        restore(settings, tmp_path / "one.tar", replace=True)
    assert said(database) == [("林小姐", WORD)]
    database.close()


def test_after_an_erasure_the_record_tells_nothing_of_the_person_and_still_holds(app, client):
    anna, auditor = Colleague(app, "anna", "安娜"), Person(app, "he", "小何", "auditor")
    auditor.sign_in()
    xiaolin = Customer(client)
    xiaolin.say("钱没到账")
    reason = "林小姐来电说欠房租"
    assert anna.get(f"/conversations/{xiaolin.id}?reason={reason}").status_code == 200
    assert reason in auditor.client.get("/audit").get_data(as_text=True)
    assert reason in auditor.client.get("/audit/table.csv").get_data(as_text=True)
    with app.extensions["database"].read() as session:
        before = chain.verify(session)
    assert xiaolin.client.delete(xiaolin.base, headers=xiaolin.headers).status_code == 204
    page = auditor.client.get("/audit?verify=1").get_data(as_text=True)
    assert "条记录完整" in page
    assert "已随对话抹除" in page
    assert reason not in page
    with app.extensions["database"].read() as session:
        assert chain.verify(session, (before.entries, before.head)).wrong is None
        entry = session.query(AuditEntry).filter_by(action="read").one()
        assert entry.reason.startswith(sealing.MARK)
        assert chain.reason_of(session, entry) is None
    file = app.extensions["settings"].database_file
    with sqlite3.connect(file) as raw:
        assert reason not in "\n".join(raw.iterdump())


def test_the_command_seals_all_at_once(tmp_path, monkeypatch):
    settings = Settings(var=tmp_path, secret_key=SECRET + SECRET)
    opened(settings).close()
    before = open_database(settings.database)
    say(before, "xiaolin", WORD)
    before.close()
    monkeypatch.setenv("XIAOHU_VAR", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", SECRET + SECRET)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    done = CliRunner().invoke(main, ["privacy", "seal"])
    assert "1 events, 1 cards and pictures, 0 texts, 1 identities are sealed" in done.output
    with sqlite3.connect(Path(tmp_path) / "xiaohu.db") as raw:
        assert WORD not in "\n".join(raw.iterdump())
