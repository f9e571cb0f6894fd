"""The rights of a person: a copy, erasure that reaches every place, and limits that are kept."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta

import pytest
from click.testing import CliRunner

from faq.retention import Retention
from tests.web.conftest import Customer
from web.__main__ import main
from web.desk.asked import Asked
from web.desk.attachments import Attachment, paths_of
from web.desk.feedback import Feedback
from web.desk.mails import Mail
from web.desk.models import Conversation, Escalation, Event
from web.desk.vault import Vault
from web.identity import sign
from web.privacy import retention
from web.privacy.retention import BadRetention
from web.services import utc_now
from web.settings import ROOT
from web.wallet import looks
from web.wallet.models import WalletLook, WalletRequest

PICTURE = "p" * 32
SECRET = "a secret of the tests only"


@pytest.fixture
def kept(app, client, tmp_path):
    """Lay out 小林's conversation with a picture, an email and a question; and 阿杰's."""
    settings = app.extensions["settings"]
    token = sign(settings, "xiaolin", "小林", utc_now(), timedelta(hours=1))
    xiaolin, ajie = Customer(client, identity=token), Customer(client)
    xiaolin.say("钱没到账，订单尾号 8899")
    ajie.say("怎么提现")
    file = paths_of(settings.pictures, PICTURE)[1]
    file.parent.mkdir(parents=True)
    file.write_bytes(b"webp")
    vault, now = Vault((SECRET,)), utc_now()
    with app.extensions["database"].write() as session:
        session.add_all(
            [
                Attachment(
                    id=PICTURE, conversation_id=xiaolin.id, width=1, height=1, size=4, at=now
                ),
                Mail(
                    conversation_id=xiaolin.id, kind="answer", data={}, due_at=now, created_at=now,
                    address=vault.seal("lin@example.com"),
                ),
                Escalation(
                    conversation_id=xiaolin.id, number="K12345678", reason="asked", urgent=False,
                    card={}, state="closed", created_at=now, ended_at=now,
                    email=vault.seal("lin@example.com"),
                ),
                Asked(
                    at=now, place="chat", text="订单尾号 8899", band="answer", confidence=1.0,
                    outcome="answer", conversation_id=xiaolin.id,
                ),
            ]
        )  # fmt: skip
    with app.extensions["database"].write() as session:
        looks.record(session, xiaolin.id, "list", "ok", now, refs=["tx-8899"])
        session.add(
            WalletRequest(key="k", conversation_id=xiaolin.id, kind="Freeze", state="held", at=now)
        )
    (tmp_path / "bot").mkdir()
    with sqlite3.connect(tmp_path / "bot" / "tracker.db") as memory:
        memory.execute("CREATE TABLE conversations (id TEXT, state TEXT, touched REAL)")
        memory.execute("CREATE TABLE replies (conversation TEXT, event INTEGER, said TEXT)")
        for one in (xiaolin, ajie):
            memory.execute("INSERT INTO conversations VALUES (?, '8899', 0)", (one.id,))
            memory.execute("INSERT INTO replies VALUES (?, 1, '8899')", (one.id,))
    return xiaolin, ajie


@pytest.fixture
def run(app, tmp_path, monkeypatch):
    monkeypatch.setenv("XIAOHU_VAR", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return lambda *words: CliRunner().invoke(main, ["privacy", *words])


@pytest.mark.parametrize("by", [("--identity", "xiaolin"), ("--case", "K12345678")])
def test_erasure_reaches_every_place_and_nobody_else(app, kept, run, tmp_path, by):
    xiaolin, ajie = kept
    done = run("erase", *by, "--reason", "本人要求", "--yes")
    assert done.exit_code == 0, done.output
    with app.extensions["database"].read() as session:
        assert [one.id for one in session.query(Conversation)] == [ajie.id]
        assert {one.conversation_id for one in session.query(Event)} == {ajie.id}
        assert session.query(Mail).count() == 0
        assert session.query(WalletLook).count() == session.query(WalletRequest).count() == 0
        assert session.query(Attachment).count() == 0
        assert all("8899" not in one.text for one in session.query(Asked))
    assert not paths_of(tmp_path / "attachments", PICTURE)[1].exists()
    with sqlite3.connect(tmp_path / "bot" / "tracker.db") as memory:
        assert memory.execute("SELECT id FROM conversations").fetchall() == [(ajie.id,)]
        assert memory.execute("SELECT conversation FROM replies").fetchall() == [(ajie.id,)]
    assert xiaolin.post("还在吗").status_code == 401
    assert run("erase", *by, "--reason", "再来一次", "--yes").exit_code == 1
    checked = CliRunner().invoke(main, ["audit", "verify"])
    assert checked.output.startswith("1 entries hold")


def test_a_copy_holds_what_was_said_with_the_address_and_not_the_others(kept, run):
    told = json.loads(run("copy", "--identity", "xiaolin", "--reason", "本人要求").output)
    text = json.dumps(told, ensure_ascii=False)
    assert "订单尾号 8899" in text
    assert told["conversations"][0]["email"] == ["lin@example.com"]
    assert "怎么提现" not in text
    (look,) = told["conversations"][0]["wallet_looks"]
    assert (look["what"], look["refs"]) == ("list", ["tx-8899"])
    (asked,) = told["conversations"][0]["wallet_requests"]
    assert (asked["kind"], asked["state"]) == ("Freeze", "held")
    assert run("copy", "--identity", "nobody", "--reason", "本人要求").exit_code == 1
    assert run("copy", "--reason", "本人要求").exit_code == 1


def test_what_is_too_old_goes_and_open_cases_stay(app, kept, tmp_path):
    _, ajie = kept
    database, settings = app.extensions["database"], app.extensions["settings"]
    with database.write() as session:
        session.add(Feedback(faq_id="x", helpful=True, at=utc_now()))
        session.query(Conversation).filter_by(id=ajie.id).one().owner = "queue"

    def carry_out(days: int, **changes):
        now = utc_now() + timedelta(days=days)
        kept = Retention(**changes)
        return retention.carry_out(database, kept, settings.pictures, settings.bot_memory, now)

    assert sum(carry_out(360).values()) == 0
    assert carry_out(366)["pictures"] == 1
    assert not paths_of(tmp_path / "attachments", PICTURE)[1].exists()
    assert carry_out(401)["questions"] >= 1
    assert carry_out(1096, conversations=None)["feedback"] == 1
    assert carry_out(1096)["conversations"] == 1
    with database.read() as session:
        assert [one.id for one in session.query(Conversation)] == [ajie.id]


def test_one_run_takes_all_that_is_too_old_however_much(app, kept, monkeypatch):
    database, settings = app.extensions["database"], app.extensions["settings"]
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    with database.read() as session:
        before = session.query(Conversation).count()
    assert before > 1
    now = utc_now() + timedelta(days=1096)
    gone = retention.carry_out(database, Retention(), settings.pictures, settings.bot_memory, now)
    assert gone["conversations"] == before
    with database.read() as session:
        assert session.query(Conversation).count() == 0


def test_one_run_ends_where_there_is_no_end_of_it(app, kept, monkeypatch):
    database, settings = app.extensions["database"], app.extensions["settings"]
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    monkeypatch.setattr(retention, "MOST_ROUNDS", 1)
    now = utc_now() + timedelta(days=1096)
    gone = retention.carry_out(database, Retention(), settings.pictures, settings.bot_memory, now)
    assert gone["conversations"] == 1


def test_the_job_runs_once_an_hour_and_deletes_nothing_by_a_bad_file(app, kept, tmp_path):
    database, settings = app.extensions["database"], app.extensions["settings"]
    far = utc_now() + timedelta(days=2000)

    def sweep(now):
        return retention.sweep(database, tmp_path, settings.pictures, settings.bot_memory, now)

    (tmp_path / "retention.yml").write_text("conversations: soon\n")
    with pytest.raises(BadRetention, match="conversations"):
        sweep(far)
    (tmp_path / "retention.yml").write_text("conversations: never\npictures: never\n")
    assert sweep(far + timedelta(minutes=59)) is None
    assert sweep(far + timedelta(minutes=61))["questions"] >= 1
    with database.read() as session:
        assert session.query(Conversation).count() == 2


def test_the_shipped_file_says_what_the_defaults_are():
    assert retention.read(ROOT / "data" / "retention.yml") == Retention()


def test_a_correction_reaches_name_and_cards_by_case_and_by_identity(app, kept, run):
    xiaolin, ajie = kept
    by = ("--case", "K12345678", "--reason", "本人要求")
    done = run("correct", *by, "--set", "problem=退款没到", "--set", "amount=128 元")
    assert done.exit_code == 0, done.output
    done = run("correct", "--identity", "xiaolin", "--name", "林晓", "--set", "amount=",
               "--reason", "本人要求")  # fmt: skip
    assert done.output == "1 conversations are corrected.\n"
    with app.extensions["database"].read() as session:
        conversation = session.get(Conversation, xiaolin.id)
        case = session.query(Escalation).filter_by(number="K12345678").one()
        assert (conversation.name, conversation.card) == ("林晓", {"problem": "退款没到"})
        assert case.card == {"problem": "退款没到"}
        assert session.get(Conversation, ajie.id).card == {}
    assert [event["type"] for event in xiaolin.read()["events"]][-2:] == ["card_edited"] * 2
    assert run("correct", *by, "--set", "password=x").exit_code == 1
    for verb in ("copy", "correct", "erase"):
        thin = run(verb, "--case", "K12345678", "--reason", " x")
        assert thin.exit_code == 2
        assert "two different words of Chinese or four letters" in thin.output
    checked = CliRunner().invoke(main, ["audit", "verify"])
    assert checked.output.startswith("2 entries hold")
