"""An email's link leads back to this one conversation, on any device, and to nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes

import pytest

from tests.web.conftest import Customer
from tests.web.test_mail import answered, by_hand, catcher, post  # noqa: F401 (fixtures)
from web.desk.tokens import EMAIL_LIFE
from web.services import utc_now


@pytest.fixture
def app(make, catcher):  # noqa: F811
    return make(
        smtp_url=f"smtp://127.0.0.1:{catcher.port}",
        mail_from="help@xiaohu.example",
        base_url="https://help.example",
    )


class Reader:
    """Whoever opened an email's link, on a device that has never been here."""

    def __init__(self, app, raw: bytes) -> None:
        text = message_from_bytes(raw).get_payload(decode=True).decode()
        link = re.search(r"https://help\.example/letter#(\S+)\.(\S+)", text)
        assert link, text
        self.id, token = link.groups()
        self.client = app.test_client()
        self.base = f"/api/v1/conversations/{self.id}"
        self.headers = {"Authorization": f"Bearer {token}", "Xiaohu-Identity": "anonymous"}

    def ask(self, method: str, path: str, **body):
        call = getattr(self.client, method)
        return call(f"{self.base}{path}", json=body or None, headers=self.headers)


@pytest.fixture
def reader(app, catcher, xiaolin, anna) -> Reader:  # noqa: F811
    answered(xiaolin, anna)
    assert post(app).deliver(utc_now()) == 1
    ((_, raw),) = catcher.emails
    return Reader(app, raw)


def test_the_link_shows_the_thread_and_takes_words_for_people(reader, xiaolin, anna) -> None:
    assert reader.id == xiaolin.id
    shown = reader.ask("get", "/events").get_json()["events"]
    assert "已退到原卡" in [event["data"].get("text") for event in shown]
    assert reader.ask("post", "/read", event_id=shown[-1]["id"]).status_code == 204
    sent = reader.ask("post", "/messages", client_id="letter-0001", text="还是没有到")
    assert sent.status_code == 201, sent.get_json()
    (row,) = anna.get("/tickets").get_json()["tickets"]  # a person answers, not the assistant
    assert row["id"] == xiaolin.id
    last = [event for event in xiaolin.read()["events"] if event["type"] == "message"][-1]
    assert (last["actor"]["kind"], last["data"]["text"]) == ("customer", "还是没有到")
    again = reader.ask("post", "/messages", client_id="letter-0001", text="还是没有到")
    assert again.status_code == 200


def test_the_link_opens_nothing_else(app, reader, xiaolin, client) -> None:
    ajie = Customer(client)
    for method, path in [
        ("get", "/copy"),
        ("delete", ""),
        ("get", "/transcript"),
        ("get", "/card"),
        ("put", "/card"),
        ("get", "/contacts"),
        ("get", "/consents"),
        ("put", "/consents"),
        ("get", "/reach"),
        ("post", "/token"),
        ("delete", "/token"),
        ("post", "/queue"),
        ("post", "/ticket"),
        ("post", "/callback"),
        ("post", "/calls"),
        ("post", "/rating"),
        ("post", "/reopen"),
        ("post", "/attachments"),
        ("post", "/evidence"),
    ]:
        answer = reader.ask(method, path, purpose="video", given=True)
        assert answer.status_code in (401, 404), (method, path, answer.status_code)
    other = reader.client.get(f"{ajie.base}/events", headers=reader.headers)
    assert other.status_code == 404
    assert reader.client.get("/api/v1/cases", headers=reader.headers).status_code == 401
    pressed = reader.ask(
        "post", "/messages", client_id="letter-0002", text="冻结", payload="/human"
    )
    assert pressed.status_code == 422
    assert xiaolin.read()["events"]  # the customer's own token is none the worse


def test_the_link_ends_after_a_week_and_is_never_renewed(app, reader, monkeypatch) -> None:
    assert reader.ask("get", "/events").status_code == 200
    later = utc_now() + EMAIL_LIFE + timedelta(seconds=1)
    monkeypatch.setattr("web.api.requests.utc_now", lambda: later)
    assert reader.ask("get", "/events").status_code == 401


def test_the_link_ends_when_the_customer_signs_out(reader, xiaolin) -> None:
    assert (
        xiaolin.client.delete(f"{xiaolin.base}/token", headers=xiaolin.headers).status_code == 204
    )
    assert reader.ask("get", "/events").status_code == 401


def test_the_link_ends_with_what_is_erased(reader, xiaolin) -> None:
    assert xiaolin.client.delete(xiaolin.base, headers=xiaolin.headers).status_code == 204
    assert reader.ask("get", "/events").status_code == 401


def test_an_email_that_is_sent_again_holds_the_same_link(app, catcher, xiaolin, anna) -> None:  # noqa: F811
    from web.mail.post import PAUSES

    answered(xiaolin, anna)
    catcher.hangs_up_after = "DATA"
    now = utc_now()
    post(app).deliver(now)
    catcher.hangs_up_after = ""
    assert post(app).deliver(now + PAUSES[0]) == 1
    first, second = (raw for _, raw in catcher.emails)
    assert first == second
    assert Reader(app, second).ask("get", "/events").status_code == 200


def test_the_page_of_the_link_learns_no_token_and_is_kept_by_nobody(client) -> None:
    page = client.get("/letter")
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
