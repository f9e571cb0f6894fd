"""Identities, questions, votes, opinions and proposals lie in no row as they were written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect, text

from faq.customers import Source
from faq.errors import NoSecret
from tests.web.kept import SECRET, spelled
from tests.web.test_backup import NOW
from web.__main__ import main
from web.backup import back_up
from web.desk import asked, blocks, consents, events, feedback, subjects
from web.desk.blocks import Block
from web.desk.conversations import Visitor, hold, open_for
from web.desk.database import Database, open_database
from web.desk.handlings import Handling
from web.desk.improvements import Improvement
from web.desk.mails import Mail
from web.desk.models import Agent, Conversation, Customer, Escalation
from web.desk.reviews import records
from web.desk.reviews.form import Criterion, Form
from web.desk.reviews.records import Review
from web.desk.sealing import Keys
from web.desk.vault import Vault
from web.notifications.tips import TipSent
from web.privacy import erasure, identities, seal
from web.privacy.unsealed import Unsealed
from web.wallet import looks
from web.wallet.models import WalletLook, WalletNotice, WalletRequest

WHO = "customer-xiaolin-0042"
CHAT, SEARCH, REASON, OPINION = "鹦鹉螺在聊", "鹦鹉螺在搜", "鹦鹉螺没说清", "鹦鹉螺字太小"
PROPOSED = "鹦鹉螺怎么退", "鹦鹉螺这样退"
BLOCKED, JUDGED, EMAIL, WEEKLY = "鹦鹉螺骂人", "鹦鹉螺要先问", "鹦鹉螺已退", "鹦鹉螺周报"
PAYEE, NOTE, SEEN, QUIET = "鹦鹉螺咖啡", "鹦鹉螺重复扣款", "tx-nautilus-0042", "鹦鹉螺夜里再说"
PAGE = "https://shop.example/nautilus/cafe"
WORDS = (
    CHAT, SEARCH, REASON, OPINION, *PROPOSED, WHO, BLOCKED, JUDGED, EMAIL, WEEKLY, PAYEE, NOTE,
    SEEN, QUIET, PAGE,
)  # fmt: skip
ABOUT = {"id": "tx-open-0001", "payee": PAYEE, "amount": "128.00"}
FORM = Form((Criterion("kind", "礼貌"),))
LATER = "the secret of next year"


def begin(database: Database, subject: str = WHO) -> str:
    """Let a customer ask, vote, agree, be blocked, answered, judged; returns the conversation."""
    with database.write() as session:
        own = open_for(session, Visitor("app", subject, "小林", PAGE), NOW).conversation
        events.append(session, own.id, "message", events.CUSTOMER, {"text": "在吗"}, NOW)
        asked.record(
            session, CHAT, "answer", 0.9, "refund-how", NOW, place="chat", conversation_id=own.id
        )
        asked.record(session, SEARCH, "unknown", 0.1, None, NOW, place="search")
        feedback.record(session, "refund-how", False, REASON, NOW)
        feedback.opinion(session, own.id, OPINION, None, NOW)
        consents.say(session, own, "tips", True, NOW)
        session.add(TipSent(whose=subjects.written(session, subject), tip="one",
                            conversation_id=own.id, at=NOW))  # fmt: skip
        anna = Agent(name=f"anna-{own.id}", display="安娜", password_hash="", role="lead",
                     created_at=NOW)  # fmt: skip
        session.add(anna)
        session.flush()
        blocks.place(session, own.id, anna, blocks.LONGEST, BLOCKED, NOW)
        zhou = Agent(name=f"zhou-{own.id}", display="老周", password_hash="", created_at=NOW)
        session.add(zhou)
        case = Escalation(conversation_id=own.id, reason="asked", urgent=False, card={},
                          state="closed", created_at=NOW)  # fmt: skip
        session.add(case)
        session.flush()
        handled = Handling(conversation_id=own.id, escalation_id=case.id, agent_id=zhou.id,
                           began_at=NOW, began="claim", ended_at=NOW, ended="close")  # fmt: skip
        session.add(handled)
        session.flush()
        review = records.add(session, handled, None, anna, NOW)
        records.judge(session, review.id, anna, FORM, {"kind": 3}, JUDGED, NOW)
        for whose, told in ((own.id, EMAIL), (None, WEEKLY)):
            session.add(Mail(conversation_id=whose, kind="answer", address="", due_at=NOW,
                             data={"text": told}, created_at=NOW))  # fmt: skip
        looks.record(session, own.id, "list", "ok", NOW, refs=[SEEN])
        assert looks.begin(session, f"{own.id}-1", own.id, "Refund", NOW, anna.id, about=ABOUT,
                           note=NOTE)  # fmt: skip
        session.add(WalletNotice(conversation_id=own.id, text=QUIET, at=NOW, due=NOW))
        session.add(Improvement(conversation_id=own.id, event_id=1, agent_id=anna.id, at=NOW,
                                faq_id="refund-how", asked=PROPOSED[0],
                                said=PROPOSED[1]))  # fmt: skip
    return own.id


def rows(database: Database) -> str:
    """Read every row of every table as it lies there."""
    with database.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        found = [connection.execute(text(f"SELECT * FROM {name}")).all() for name in names]
    return str(found).replace("\\\\", "\\")  # as JSON writes it, without what repr adds


def shown(told: str | bytes, words: tuple[str, ...] = WORDS) -> set[str]:
    raw = told.encode() if isinstance(told, str) else told
    return {word for word in words if any(one in raw for one in spelled(word))}


def read(database: Database) -> dict[str, object]:
    """Read all that was begun, as its readers do."""
    with database.read() as session:
        own = subjects.find(session, WHO)
        conversation = session.get(Conversation, own.conversation_id)
        improvement = session.query(Improvement).one()
        return {
            "questions": sorted(one.text for one in asked.since(session, None)),
            "newest": sorted(text for text, _ in asked.newest(session, 10)),
            "votes": [one.reason for one in asked.votes(session, None)],
            "opinions": [one.text for one in asked.opinions(session, None)],
            "proposal": (improvement.asked, improvement.said),
            "who": conversation.subject,
            "tips": consents.latest(session, conversation, "tips"),
            "blocked": blocks.standing(session, conversation, NOW) is not None,
            "page": conversation.page,
            "why": session.query(Block).one().reason,
            "judged": session.query(Review).one().words,
            "emails": [one.data["text"] for one in session.query(Mail).order_by(Mail.id)],
            "looked": session.query(WalletLook).one().refs,
            "asked for": (
                session.query(WalletRequest).one().about,
                session.query(WalletRequest).one().note,
            ),
            "later": session.query(WalletNotice).one().text,
            "found": erasure.of_subject(session, WHO) == [conversation.id],
        }


ALL = {
    "questions": sorted([CHAT, SEARCH]), "newest": sorted([CHAT, SEARCH]), "votes": [REASON],
    "opinions": [OPINION], "proposal": PROPOSED, "who": WHO, "tips": True, "blocked": True,
    "found": True, "page": PAGE, "why": BLOCKED, "judged": JUDGED, "emails": [EMAIL, WEEKLY],
    "looked": [SEEN], "asked for": (ABOUT, NOTE), "later": QUIET,
}  # fmt: skip


def test_they_stand_in_no_row_and_in_no_byte_and_are_read_as_before(kept, tmp_path):
    database, settings = kept
    begin(database)
    assert shown(rows(database)) == set()
    assert read(database) == ALL
    with database.write() as session:  # who comes again is known
        again = open_for(session, Visitor("app", WHO, "小林"), NOW)
        assert not again.created
        assert session.query(Customer).count() == 1
    if settings.database_file is not None:
        raw = b"".join(path.read_bytes() for path in settings.var.glob("xiaohu.db*"))
        assert shown(raw) == set()
    back_up(settings, tmp_path / "monday.tar", NOW)
    assert shown((tmp_path / "monday.tar").read_bytes()) == set()


def test_what_lay_in_the_open_is_found_as_it_is_then_sealed_with_nothing_left(kept):
    database, settings = kept
    before = open_database(settings.database)
    begin(before)
    before.close()
    assert shown(rows(database)) == set(WORDS)
    assert read(database) == ALL
    seal.catch_up(database)
    walk = Unsealed(database, settings.pictures)
    while not walk.is_over:
        walk.go_on()
    assert (walk.words, walk.identities) == (12, 1)
    assert shown(rows(database)) == set()
    assert read(database) == ALL
    if settings.database_file is not None:
        erasure._sweep_log(database)
        assert shown(settings.database_file.read_bytes()) == set()


def test_a_customer_of_before_who_comes_while_rows_are_sealed_stays_one(kept):
    database, settings = kept
    before = open_database(settings.database)
    own = begin(before)
    before.close()
    with database.write() as session:
        again = open_for(session, Visitor("app", WHO, "小林"), NOW)
        assert (again.conversation.id, again.created) == (own, False)
        assert consents.say(session, again.conversation, "tips", False, NOW)
    with database.write() as session:
        identities.seal(session, WHO)
        assert consents.latest(session, hold(session, own), "tips") is False
        assert session.query(Customer).count() == session.query(TipSent).count() == 1


def test_a_new_secret_reaches_them_and_the_old_one_is_not_needed_any_more(kept):
    database, settings = kept
    begin(database)
    both = open_database(settings.database, keys=Keys(Vault((LATER, SECRET))))
    vault = Vault((LATER, SECRET))
    assert seal.renew_keys(both, vault) == 1
    # The search, the vote and the email to the staff, which nobody's key seals.
    assert seal.renew_words(both, vault) == 3
    assert identities.renew(both, vault) == 1
    both.close()
    alone = open_database(settings.database, keys=Keys(Vault((LATER,))))
    assert read(alone) == ALL
    alone.close()


def test_web_reseal_walks_them_too(kept, monkeypatch):
    database, settings = kept
    begin(database)

    def reseal(*old: str):
        later = replace(settings, secret_key=LATER, old_secret_keys=old)
        monkeypatch.setattr("web.settings.Settings.from_env", classmethod(lambda _: later))
        return CliRunner().invoke(main, ["reseal"])

    assert reseal().exit_code == 1
    assert reseal(SECRET).output.startswith("5 sealed texts")
    alone = open_database(settings.database, keys=Keys(Vault((LATER,))))
    assert read(alone) == ALL
    alone.close()


def test_a_destroyed_key_ends_who_it_was_and_what_they_asked_wherever_copies_lie(kept):
    database, _ = kept
    own = begin(database)
    with database.write() as session:
        session.execute(text("DELETE FROM data_keys"))
    with database.read() as session:
        assert session.get(Conversation, own).subject is None
        assert [one.text for one in asked.since(session, None)] == [SEARCH]
        assert asked.opinions(session, None) == []
        assert session.get(Conversation, own).page is None
        assert (session.query(Block).one().reason, session.query(Review).one().words) == ("", "")
        assert [one.data for one in session.query(Mail).order_by(Mail.id)] == [{}, {"text": WEEKLY}]
        assert session.query(WalletLook).one().refs == []
        request = session.query(WalletRequest).one()
        assert (request.about, request.note) == (None, None)
        assert session.query(WalletNotice).one().text == ""


def test_no_report_tells_an_editor_whose_words_they_are(kept):
    database, _ = kept
    telling = "请打13800138000或写到lin.me@qq.com，订单 2026 1130 0042 扣了128元"
    with database.write() as session:
        own = open_for(session, Visitor("help"), NOW).conversation.id
        asked.record(session, telling, "unknown", 0.1, None, NOW, place="search")
        feedback.record(session, "refund-how", False, telling, NOW)
        feedback.opinion(session, own, telling, None, NOW)
    with database.read() as session:
        found = [
            next(asked.since(session, None)).text, asked.votes(session, None)[0].reason,
            asked.opinions(session, None)[0].text,
        ]  # fmt: skip
    for told in found:
        assert "扣了128元" in told
        assert not any(one in told for one in ("1380013", "lin.me", "qq.com", "1130"))


def test_erasing_an_identity_leaves_no_row_by_which_it_is_found(kept):
    database, settings = kept
    own = begin(database)
    erasure.erase(database, settings.pictures, settings.bot_memory, [own], WHO)
    with database.read() as session:
        assert subjects.find(session, WHO) is None
        assert session.query(TipSent).count() == 0
        assert [one.text for one in asked.since(session, None)] == [SEARCH]
        for model in (Block, Review, WalletLook, WalletRequest, WalletNotice):
            assert session.query(model).count() == 0, model
        assert [one.conversation_id for one in session.query(Mail)] == [None]
    print_of = subjects.marks(Vault((SECRET,)), WHO)[0]
    assert print_of not in rows(database)


def test_the_editors_commands_read_questions_with_the_secret_and_say_when_it_is_missing(kept):
    database, settings = kept
    begin(database)
    source = Source(settings.database, (SECRET,))
    assert sorted(one.text for one in source.read()) == sorted([CHAT, SEARCH])
    assert [one.text for one in source.opinions()] == [OPINION]
    for other in ((), ("another secret",)):
        with pytest.raises(NoSecret, match="set SECRET_KEY"):
            Source(settings.database, other).read()


def test_while_an_earlier_version_runs_beside_a_changed_row_tells_all_again(kept):
    database, settings = kept
    own = begin(database)
    beside = open_database(settings.database, keys=Keys(Vault((SECRET,)), seals=False))
    with beside.write() as session:
        hold(session, own).card = {"problem": "没到账"}
    beside.close()
    with database.engine.connect() as connection:
        row = connection.execute(text("SELECT subject, name FROM conversations")).one()
    assert tuple(row) == (WHO, "小林")
    assert read(database) == ALL
