"""Documents over HTTP: sent by both sides, saved and never shown, gone with what holds them."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import quote

import pytest

from faq.retention import Retention
from tests.desk.papers import OFD, PDF, archive
from tests.web.always_open import ESCALATE, app, open_always  # noqa: F401
from tests.web.conftest import Customer
from web.desk.attachments import Attachment
from web.mail.incoming import Incoming
from web.mail.replies import sign
from web.privacy import erasure, retention
from web.services import utc_now

NAME = "小林的对账单.pdf"


def named(name: str) -> dict[str, str]:
    return {"Xiaohu-File-Name": quote(name)}


def send(customer: Customer, raw: bytes, name: str = NAME, client_id: str = "paper-01"):
    return customer.client.post(
        f"{customer.base}/attachments?client_id={client_id}",
        data=raw,
        headers={**customer.headers, **named(name)},
    )


def file_of(event: dict) -> str:
    return f"/attachments/{event['data']['attachment']}"


def is_only_saved(answer, name: str = NAME) -> bool:
    """Whether an answer can be nothing but saved, under this name."""
    told = answer.headers
    return (
        told["Content-Disposition"].startswith("attachment;")
        and f"filename*=UTF-8''{quote(name)}" in told["Content-Disposition"]
        and told["X-Content-Type-Options"] == "nosniff"
        and "sandbox" in told["Content-Security-Policy"]
        and answer.mimetype == "application/pdf"
    )


@pytest.fixture
def talking(bot, xiaolin, anna):
    """小林, whom 安娜 has."""
    bot.replies = lambda body: [ESCALATE]
    xiaolin.say("人工", "/human")
    assert anna.post(f"/conversations/{xiaolin.id}/claim").status_code == 200
    return xiaolin


def test_a_customers_document_reaches_the_agent_byte_for_byte_and_is_only_ever_saved(
    talking, anna, client
) -> None:
    sent = send(talking, PDF)
    assert sent.status_code == 201
    event = sent.get_json()["event"]
    assert event["data"] | {"attachment": ""} == {
        "attachment": "", "kind": "pdf", "name": NAME, "size": len(PDF),
    }  # fmt: skip
    assert send(talking, PDF).get_json()["event"]["id"] == event["id"]  # a retry is the same
    there = anna.get(f"/conversations/{talking.id}{file_of(event)}")
    assert there.data == PDF
    assert is_only_saved(there)
    ajie = Customer(client)
    foreign = client.get(f"{ajie.base}{file_of(event)}", headers=ajie.headers)
    assert foreign.status_code == 404


def test_an_agents_document_reaches_the_customer_with_its_transcript_and_pack(
    talking, anna
) -> None:
    sent = anna.client.post(
        f"/desk/api/conversations/{talking.id}/attachments?client_id=paper-02",
        data=PDF,
        headers={**anna.headers, **named(NAME)},
    )
    assert sent.status_code == 201
    event = talking.read()["events"][-1]
    assert (event["actor"]["name"], event["data"]["name"]) == ("安娜", NAME)
    saved = talking.client.get(f"{talking.base}{file_of(event)}", headers=talking.headers)
    assert saved.data == PDF
    assert is_only_saved(saved)
    transcript = talking.client.get(f"{talking.base}/transcript", headers=talking.headers)
    assert f"发来文件（安娜）（{NAME}）" in transcript.text
    packed = talking.client.post(
        f"{talking.base}/evidence", json={"letter": "投诉信"}, headers=talking.headers
    )
    with zipfile.ZipFile(io.BytesIO(packed.data)) as pack:
        assert pack.read(f"files/01-{NAME}") == PDF
        assert f"files/01-{NAME}" in pack.read("evidence.html").decode()


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"MZ\x90\0\x03\0\0\0", "statement.pdf"),
        (b"<html><script>alert(1)</script>", "statement.pdf"),
        (archive("statement.pdf"), "statement.zip"),
        (archive("word/document.xml", "word/vbaProject.bin"), "statement.docx"),
    ],
)
def test_other_kinds_are_refused_whatever_they_are_called(talking, anna, raw, name) -> None:
    answer = send(talking, raw, name)
    assert (answer.status_code, answer.get_json()["reason"]) == (422, "kind")
    answer = anna.client.post(
        f"/desk/api/conversations/{talking.id}/attachments?client_id=paper-03",
        data=raw,
        headers=anna.headers,
    )
    assert (answer.status_code, answer.get_json()["reason"]) == (422, "kind")
    assert send(talking, b"%PDF-" + b"\0" * 8 * 1024 * 1024).status_code == 413


def test_retention_and_erasure_reach_documents(app, talking) -> None:  # noqa: F811
    settings, database = app.extensions["settings"], app.extensions["database"]
    first = send(talking, PDF).get_json()["event"]
    send(talking, OFD, "回单.ofd", "paper-04")
    files = settings.pictures
    assert len([one for one in files.rglob("*") if one.is_file()]) == 2
    with database.write() as session:
        row = session.get(Attachment, first["data"]["attachment"])
        row.at = row.at - timedelta(days=400)
    kept = Retention()
    done = retention.carry_out(database, kept, files, settings.bot_memory, utc_now())
    assert done["pictures"] == 1
    gone = talking.client.get(f"{talking.base}{file_of(first)}", headers=talking.headers)
    assert gone.status_code == 404
    assert erasure.erase(database, files, settings.bot_memory, [talking.id]) == 1
    assert not [one for one in files.rglob("*") if one.is_file()]


def test_a_document_that_comes_with_an_email_stands_in_the_thread_with_its_name(
    app,  # noqa: F811
    talking,
    anna,
) -> None:
    parts = app.extensions["services"]
    contacts = parts.contacts
    incoming = Incoming(
        parts.database, parts.bus, contacts.vault, None, contacts.pictures, lambda: contacts.hours
    )
    email = EmailMessage()
    email["From"] = "小林 <lin@mail.example>"
    email["Message-ID"] = "<one@mail.example>"
    email["In-Reply-To"] = sign(talking.id, contacts.vault, "xiaohu.example")
    email.set_content("对账单在附件里")
    email.add_attachment(PDF, maintype="application", subtype="octet-stream", filename=NAME)
    email.add_attachment(b"MZ\x90\0", maintype="application", subtype="pdf", filename="回单.pdf")
    incoming.take(email.as_bytes(), utc_now())
    events = [one for one in talking.read()["events"] if one["type"] in ("attachment", "notice")]
    assert [one["data"].get("name") or one["data"]["code"] for one in events[-2:]] == [
        NAME,
        "mail_files_left_out",
    ]
    assert anna.get(f"/conversations/{talking.id}{file_of(events[-2])}").data == PDF
