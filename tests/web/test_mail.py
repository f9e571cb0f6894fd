"""Emails: written from templates, carried by SMTP, tried again, never to a made-up header."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from tests.product import free_port
from web.desk.mails import Mail
from web.mail.addresses import BadAddress, normalise
from web.mail.carrier import BadServer, Carrier
from web.mail.post import PAUSES
from web.services import utc_now


class Catcher:
    """A mail server that keeps what it gets, or refuses with what it is told."""

    def __init__(self) -> None:
        self.emails: list[tuple[list[str], bytes]] = []
        self.refusal = ""
        self.hangs_up_after = ""
        self.takes = 0.0  # seconds

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        if self.refusal:
            return self.refusal
        await asyncio.sleep(self.takes)
        self.emails.append((envelope.rcpt_tos, envelope.content))
        if self.hangs_up_after == "DATA":
            server.transport.abort()
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope) -> str:  # noqa: N802
        if self.hangs_up_after == "QUIT":
            server.transport.abort()
        return "221 Bye"


@pytest.fixture
def catcher() -> Iterator[Catcher]:
    handler = Catcher()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.fixture
def app(make, catcher):
    return make(smtp_url=f"smtp://127.0.0.1:{catcher.port}", mail_from="小狐 <help@xiaohu.example>")


@pytest.fixture(autouse=True)
def by_hand(monkeypatch) -> None:
    monkeypatch.setattr("web.parts.EMAILS", 3600.0)


def post(app):
    return app.extensions["services"].mail


def left(app) -> list[Mail]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(select(Mail)))


def answered(xiaolin, anna, email: str = "lin@mail.example"):
    told = xiaolin.client.post(
        f"{xiaolin.base}/ticket",
        json={"email": email, "text": "退款没到"},
        headers=xiaolin.headers,
    )
    assert told.status_code == 200, told.get_json()
    (row,) = anna.get("/tickets").get_json()["tickets"]
    sent = anna.post(
        f"/conversations/{row['id']}/answer-ticket", client_id="reply-0001", text="已退到原卡"
    )
    assert sent.status_code == 201, sent.get_json()
    return row


def test_a_ticket_is_answered_in_the_conversation_and_by_e_mail(
    app, catcher, xiaolin, anna
) -> None:
    row = answered(xiaolin, anna)
    assert b"lin@mail.example" not in (app.extensions["settings"].var / "xiaohu.db").read_bytes()
    assert post(app).deliver(utc_now()) == 1
    ((to, raw),) = catcher.emails
    email = message_from_bytes(raw)
    assert to == ["lin@mail.example"]
    assert row["number"] in str(make_header(decode_header(email["Subject"])))
    text = email.get_payload(decode=True).decode()
    assert "已退到原卡" in text
    assert "安娜" in text
    assert left(app) == []
    assert post(app).deliver(utc_now()) == 0
    said = [event["data"].get("text") for event in xiaolin.read()["events"]]
    assert "已退到原卡" in said
    assert "lin@mail.example" not in str(xiaolin.read())


def test_an_email_that_was_not_taken_goes_later_and_only_once(app, catcher, xiaolin, anna) -> None:
    answered(xiaolin, anna)
    catcher.refusal = "451 later"
    now = utc_now()
    assert post(app).deliver(now) == 0
    assert post(app).deliver(now) == 0
    catcher.refusal = ""
    assert post(app).deliver(now + PAUSES[0] - timedelta(seconds=1)) == 0
    assert post(app).deliver(now + PAUSES[0]) == 1
    assert len(catcher.emails) == 1


def test_an_email_that_was_taken_is_sent_whatever_becomes_of_the_connection(
    app, catcher, xiaolin, anna
) -> None:
    answered(xiaolin, anna)
    catcher.hangs_up_after = "QUIT"
    assert post(app).deliver(utc_now()) == 1
    assert left(app) == []
    assert len(catcher.emails) == 1


def test_an_email_of_which_nobody_knows_goes_again_as_the_same_email(
    app, catcher, xiaolin, anna
) -> None:
    answered(xiaolin, anna)
    catcher.hangs_up_after = "DATA"
    now = utc_now()
    assert post(app).deliver(now) == 0
    catcher.hangs_up_after = ""
    assert post(app).deliver(now + PAUSES[0]) == 1
    first, second = (raw for _, raw in catcher.emails)
    assert message_from_bytes(first)["Message-ID"] == message_from_bytes(second)["Message-ID"]
    assert first == second


def test_an_email_whose_sender_died_goes_within_seconds(app, catcher, xiaolin, anna) -> None:
    answered(xiaolin, anna)
    now = utc_now()
    (mail,) = left(app)
    assert post(app)._take(mail, now)  # and dies
    assert post(app).deliver(now + timedelta(seconds=1)) == 0
    assert post(app).deliver(now + timedelta(seconds=8)) == 1
    ((_, raw),) = catcher.emails
    assert message_from_bytes(raw)["Message-ID"] == mail.message_id


def test_an_email_that_takes_long_is_not_sent_by_another_meanwhile(
    app, catcher, xiaolin, anna, monkeypatch
) -> None:
    monkeypatch.setattr("web.claims.CLAIM", timedelta(seconds=0.6))
    monkeypatch.setattr("web.claims.RENEWAL", 0.1)
    answered(xiaolin, anna)
    catcher.takes = 2.0
    sent: list[int] = []  # whoever of the two claims it first
    sending = threading.Thread(target=lambda: sent.append(post(app).deliver(utc_now())))
    sending.start()
    while sending.is_alive() or not sum(sent):
        sent.append(post(app).deliver(utc_now()))
        sending.join(0.1)
    assert sum(sent) == 1
    assert left(app) == []
    assert len(catcher.emails) == 1


def test_an_email_that_is_refused_for_good_is_given_up(app, catcher, xiaolin, anna) -> None:
    answered(xiaolin, anna)
    catcher.refusal = "550 nobody"
    assert post(app).deliver(utc_now()) == 0
    assert left(app) == []


def test_no_address_is_asked_for_where_nothing_can_be_sent(make, bot) -> None:
    from tests.web.conftest import Customer

    client = make().test_client()
    assert client.get("/api/v1/channels").get_json()["ticket"] == {"email": False}
    xiaolin = Customer(client)
    told = client.post(
        f"{xiaolin.base}/ticket", json={"email": "lin@mail.example"}, headers=xiaolin.headers
    )
    assert (told.status_code, told.get_json()["reason"]) == (422, "no-mail")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lin",
        "lin@",
        "@mail.example",
        "lin@localhost",
        "a b@mail.example",
        "lin@mail.example\nBcc: all@mail.example",
        "lin@mail..example",
        "lin@1.2.3.4",
        "x" * 65 + "@mail.example",
        "lin,ajie@mail.example",
        "<lin@mail.example>",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        normalise(text)


def test_an_address_is_kept_in_ascii() -> None:
    assert normalise(" Lin.Xiao+1@MAIL.example ") == "Lin.Xiao+1@mail.example"
    assert normalise("lin@例子.公司").startswith("lin@xn--")


def test_an_address_at_a_domain_with_ß_is_not_written_to_another_domain() -> None:
    assert normalise("lin@faß.example") == "lin@xn--fa-hia.example"


def test_a_mail_server_is_named_by_its_url() -> None:
    carrier = Carrier.of("smtp://lin:p%40ss@mail.example")
    assert (carrier.port, carrier.user, carrier.password) == (587, "lin", "p@ss")
    assert "p@ss" not in repr(carrier)
    assert Carrier.of("smtps://mail.example").port == 465
    for url in ("http://mail.example", "smtp://", "smtp://mail.example:99999"):
        with pytest.raises(BadServer):
            Carrier.of(url)
