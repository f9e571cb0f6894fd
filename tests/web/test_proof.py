"""The number of an anonymous callback is proven by one tap on a link that was sent to it."""

from __future__ import annotations

import json
import re
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from tests.web.always_open import call, open_always  # noqa: F401 - a fixture
from tests.web.conftest import Customer
from web.contacts import sweep_unproven
from web.desk import proofs
from web.desk.bookings import Callback
from web.desk.slots import Slot
from web.environment import BadSettings
from web.identity import sign as identity
from web.proof import gateway
from web.services import utc_now
from web.settings import Settings

SECRET = "what help center and gateway share"
BASE = "https://help.example"


class Phone:
    """The operator's gateway on a port of its own: checks what is signed, keeps the messages."""

    def __init__(self) -> None:
        self.inbox: list[tuple[str, str]] = []
        self.keys: list[str] = []
        self.status = 202
        phone = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                key = self.headers["Idempotency-Key"]
                wanted = gateway.sign(
                    SECRET, self.path, int(self.headers[gateway.TIMESTAMP]),
                    self.headers[gateway.NONCE], key, body,
                )  # fmt: skip
                right = self.headers[gateway.SIGNATURE] == wanted
                status = phone.status if right else 401
                if status < 300:
                    told = json.loads(body)
                    phone.inbox.append((told["to"], told["text"]))
                    phone.keys.append(key)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/send?app=help"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def link(self) -> str:
        """Return the path of the newest message's link."""
        found = re.search(rf"{BASE}(/callback/[\w-]+)", self.inbox[-1][1])
        assert found, self.inbox
        return found[1]


@pytest.fixture
def phone():
    running = Phone()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def app(make, phone, open_always):  # noqa: F811
    return make(hours=open_always, base_url=BASE, sms_url=phone.url, sms_secret=SECRET)


def book(customer: Customer, number: str = "13812345678", at: int = -1, client_id: str = ""):
    start = call(customer, "get", "/callback/slots").get_json()["slots"][at]["start"]
    more = {"client_id": client_id} if client_id else {}
    return call(customer, "post", "/callback", number=number, start=start, **more)


def held(app) -> list[tuple[str, str]]:
    with app.extensions["database"].read() as session:
        return [(one.state, one.number) for one in session.query(Callback).order_by(Callback.id)]


def taken(app) -> int:
    with app.extensions["database"].read() as session:
        return sum(one.taken for one in session.query(Slot))


def test_one_tap_on_the_link_books_and_nobody_types_a_code(app, client, phone, anna):
    xiaolin = Customer(client)
    told = book(xiaolin).get_json()
    assert (told["state"], told["code"]) == ("unproven", "")
    assert anna.get("/board").get_json()["callbacks"] == [], "agents see nothing yet"
    (message,) = phone.inbox
    assert message[0] == "+8613812345678"
    assert "忽略" in message[1]
    assert not re.search(r"(?<!\d)\d{4,8}(?!\d)", message[1].split("http")[0]), "no code in it"
    assert "\n" not in message[1]
    again = book(xiaolin)
    assert again.get_json()["id"] == told["id"], "the answer was lost: asked again, sent once"
    assert len(phone.inbox) == 1
    other = app.test_client()  # the phone's own browser, with no cookie of the chat
    preview = other.get(phone.link())
    assert "正在确认" in preview.text
    assert "138****5678" in preview.text
    assert preview.headers["Referrer-Policy"] == "no-referrer"
    assert held(app)[0][0] == "unproven", "a preview confirms nothing"
    assert "已确认" in other.post(phone.link()).text
    assert "已确认" in other.post(phone.link()).text, "tapped twice"
    (row,) = anna.get("/board").get_json()["callbacks"]
    assert row["state"] == "booked"
    shown = call(xiaolin, "get", "/contacts").get_json()["callback"]
    assert (shown["state"], len(shown["code"]) > 0) == ("booked", True)
    events = [one["type"] for one in xiaolin.read()["events"]]
    assert events.count("callback_booked") == 1
    assert taken(app) == 1


