"""Which browsers are pushed to: whose they are by now, and which are so no more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.web.conftest import Customer
from tests.web.test_followups import SECOND, SOON, ask, look, reply, rows, serve, subscribe
from tests.web.test_followups import app as app
from tests.web.test_followups import by_hand as by_hand
from tests.web.test_followups import service as service
from web.desk.devices import Device
from web.desk.followups import Followup
from web.desk.mails import Mail
from web.notifications.following import MAILED
from web.services import utc_now


def test_a_browser_that_has_left_is_forgotten_and_a_service_in_trouble_is_asked_again(
    app, service, xiaolin, anna
) -> None:
    subscribe(xiaolin, service, "phone")
    serve(xiaolin, anna)
    reply(anna, xiaolin, "好了")
    service.status = 503
    now = utc_now() + SOON
    assert look(app, now) == 0
    assert look(app, now + 59 * SECOND) == 0
    service.status = 201
    assert look(app, now + 61 * SECOND) == 1
    service.status = 410
    reply(anna, xiaolin, "还有一件")
    assert look(app, utc_now() + SOON) == 0
    assert rows(app, Device) == []
    assert rows(app, Followup) == []


def test_signing_out_ends_the_pushes_to_that_browser_and_the_links(app, service, anna) -> None:
    from web.identity import sign

    settings, now = app.extensions["settings"], utc_now()
    token = sign(settings, "10086", "小林", now, timedelta(hours=1))
    phone = Customer(app.test_client(), channel="app", identity=token)
    tablet = Customer(app.test_client(), channel="app", identity=token)
    assert phone.id == tablet.id
    subscribe(phone, service, "phone")
    subscribe(tablet, service, "tablet")
    serve(phone, anna)
    reply(anna, phone, "好了")
    assert look(app, now + SOON) == 2
    link = service.got[0].told["open"].partition("#")[2].partition(".")[2]
    headers = {"Authorization": f"Bearer {link}"}
    assert phone.client.get(f"{phone.base}/events", headers=headers).status_code == 200
    ended = phone.client.delete(f"{phone.base}/token", headers=phone.headers)
    assert ended.status_code == 204
    assert phone.client.get(f"{phone.base}/events", headers=headers).status_code == 401
    assert [row.endpoint for row in rows(app, Device)] == [
        service.browsers["/push/tablet"].endpoint
    ]


def test_a_browser_belongs_to_who_asked_last(app, service, xiaolin, client) -> None:
    ajie = Customer(client)
    subscribe(xiaolin, service, "shared")
    wish = service.browsers["/push/shared"].subscription()
    assert ask(ajie, "put", "/push", **wish).status_code == 200
    assert [row.conversation_id for row in rows(app, Device)] == [ajie.id]
    assert ask(xiaolin, "get", "").get_json()["push"] is False


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1/admin",
        "http://push.example/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://help@169.254.169.254/latest",
        "file:///etc/passwd",
    ],
)
def test_nothing_is_pushed_to_an_address_that_is_no_push_service(
    app, service, xiaolin, endpoint
) -> None:
    wish = service.browser("phone").subscription() | {"endpoint": endpoint}
    refused = ask(xiaolin, "put", "/push", **wish)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "bad-subscription")
    assert rows(app, Device) == []


def test_who_wants_no_more_is_told_nothing_more(app, service, xiaolin, anna) -> None:
    subscribe(xiaolin, service, "phone")
    ask(xiaolin, "put", "/mail", email="lin@mail.example")
    told = ask(xiaolin, "delete", "").get_json()
    assert (told["push"], told["email"]) == (False, None)
    serve(xiaolin, anna)
    reply(anna, xiaolin, "好了")
    now = utc_now()
    assert look(app, now + SOON) == 0
    assert look(app, now + 2 * MAILED) == 0
    assert (service.got, rows(app, Mail)) == ([], [])


def test_without_a_contact_nothing_is_pushed_and_no_key_is_given(make) -> None:
    xiaolin = Customer(make().test_client())
    told = ask(xiaolin, "get", "").get_json()
    assert (told["push_key"], told["mail"]) == (None, False)
