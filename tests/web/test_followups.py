"""An answer that was not seen follows its customer: a push, then an email, each once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select

from tests.desk.papers import PDF
from tests.web.conftest import Colleague, Customer
from tests.web.push_service import Service, serving
from web.desk.devices import Address
from web.desk.followups import PATIENCE, Followup
from web.desk.mails import Mail
from web.desk.models import Escalation
from web.notifications.following import MAILED
from web.services import utc_now

SECOND = timedelta(seconds=1)
SOON = PATIENCE + SECOND


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def by_hand(monkeypatch) -> None:
    for name in ("EMAILS", "FOLLOWING"):
        monkeypatch.setattr(f"web.parts.{name}", 3600.0)


@pytest.fixture
def app(make, service):
    return make(
        push_contact="mailto:ops@xiaohu.example",
        push_hosts=(service.host,),
        smtp_url="smtp://127.0.0.1:1",
        mail_from="help@xiaohu.example",
        base_url="https://help.example",
        wallet_quiet=None,
    )


def look(app, at: datetime) -> int:
    return app.extensions["services"].follower.look(at)


def rows(app, model) -> list:
    with app.extensions["database"].read() as session:
        return list(session.scalars(select(model)))


def ask(who: Customer, method: str, path: str, **body):
    call = getattr(who.client, method)
    return call(f"{who.base}/reach{path}", json=body or None, headers=who.headers)


def subscribe(who: Customer, service: Service, name: str, *, words: bool = False) -> None:
    wish = service.browser(name).subscription()
    answer = ask(who, "put", "/push", **wish, words=words)
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["push"] is True


def serve(who: Customer, anna: Colleague) -> None:
    """Let 安娜 take the customer, who has seen that she came."""
    who.say("转人工", "/human")
    assert who.client.post(f"{who.base}/queue", json={}, headers=who.headers).status_code == 200
    assert anna.post(f"/conversations/{who.id}/claim").status_code == 200
    read_all(who)


def read_all(who: Customer) -> None:
    last = who.read()["events"][-1]["id"]
    done = who.client.post(f"{who.base}/read", json={"event_id": last}, headers=who.headers)
    assert done.status_code == 204


def reply(anna: Colleague, who: Customer, text: str) -> None:
    count = len(who.read()["events"])
    sent = anna.post(f"/conversations/{who.id}/messages", client_id=f"anna-{count:06}", text=text)
    assert sent.status_code == 201, sent.get_json()


def test_an_unseen_answer_is_pushed_once_signed_encrypted_and_without_its_words(
    app, service, xiaolin, anna
) -> None:
    subscribe(xiaolin, service, "phone")
    serve(xiaolin, anna)
    reply(anna, xiaolin, "您的退款 128 元已经在路上")
    now = utc_now()
    assert look(app, now + PATIENCE - 5 * SECOND) == 0  # who looks at the page sees it there
    assert look(app, now + SOON) == 1
    (pushed,) = service.got
    assert pushed.told["body"] == "客服回复了您"
    assert "退款" not in str(pushed.told)
    assert "退款".encode() not in pushed.raw
    assert pushed.claims["sub"] == "mailto:ops@xiaohu.example"
    assert 0 < pushed.claims["exp"] - now.timestamp() <= 24 * 3600
    told = ask(xiaolin, "get", "").get_json()
    assert pushed.claims["key"] == told["push_key"]
    assert pushed.headers["Urgency"] == "normal"
    assert len(pushed.headers["Topic"]) == 32
    assert look(app, now + timedelta(hours=1)) == 0
    assert rows(app, Followup) == []


def test_an_answer_that_was_seen_or_answered_is_not_pushed(app, service, xiaolin, anna) -> None:
    subscribe(xiaolin, service, "phone")
    serve(xiaolin, anna)
    reply(anna, xiaolin, "请问是哪一笔？")
    read_all(xiaolin)
    assert rows(app, Followup) == []
    reply(anna, xiaolin, "还在吗？")
    xiaolin.say("在的")
    assert look(app, utc_now() + SOON) == 0
    assert service.got == []
    assert rows(app, Followup) == []


def test_the_words_are_shown_only_where_the_customer_chose_so(app, service, xiaolin, anna) -> None:
    subscribe(xiaolin, service, "own-phone", words=True)
    serve(xiaolin, anna)
    reply(anna, xiaolin, "退款已到账")
    look(app, utc_now() + SOON)
    assert [one.told["body"] for one in service.got] == ["退款已到账"]


def test_a_document_is_named_in_notification_and_email_where_the_customer_chose_so(
    app, service, xiaolin, anna
) -> None:
    subscribe(xiaolin, service, "own-phone", words=True)
    ask(xiaolin, "put", "/mail", email="lin@mail.example", words=True)
    serve(xiaolin, anna)
    anna.client.post(
        f"/desk/api/conversations/{xiaolin.id}/attachments?client_id=paper-01",
        data=PDF,
        headers={**anna.headers, "Xiaohu-File-Name": quote("转账回单.pdf")},
    )
    now = utc_now()
    look(app, now + SOON)
    assert [one.told["body"] for one in service.got] == ["客服发来了文件：转账回单.pdf"]
    look(app, now + MAILED + SECOND)
    (email,) = rows(app, Mail)
    written = app.extensions["services"].mail.write(
        "unseen", "lin@mail.example", email.data, "<1@x>", now
    )
    assert "客服给您发来了文件：转账回单.pdf" in written.get_content()


def test_an_email_follows_where_the_push_was_not_seen_and_none_where_it_was(
    app, service, xiaolin, anna
) -> None:
    subscribe(xiaolin, service, "phone")
    told = ask(xiaolin, "put", "/mail", email="lin@mail.example").get_json()
    assert told["email"] == "l…@mail.example"
    assert "lin@mail.example" not in str([row.address for row in rows(app, Address)])
    serve(xiaolin, anna)
    reply(anna, xiaolin, "第一件事办好了")
    reply(anna, xiaolin, "第二件也办好了")
    now = utc_now()
    assert look(app, now + SOON) == 1  # one notification for both
    assert look(app, now + MAILED - SECOND) == 0
    assert look(app, now + MAILED + SECOND) == 1
    (email,) = rows(app, Mail)
    assert (email.kind, email.data) == ("unseen", {"kind": "answer", "text": ""})
    assert look(app, now + 10 * MAILED) == 0

    reply(anna, xiaolin, "还有第三件")
    later = utc_now()
    assert look(app, later + SOON) == 1
    read_all(xiaolin)
    assert look(app, later + 2 * MAILED) == 0
    assert len(rows(app, Mail)) == 1


def test_a_ticket_s_answer_that_goes_by_email_is_not_written_of_again(
    app, service, xiaolin, anna
) -> None:
    ask(xiaolin, "put", "/mail", email="lin@mail.example")
    body = {"email": "lin@mail.example", "text": "退款没到"}
    xiaolin.client.post(f"{xiaolin.base}/ticket", json=body, headers=xiaolin.headers)
    sent = anna.post(
        f"/conversations/{xiaolin.id}/answer-ticket", client_id="reply-0001", text="已退到原卡"
    )
    assert sent.status_code == 201
    now = utc_now()
    look(app, now + SOON)
    look(app, now + 2 * MAILED)
    assert [row.kind for row in rows(app, Mail)] == ["ticket_answered"]


def test_two_processes_that_look_at_once_push_once(app, service, xiaolin, anna) -> None:
    subscribe(xiaolin, service, "phone")
    serve(xiaolin, anna)
    reply(anna, xiaolin, "好了")
    follower, now = app.extensions["services"].follower, utc_now() + SOON
    with app.extensions["database"].write() as session:
        first = follower._claim(session, xiaolin.id, "push", now)
    assert first is not None
    assert look(app, now) == 0
    assert service.got == []
    assert look(app, now + timedelta(seconds=7)) == 1  # its process has died


def test_nothing_rings_at_night_but_what_is_urgent(make, service) -> None:
    now = utc_now()
    minute = now.hour * 60 + now.minute
    span = ((minute - 60 + 480) % 1440, (minute + 120 + 480) % 1440)  # 08:00 before UTC
    app = make(
        push_contact="mailto:ops@xiaohu.example", push_hosts=(service.host,), wallet_quiet=span
    )
    anna = Colleague(app, "anna", "安娜")
    calm, urgent = Customer(app.test_client()), Customer(app.test_client())
    for who, name in ((calm, "calm"), (urgent, "urgent")):
        subscribe(who, service, name)
        serve(who, anna)
    with app.extensions["database"].write() as session:
        for case in session.scalars(select(Escalation)):
            case.urgent = case.conversation_id == urgent.id
    for who in (calm, urgent):
        reply(anna, who, "有进展了")
    later = now + timedelta(minutes=40)  # they wrote within the half hour before
    assert look(app, later) == 1
    assert [(one.path, one.headers["Urgency"]) for one in service.got] == [("/push/urgent", "high")]
    assert look(app, now + timedelta(minutes=119)) == 0
    assert look(app, now + timedelta(minutes=121)) == 1
    assert service.got[-1].path == "/push/calm"
