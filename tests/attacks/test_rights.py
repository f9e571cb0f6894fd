"""Attacks on what is kept: words that outlive their erasure, eyes that have no business there."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from tests.attacks.conftest import Member, known, visitor
from tests.web.conftest import Customer
from web.audit import chain
from web.audit.models import AuditEntry

WORD = "鹦鹉螺八八九九"


def lie_in(folder: Path) -> list[str]:
    """Name the files that still hold the word, as UTF-8 or escaped."""
    spelled = (WORD.encode(), WORD.encode("unicode_escape"))
    files = [path for path in folder.rglob("*") if path.is_file() and "index" not in path.parts]
    return [path.name for path in files if any(one in path.read_bytes() for one in spelled)]


def remember(folder: Path, *ids: str) -> None:
    """Lay out the bot's memory of conversations."""
    (folder / "bot").mkdir(exist_ok=True)
    with sqlite3.connect(folder / "bot" / "tracker.db") as memory:
        memory.execute("CREATE TABLE IF NOT EXISTS conversations (id TEXT, state TEXT)")
        memory.execute("CREATE TABLE IF NOT EXISTS replies (conversation TEXT, said TEXT)")
        for one in ids:
            memory.execute("INSERT INTO conversations VALUES (?, ?)", (one, WORD))
            memory.execute("INSERT INTO replies VALUES (?, ?)", (one, WORD))


def send_picture(customer: Customer) -> None:
    raw = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(raw, "PNG")
    path = f"{customer.base}/attachments?client_id=picture-0001"
    headers = {**customer.headers, "Content-Type": "image/png"}
    assert customer.client.post(path, data=raw.getvalue(), headers=headers).status_code == 201


def test_an_erasure_on_the_page_leaves_the_words_nowhere(build: Callable[..., Flask]) -> None:
    app = build()
    folder = app.extensions["settings"].var
    xiaolin, ajie = known(app), known(app, "ajie", "阿杰")
    xiaolin.say(f"{WORD} 怎么退款")
    send_picture(xiaolin)
    ajie.say("怎么提现")
    remember(folder, xiaolin.id)
    assert lie_in(folder)
    pictures = list((folder / "attachments").rglob("*.sealed"))
    assert len(pictures) == 1
    assert xiaolin.client.delete(xiaolin.base, headers=ajie.headers).status_code == 404
    assert xiaolin.client.delete(xiaolin.base, headers=xiaolin.headers).status_code == 204
    assert lie_in(folder) == []
    assert not pictures[0].exists()
    assert xiaolin.client.get(f"{xiaolin.base}/events", headers=xiaolin.headers).status_code == 401
    assert "怎么提现" in str(ajie.read())
    with app.extensions["database"].read() as session:
        entry = session.query(AuditEntry).filter_by(action="erase").one()
        assert "xiaolin" not in f"{entry.object} {entry.reason}", "the record cannot forget"
    again = known(app)
    assert again.id != xiaolin.id
    assert WORD not in str(again.read())


def test_what_people_are_working_on_cannot_be_erased_from_under_them(
    build: Callable[..., Flask],
) -> None:
    app = build()
    anna = Member(app, "anna", "安娜")
    xiaolin = known(app)
    xiaolin.say(f"{WORD} 被多扣了钱")
    xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    refused = xiaolin.client.delete(xiaolin.base, headers=xiaolin.headers)
    assert refused.status_code == 409
    anna.post(f"/conversations/{xiaolin.id}/claim")
    assert xiaolin.client.delete(xiaolin.base, headers=xiaolin.headers).status_code == 409
    assert WORD in str(xiaolin.read())
    anna.post(f"/conversations/{xiaolin.id}/close")
    assert xiaolin.client.delete(xiaolin.base, headers=xiaolin.headers).status_code == 204


def test_a_copy_holds_all_of_ones_own_and_nothing_of_anybody_else(
    build: Callable[..., Flask],
) -> None:
    app = build()
    anna = Member(app, "anna", "安娜")
    xiaolin, ajie = known(app), known(app, "ajie", "阿杰")
    xiaolin.say(f"{WORD} 怎么退款")
    ajie.say("怎么提现")
    xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    anna.post(f"/conversations/{xiaolin.id}/claim")
    anna.post(f"/conversations/{xiaolin.id}/notes", text="态度急", client_id="note-00001")
    copy = xiaolin.client.get(f"{xiaolin.base}/copy", headers=xiaolin.headers)
    assert copy.headers["Content-Disposition"].startswith("attachment")
    assert copy.headers["Cache-Control"] == "no-store"
    told = copy.get_data(as_text=True)
    assert WORD in told
    assert "怎么提现" not in told
    assert "态度急" not in told
    for headers in (ajie.headers, {}):
        got = xiaolin.client.get(f"{xiaolin.base}/copy", headers=headers)
        assert got.status_code in (401, 404)


