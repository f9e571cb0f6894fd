"""Passkeys of the staff, as second factor and alone; what is forged, replayed or copied."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.web.authenticator import PRESENT, Authenticator
from tests.web.conftest import csrf
from tests.web.test_accounts import Person
from web.accounts.models import Passkey
from web.audit.models import AuditEntry
from web.desk.models import Agent, AgentSession
from web.services import utc_now


class Browser:
    """A browser at the sign-in page or signed in, with its authenticator."""

    def __init__(self, app, device: Authenticator, client=None) -> None:
        self.client = client or app.test_client()
        self.device = device

    def post(self, path: str, body: dict):
        page = self.client.get("/desk/login")
        page = self.client.get("/account") if page.status_code == 302 else page
        token = csrf(page.get_data(as_text=True))
        return self.client.post(
            f"/account/passkeys/{path}", json=body, headers={"X-CSRF-Token": token}
        )

    def add(self, name: str = "我的手机", **lies):
        options = self.post("begin", {})
        if options.status_code != 200:
            return options
        credential = self.device.make(options.get_json(), **lies)
        return self.post("add", {"credential": credential, "name": name})

    def enter(self, way: str = "enter", **lies):
        options = self.post(f"{way}/begin", {})
        if options.status_code != 200:
            return options
        credential = self.device.prove(options.get_json(), **lies)
        return self.post(way, {"credential": credential, "next": "/desk"})

    def is_in(self) -> bool:
        return self.client.get("/desk/api/queue").status_code == 200


@pytest.fixture
def anna(app) -> Person:
    person = Person(app, "anna", "安娜", "agent")
    assert person.sign_in().status_code == 303
    return person


@pytest.fixture
def device(app, anna) -> Authenticator:
    made = Authenticator()
    assert Browser(app, made, anna.client).add().get_json() == {"next": "/account?said=passkey"}
    return made


def test_a_passkey_signs_in_alone_and_is_listed_named_and_removed(app, anna, device):
    browser = Browser(app, device)
    assert browser.enter().get_json() == {"next": "/desk"}
    assert browser.is_in()
    page = browser.client.get("/account").text
    assert "我的手机" in page
    assert "还没用过" not in page
    with app.extensions["database"].read() as session:
        number = session.query(Passkey).one().id
        assert session.query(AgentSession).order_by(AgentSession.created_at.desc()).first().second
    anna.post(f"/account/passkeys/{number}/name", name="旧手机")
    assert "旧手机" in anna.client.get("/account").text
    zhou = Person(app, "zhou", "老周", "lead")
    zhou.sign_in()
    assert zhou.post(f"/account/passkeys/{number}/remove").status_code == 404, "another's"
    assert anna.post(f"/account/passkeys/{number}/remove").status_code == 303
    assert Browser(app, device).enter().status_code == 401
    with app.extensions["database"].read() as session:
        deeds = [(one.who, one.action) for one in session.query(AuditEntry)]
    assert ("anna", "own-passkey") in deeds
    assert ("anna", "own-passkey-off") in deeds
    assert deeds.count(("anna", "sign-in")) == 2


def test_after_the_password_it_is_the_second_factor_and_only_its_owners_counts(app, anna, device):
    other = app.test_client()
    assert anna.sign_in(client=other).headers["Location"].startswith("/account/code")
    page = other.get("/account/code").text
    assert "用通行密钥" in page
    assert "6 位数" not in page, "no authenticator is set up"
    zhou, own = Person(app, "zhou", "老周", "agent"), Authenticator()
    zhou.sign_in()
    assert Browser(app, own, zhou.client).add().status_code == 200
    stranger = Browser(app, own, other)
    assert stranger.enter("second").status_code == 401
    assert not stranger.is_in()
    assert Browser(app, device, other).enter("second").get_json() == {"next": "/desk"}
    assert stranger.is_in()


def test_nothing_forged_is_taken(app, anna, device):
    lies = {
        "another origin": {"origin": "http://localhost.evil.example"},
        "another site's key": {"domain": "evil.example"},
        "another challenge": {"challenge": "AAAA"},
        "nobody verified": {"flags": PRESENT},
        "nobody there": {"flags": 0},
        "another key": {"key": ec.generate_private_key(ec.SECP256R1())},
    }
    for what, lie in lies.items():
        browser = Browser(app, device)
        assert browser.enter(**lie).status_code == 401, what
        assert not browser.is_in(), what
    fresh = Authenticator()
    mine = Browser(app, fresh, anna.client)
    assert mine.add(origin="https://evil.example").status_code == 422
    assert mine.add(flags=PRESENT).status_code == 422
    assert Browser(app, Authenticator()).enter().status_code == 401, "a key that nobody added"
    with app.extensions["database"].read() as session:
        assert session.query(Passkey).count() == 1


def test_an_answer_is_taken_once_for_its_purpose_and_not_late(app, anna, device):
    first = Browser(app, device)
    options = first.post("enter/begin", {}).get_json()
    cookie = first.client.get_cookie("desk").value
    # Synchronised passkeys count nothing: no counter helps here.
    answer = {"credential": device.prove(options, counter=0), "next": "/desk"}
    assert first.post("enter", answer).status_code == 200
    thief = Browser(app, device)
    thief.client.set_cookie("desk", cookie)  # with all that the browser kept
    assert thief.post("enter", answer).status_code == 401
    assert not thief.is_in()
    other = Browser(app, device)
    options = other.post("enter/begin", {}).get_json()
    with other.client.session_transaction() as kept:
        kept["passkey"]["until"] = utc_now().timestamp() - 1
        kept.modified = True
    answer = {"credential": device.prove(options, counter=0), "next": "/desk"}
    assert other.post("enter", answer).status_code == 401
    mine = Browser(app, device, anna.client)
    options = mine.post("begin", {}).get_json()  # drawn for adding, answered for signing in
    proof = device.prove({**options, "rpId": "localhost"}, counter=0)
    assert mine.post("enter", {"credential": proof}).status_code == 401


def test_a_copied_authenticator_is_noticed_and_recorded(app, anna, device):
    assert Browser(app, device).enter(counter=7).status_code == 200
    copy = Browser(app, device)
    assert copy.enter(counter=7).status_code == 401
    assert copy.enter(counter=3).status_code == 401
    assert not copy.is_in()
    assert Browser(app, device).enter(counter=8).status_code == 200
    with app.extensions["database"].read() as session:
        told = session.query(AuditEntry).filter_by(action="passkey-copied").all()
        assert [one.object for one in told] == ["anna: 7 after 7", "anna: 3 after 7"]


def test_one_is_added_only_right_after_signing_in(app, anna):
    with app.extensions["database"].write() as session:
        session.query(AgentSession).one().created_at -= timedelta(minutes=11)
    assert Browser(app, Authenticator(), anna.client).add().status_code == 403
    assert "请先退出再重新登录" in anna.client.get("/account").text
    with app.extensions["database"].write() as session:
        session.query(AgentSession).one().created_at = utc_now()
        session.query(Agent).one().temporary = True  # whoever set the password knows it, too
    assert Browser(app, Authenticator(), anna.client).add().status_code == 403


def test_a_role_that_needs_a_second_factor_keeps_its_last_and_a_reset_takes_all(make):
    app = make(second_factor=("agent",))
    anna, device = Person(app, "anna", "安娜", "agent"), Authenticator()
    anna.sign_in()
    assert anna.client.get("/desk").headers["Location"] == "/account/factor"
    assert Browser(app, device, anna.client).add().status_code == 200
    assert anna.client.get("/desk").status_code == 200
    with app.extensions["database"].read() as session:
        number = session.query(Passkey).one().id
    anna.post(f"/account/passkeys/{number}/remove")
    assert "最后一个通行密钥不能移除" in anna.client.get("/account?said=last").text
    assert Browser(app, device).enter().status_code == 200
    zhou = Person(app, "zhou", "老周", "lead")
    zhou.sign_in()
    assert zhou.post("/accounts/1/reset").status_code == 200
    assert Browser(app, device).enter().status_code == 401


def test_where_passwords_are_closed_passkeys_are_too(make):
    app = make()
    people = {"anna": Authenticator(), "zhou": Authenticator()}
    for name, device in people.items():
        person = Person(app, name, name, "agent")
        person.sign_in()
        assert Browser(app, device, person.client).add().status_code == 200
    closed = make(local_sign_in=("zhou",))
    assert Browser(closed, people["anna"]).enter().status_code == 401
    assert Browser(closed, people["zhou"]).enter().status_code == 200