def test_opened_in_a_browser_the_link_confirms_by_itself(app, client, phone, browser):
    book(Customer(client))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page(viewport={"width": 390, "height": 760}, locale="zh-CN")
    try:
        page.goto(f"http://127.0.0.1:{server.server_port}{phone.link()}")
        expect(page.get_by_role("heading", name="已确认")).to_be_visible()
        assert held(app)[0][0] == "booked"
        page.get_by_role("button", name="不是我预约的，取消").click()
        expect(page.get_by_role("heading", name="已取消")).to_be_visible()
        assert held(app)[0][0] == "cancelled"
    finally:
        page.close()
        server.shutdown()


def test_a_place_is_held_for_minutes_only(app, client, phone):
    xiaolin = Customer(client)
    book(xiaolin)
    link, parts = phone.link(), app.extensions["services"]
    assert taken(app) == 1
    now = utc_now()
    sweep_unproven(parts.database, parts.bus, now + proofs.HOLD - timedelta(seconds=5))
    assert held(app)[0][0] == "unproven"
    with app.extensions["database"].write() as session:  # the sweep is late
        session.query(Callback).one().proof_until = now - timedelta(seconds=1)
    assert app.test_client().post(link).status_code == 409
    sweep_unproven(parts.database, parts.bus, now)
    assert held(app) == [("lapsed", "")], "the number is kept no longer"
    assert taken(app) == 0
    assert "已过期" in app.test_client().get(link).text
    assert app.test_client().post(link).status_code == 409
    assert call(xiaolin, "get", "/contacts").get_json()["callback"] is None
    assert "callback_booked" not in [one["type"] for one in xiaolin.read()["events"]]


def test_a_strangers_number_is_written_to_little_and_its_owner_undoes_what_was_booked(
    app, client, phone
):
    xiaolin = Customer(client)
    book(xiaolin)
    owner = app.test_client()
    assert "已取消" in owner.post(f"{phone.link()}/undo").text
    assert owner.post(phone.link()).status_code == 409, "undone is undone"
    assert held(app) == [("cancelled", "")]
    assert taken(app) == 0
    book(xiaolin)
    owner.post(phone.link())
    assert "已取消" in owner.post(f"{phone.link()}/undo").text
    assert held(app)[1] == ("cancelled", "")
    for _ in range(4):
        book(Customer(client))
    assert len(phone.inbox) == 3, "at most three messages a day to one number"
    assert len(set(phone.keys)) == 3
    assert owner.get("/callback/AAAAAAAAAAAAAAAAAAAAAA").status_code == 404
    assert owner.post("/callback/AAAAAAAAAAAAAAAAAAAAAA").status_code == 404


def test_a_gateway_that_is_away_holds_no_place(app, client, phone):
    phone.status = 500
    xiaolin = Customer(client)
    refused = book(xiaolin)
    assert (refused.status_code, refused.get_json()["code"]) == (503, "sms-away")
    assert held(app) == [("lapsed", "")]
    assert taken(app) == 0
    phone.status = 202
    assert book(xiaolin).status_code == 201


def test_a_customer_gives_up_before_the_tap_and_a_known_one_needs_none(app, client, phone):
    xiaolin = Customer(client)
    book(xiaolin)
    start = call(xiaolin, "get", "/callback/slots").get_json()["slots"][0]["start"]
    assert call(xiaolin, "put", "/callback", start=start).status_code == 409
    assert call(xiaolin, "delete", "/callback").get_json()["state"] == "lapsed"
    assert taken(app) == 0
    settings = app.extensions["settings"]
    token = identity(settings, "ajie", "阿杰", utc_now(), timedelta(hours=1))
    ajie = Customer(client, identity=token)
    assert book(ajie, "13912345678").get_json()["state"] == "booked"
    assert len(phone.inbox) == 1


def test_without_a_gateway_all_is_as_before_and_half_a_setting_is_refused(make, open_always):  # noqa: F811
    app = make(hours=open_always)
    assert book(Customer(app.test_client())).get_json()["state"] == "booked"
    env = {"XIAOHU_SMS_URL": "https://sms.example", "SECRET_KEY": "x" * 20}
    for more in (
        {}, {"XIAOHU_SMS_SECRET": SECRET},
        {"XIAOHU_SMS_SECRET": SECRET, "XIAOHU_BASE_URL": BASE, "XIAOHU_SMS_URL": "http://a.example"},
    ):  # fmt: skip
        with pytest.raises(BadSettings):
            Settings.from_env({**env, **more})