def test_the_page_says_how_long_as_the_file_does(
    build: Callable[..., Flask], tmp_path: Path
) -> None:
    app = build()
    page = app.test_client().get("/privacy").get_data(as_text=True)
    assert "最后一次咨询后 3 年" in page
    assert "400 天" in page
    assert 'href="/privacy"' in app.test_client().get("/").get_data(as_text=True)


def test_an_agent_needs_a_reason_for_what_is_not_theirs_and_it_is_recorded(
    build: Callable[..., Flask],
) -> None:
    app = build()
    anna, zhou = Member(app, "anna", "安娜"), Member(app, "zhou", "老周")
    xiaolin, ajie = known(app), visitor(app)
    xiaolin.say("订单尾号 8899")
    one, other = f"/conversations/{xiaolin.id}", f"/conversations/{ajie.id}"
    for path in (one, f"{one}/history", other):
        refused = zhou.get(path)
        assert refused.status_code == 403, path
        assert refused.get_json()["type"] == "urn:xiaohu:problem:reason-needed"
        assert "8899" not in refused.get_data(as_text=True)
    assert zhou.get(f"{one}?reason=%20%20").status_code == 403
    xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    assert zhou.get(one).status_code == 200, "what waits is everybody's"
    anna.post(f"{one}/claim")
    assert anna.get(one).status_code == 200
    assert zhou.get(one).status_code == 403
    told = zhou.get(f"{one}?reason=接班核对")
    assert told.status_code == 200
    assert "8899" in str(told.get_json())
    with app.extensions["database"].read() as session:
        entries = session.query(AuditEntry).filter_by(who="zhou", object=xiaolin.id).all()
        told = [(entry.action, chain.reason_of(session, entry)) for entry in entries]
    assert ("read", "接班核对") in told
    anna.post(f"{one}/close")
    assert anna.get(one).status_code == 200, "what one had is still one's own"


@pytest.mark.parametrize(
    "reason",
    [
        "",
        " ",
        "\u3000",
        "a",
        "看",
        "看看看看",
        "。。。。",
        "1234567",
        "?!",
        "aaaa",
        "\u200b\u200b",
        "x1y2",
    ],
)
def test_a_reason_that_says_nothing_opens_nothing_and_stands_nowhere(
    build: Callable[..., Flask], reason: str
) -> None:
    app = build()
    anna, zhou, ajie = Member(app, "anna", "安娜"), Member(app, "zhou", "老周"), visitor(app)
    one = f"/conversations/{ajie.id}"
    ajie.client.post(f"{ajie.base}/queue", json={}, headers=ajie.headers)
    thin = bool(reason.strip())
    while_it_waits = zhou.get(f"{one}?reason={reason}")
    assert while_it_waits.status_code == (422 if thin else 200)
    anna.post(f"{one}/claim")
    for path in (one, f"{one}/history", f"{one}/block"):
        refused = zhou.get(f"{path}?reason={reason}")
        assert refused.status_code == (422 if thin else 403), path
        told = refused.get_json()
        assert told["code"] == ("reason-thin" if thin else "reason-needed")
        assert "Say why" in told["title"]
    assert zhou.get(one).status_code == 403, "nothing holds for later"
    assert anna.post(f"{one}/block", days=7, why=reason).status_code == 422
    with app.extensions["database"].read() as session:
        entries = session.query(AuditEntry).all()
        assert not [one for one in entries if chain.reason_of(session, one)]


@pytest.mark.parametrize("reason", ["接班", "核对凭证", "case review", "客户来电 K12345678"])
def test_a_reason_in_a_few_words_opens_it_and_stands_in_the_record(
    build: Callable[..., Flask], reason: str
) -> None:
    app = build()
    zhou, ajie = Member(app, "zhou", "老周"), visitor(app)
    assert zhou.get(f"/conversations/{ajie.id}?reason={reason}").status_code == 200
    with app.extensions["database"].read() as session:
        entries = session.query(AuditEntry).filter_by(who="zhou", action="read").all()
        assert [chain.reason_of(session, one) for one in entries] == [reason]


@pytest.mark.parametrize("role", ["editor", "auditor"])
def test_who_reads_no_conversations_gets_none_with_a_reason_either(
    build: Callable[..., Flask], role: str
) -> None:
    app = build()
    member = Member(app, "chen", "小陈", role)
    ajie = visitor(app)
    got: Any = member.get(f"/conversations/{ajie.id}?reason=接班核对")
    assert got.status_code == 403
    assert got.get_json()["type"] == "urn:xiaohu:problem:wrong-role"


def test_files_are_private_whatever_the_umask(build: Callable[..., Flask]) -> None:
    before = os.umask(0)
    try:
        app = build()
        xiaolin = visitor(app)
        send_picture(xiaolin)
    finally:
        os.umask(before)
    settings = app.extensions["settings"]
    kept = [settings.var, settings.database_file, settings.pictures]
    kept += list(settings.pictures.rglob("*"))
    for path in kept:
        assert path.stat().st_mode & 0o077 == 0, path
