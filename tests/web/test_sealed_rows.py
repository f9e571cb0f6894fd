"""Names, cards and pictures lie sealed under their conversation's key, like what is said."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import select, text

from tests.web.kept import SECRET, WORD, opened, spelled
from tests.web.test_backup import NOW
from web.backup import back_up, restore
from web.desk import attachments, corrections, escalations, pixels, sealed_cards
from web.desk.attachments import Attachment
from web.desk.callback_list import _with_names
from web.desk.conversations import Visitor, hold, open_for
from web.desk.database import Database, open_database
from web.desk.errors import NotFound
from web.desk.events import CUSTOMER
from web.desk.models import Conversation, DataKey, Escalation
from web.desk.sealing import Keys
from web.desk.vault import Unreadable, Vault
from web.privacy import erasure, seal
from web.privacy.unsealed import Unsealed
from web.settings import Settings

NAME = "欧阳林小姐"
CARD = {"problem": WORD, "amount": "8899 元"}


def begin(database: Database, settings: Settings, subject: str = "xiaolin") -> tuple[str, str]:
    """Open a conversation with a case and a picture; returns its id and the picture's."""
    raw = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(raw, "PNG")
    with database.write() as session:
        own = open_for(session, Visitor("app", subject, NAME), NOW).conversation.id
        hold(session, own).card = dict(CARD)
        escalations.escalate(
            session, own, CUSTOMER, NOW, topic="pay_failed", reason="asked", urgent=False,
            card={"time": "昨天"},
        )  # fmt: skip
        made = pixels.remake(raw.getvalue())
        event, _ = attachments.add(session, settings.pictures, own, "picture-1", made, NOW)
    return own, str(event.data["attachment"])


def rows(database: Database) -> str:
    with database.read() as session:
        found = [
            session.execute(text(f"SELECT * FROM {table}")).all()
            for table in ("conversations", "escalations")
        ]
    return str(found)


def is_hidden(told: str) -> bool:
    return not any(one.decode() in told for word in (NAME, WORD) for one in spelled(word))


def test_names_and_cards_stand_in_no_row_and_are_read_as_before(kept):
    database, settings = kept
    own, _ = begin(database, settings)
    assert is_hidden(rows(database))
    with database.write() as session:
        conversation, case = session.get(Conversation, own), session.query(Escalation).one()
        assert (conversation.name, conversation.card["problem"]) == (NAME, WORD)
        assert (case.card["problem"], case.card["time"]) == (WORD, "昨天")
        assert session.execute(_with_names()).all() == []
        assert not session.dirty, "a row that was read counts as changed"
        corrections.write(session, own, {"problem": f"{WORD}又来了"}, NOW)
        assert conversation.card["problem"] == case.card["problem"] == f"{WORD}又来了"
        conversation.channel = "help"  # what is not sealed is changed without it
    assert is_hidden(rows(database))
    with database.write() as session:
        conversation = hold(session, own)
        assert (conversation.name, conversation.card["problem"]) == (NAME, f"{WORD}又来了")
        assert session.query(Escalation).one().card["amount"] == "8899 元"
        conversation.card = {}
    assert is_hidden(rows(database))
    with database.read() as session:
        conversation = session.get(Conversation, own)
        assert (conversation.name, conversation.card) == (NAME, {})
        assert session.query(DataKey).count() == 1


def test_who_has_another_secret_or_none_reads_no_name_and_no_card(kept):
    database, settings = kept
    own, picture = begin(database, settings)
    for keys in (None, Keys(Vault(("another secret",)))):
        stranger = open_database(settings.database, keys=keys)
        with stranger.read() as session, pytest.raises(Unreadable):
            session.get(Conversation, own)
        with stranger.read() as session, pytest.raises(Unreadable):
            attachments.read(session, settings.pictures, own, picture)
        stranger.close()
    assert seal.renew_keys(database, Vault(("the secret of next year", SECRET))) == 1
    later = open_database(settings.database, keys=Keys(Vault(("the secret of next year",))))
    with later.read() as session:
        assert session.get(Conversation, own).name == NAME
        assert attachments.read(session, settings.pictures, own, picture)[:4] == b"RIFF"
    later.close()


def test_a_destroyed_key_ends_name_card_and_picture_wherever_they_lie(kept, tmp_path):
    database, settings = kept
    own, picture = begin(database, settings)
    (file,) = settings.pictures.rglob("*.sealed")
    assert b"RIFF" not in file.read_bytes()[:64]
    copy = file.read_bytes()
    with database.write() as session:
        session.execute(text("DELETE FROM data_keys"))
    with database.read() as session:
        conversation = session.get(Conversation, own)
        assert (conversation.name, conversation.card) == (None, {})
        assert session.query(Escalation).one().card == {}
        with pytest.raises(NotFound):
            attachments.read(session, settings.pictures, own, picture)
    erasure.erase(database, settings.pictures, settings.bot_memory, [own])
    assert not list(settings.pictures.rglob("*.sealed"))
    assert len(copy) > 64


def test_what_lay_in_the_open_is_read_then_sealed_with_nothing_left(kept):
    database, settings = kept
    before = open_database(settings.database)
    own, picture = begin(before, settings)
    with before.write() as session:
        plain = open_for(session, Visitor("help", None, None), NOW).conversation.id
    before.close()
    assert not is_hidden(rows(database))
    with database.read() as session:
        assert session.get(Conversation, own).name == NAME
        content = attachments.read(session, settings.pictures, own, picture)
    seal.catch_up(database)
    walk = Unsealed(database, settings.pictures)
    while not walk.is_over:
        walk.go_on()
    assert walk.sealed == 3  # a conversation, a case, a picture
    assert is_hidden(rows(database))
    assert [one.suffix for one in settings.pictures.rglob("*.*")] == [".sealed"]
    with database.read() as session:
        conversation = session.get(Conversation, own)
        assert (conversation.name, conversation.card["problem"]) == (NAME, WORD)
        assert session.query(Escalation).one().card["time"] == "昨天"
        assert attachments.read(session, settings.pictures, own, picture) == content
        assert session.get(Conversation, plain).card == {}
        assert sealed_cards.find_open(session, "", 100)[0] == []
    if settings.database_file is not None:
        erasure._sweep_log(database)
        raw = settings.database_file.read_bytes()
        assert not any(one in raw for word in (NAME, WORD) for one in spelled(word))


def test_a_backup_holds_no_name_card_or_picture_and_a_restore_erases_what_was_erased(
    kept, tmp_path
):
    database, settings = kept
    own, picture = begin(database, settings)
    other, theirs = begin(database, settings, "ajie")
    database.close()
    back_up(settings, tmp_path / "monday.tar", NOW)
    raw = (tmp_path / "monday.tar").read_bytes()
    assert b"WEBPVP8" not in raw
    assert not any(one in raw for word in (NAME, WORD) for one in spelled(word))
    database = opened(settings)
    erasure.erase(database, settings.pictures, settings.bot_memory, [own], "xiaolin")
    database.close()
    back_up(settings, tmp_path / "tuesday.tar", NOW)
    restore(settings, tmp_path / "monday.tar", replace=True)
    database = opened(settings)
    with database.read() as session:
        assert session.scalars(select(Conversation.id)).all() == [other]
        assert session.scalars(select(Attachment.id)).all() == [theirs]
        assert session.get(Conversation, other).name == NAME
        assert attachments.read(session, settings.pictures, other, theirs)[:4] == b"RIFF"
    assert not any(one.is_file() for one in attachments.paths_of(settings.pictures, picture))
    database.close()
