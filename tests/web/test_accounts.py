"""The staff's accounts in a browser's shoes: roles, second factors, sessions, guessing."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest

from tests.web.conftest import Colleague, csrf
from web.accounts import passwords
from web.desk import agents
from web.desk.guessing import LoginAttempt
from web.desk.models import AgentSession
from web.services import utc_now


class Person:
    """Somebody of the staff in a browser of their own."""

    def __init__(self, app, name: str, display: str, role: str) -> None:
        self.app, self.name, self.password = app, name, f"{name}-password"
        with app.extensions["database"].write() as session:
            agents.add(session, name, display, self.password, utc_now(), role)
        self.client = app.test_client()

    def sign_in(self, password: str = "", address: str = "203.0.113.5", client=None):
        client = client or self.client
        page = client.get("/desk/login").get_data(as_text=True)
        return client.post(
            "/desk/login",
            data={
                "name": self.name,
                "password": password or self.password,
                "csrf_token": csrf(page),
            },
            environ_base={"REMOTE_ADDR": address},
        )

    def post(self, path: str, **form: str):
        page = self.client.get("/account").get_data(as_text=True)
        return self.client.post(path, data={"csrf_token": csrf(page), **form})

    def enrol(self) -> tuple[pyotp.TOTP, list[str]]:
        page = self.client.get("/account/factor").get_data(as_text=True)
        secret = page.split("<code>")[1].split("</code>")[0].replace(" ", "")
        device = pyotp.TOTP(secret)
        shown = self.post("/account/factor", code=device.now())
        assert shown.status_code == 200, shown.get_data(as_text=True)
        codes = shown.get_data(as_text=True).split("<code>")[1:]
        return device, [code.split("</code>")[0] for code in codes]


@pytest.fixture
def lead(app) -> Person:
    person = Person(app, "zhou", "老周", "lead")
    assert person.sign_in().status_code == 303
    return person


def test_each_role_gets_into_its_own_parts_only(app):
    parts = {"/desk": 0, "/editor": 0, "/accounts": 0, "/account": 0}
    may = {
        "agent": {"/desk", "/account"},
        "lead": {"/desk", "/accounts", "/account"},
        "editor": {"/editor", "/account"},
        "publisher": {"/editor", "/account"},
        "auditor": {"/accounts", "/account"},
    }
    for role, allowed in may.items():
        person = Person(app, role, role, role)
        person.sign_in()
        opened = {part for part in parts if person.client.get(part).status_code == 200}
        assert opened == allowed, role
    for part in parts:
        assert app.test_client().get(part).status_code == 302


@pytest.mark.parametrize(
    ("role", "home", "leads"),
    [("agent", "/desk", False), ("lead", "/desk", True), ("editor", "/editor", False)],
)
def test_ones_name_leads_to_ones_own_account_and_a_lead_to_all(app, role, home, leads):
    person = Person(app, role, "小陈", role)
    person.sign_in()
    page = person.client.get(home).get_data(as_text=True)
    assert re.search(r'<a class="whoami" href="/account"[^>]*>小陈</a>', page)
    assert ('href="/accounts"' in page) is leads
    assert 'href="/privacy"' not in person.client.get("/account").get_data(as_text=True)


def test_a_lead_adds_an_account_whose_owner_first_chooses_a_password(lead, app):
    page = lead.post("/accounts", name="anna", display="安娜", role="agent")
    drawn = page.get_data(as_text=True).split("<code>")[1].split("</code>")[0]
    anna = app.test_client()
    form = csrf(anna.get("/desk/login").get_data(as_text=True))
    anna.post("/desk/login", data={"name": "anna", "password": drawn, "csrf_token": form})
    assert anna.get("/desk").headers["Location"] == "/account"
    assert anna.get("/desk/api/queue").status_code == 403
    form = csrf(anna.get("/account").get_data(as_text=True))
    chosen = {"before": drawn, "password": "orange-lantern", "again": "orange-lantern"}
    assert anna.post("/account/password", data={"csrf_token": form, **chosen}).status_code == 303
    assert anna.get("/desk").status_code == 200


def test_a_lead_closes_resets_and_changes_others_but_neither_self_nor_auditors(lead, app):
    anna = Person(app, "anna", "安娜", "agent")
    auditor = Person(app, "audit", "小何", "auditor")
    anna.sign_in()
    with app.extensions["database"].read() as session:
        ids = {one.name: one.id for one in agents.everyone(session)}
    assert lead.post(f"/accounts/{ids['anna']}/role", role="editor").status_code == 303
    assert anna.client.get("/desk/api/queue").status_code == 401
    reset = lead.post(f"/accounts/{ids['anna']}/reset").get_data(as_text=True)
    assert "临时密码" in reset
    assert lead.post(f"/accounts/{ids['anna']}/close").status_code == 303
    assert anna.sign_in().status_code == 401
    for name in ("zhou", "audit"):
        assert lead.post(f"/accounts/{ids[name]}/close").status_code == 403
    assert lead.post(f"/accounts/{ids['anna']}/role", role="auditor").status_code == 404
    assert lead.post("/accounts", name="x", display="x", role="auditor").status_code == 403
    auditor.sign_in()
    assert auditor.client.get("/accounts").status_code == 200
    assert auditor.post(f"/accounts/{ids['anna']}/open").status_code == 403


def test_a_second_factor_is_asked_for_and_each_code_is_taken_once(app):
    anna = Person(app, "anna", "安娜", "agent")
    anna.sign_in()
    device, codes = anna.enrol()
    assert len(codes) == 10
    other = app.test_client()
    answer = anna.sign_in(client=other)
    assert answer.headers["Location"].startswith("/account/code")
    assert other.get("/desk/api/queue").status_code == 401

    def give(code: str):
        token = csrf(other.get("/account/code").get_data(as_text=True))
        return other.post("/account/code", data={"code": code, "csrf_token": token})

    assert give("000000").status_code == 401
    assert give(device.now()).status_code == 401  # the set-up has used this one
    assert give(codes[0].upper()).status_code == 303
    assert other.get("/desk/api/queue").status_code == 200
    third = app.test_client()
    anna.sign_in(client=third)
    token = csrf(third.get("/account/code").get_data(as_text=True))
    spent = third.post("/account/code", data={"code": codes[0], "csrf_token": token})
    assert spent.status_code == 401


def test_after_five_wrong_codes_the_password_is_asked_for_again(app):
    anna = Person(app, "anna", "安娜", "agent")
    anna.sign_in()
    device, _ = anna.enrol()
    thief = app.test_client()
    anna.sign_in(client=thief)
    for _ in range(5):
        page = thief.get("/account/code")
        token = csrf(page.get_data(as_text=True))
        thief.post("/account/code", data={"code": "111111", "csrf_token": token})
    assert thief.get("/account/code").status_code == 302
    assert device.now()


def test_a_role_that_needs_a_second_factor_gets_nowhere_without(make):
    app = make(second_factor=("lead",))
    zhou = Person(app, "zhou", "老周", "lead")
    zhou.sign_in()
    assert zhou.client.get("/desk").headers["Location"] == "/account/factor"
    refused = zhou.client.get("/desk/api/queue")
    assert (refused.status_code, refused.get_json()["type"]) == (
        403,
        "urn:xiaohu:problem:second-factor-needed",
    )
    zhou.enrol()
    assert zhou.client.get("/desk").status_code == 200
    assert zhou.post("/account/factor/drop", before="zhou-password").status_code == 422


def test_an_unused_session_ends_and_says_so(anna, app):
    database = app.extensions["database"]
    with database.write() as session:
        for row in session.query(AgentSession):
            row.used_at = utc_now() - timedelta(minutes=31)
    assert anna.get("/queue").get_json()["expired"] is True
    page = anna.client.get("/desk", follow_redirects=True).get_data(as_text=True)
    assert "登录已过期" in page
    assert "登录已过期" not in app.test_client().get("/desk/login").get_data(as_text=True)


def test_an_open_page_alone_does_not_keep_a_session_alive(anna, app):
    database = app.extensions["database"]
    then = utc_now() - timedelta(minutes=20)

    def used():
        with database.read() as session:
            return session.query(AgentSession).one().used_at

    with database.write() as session:
        session.query(AgentSession).one().used_at = then
    assert anna.post("/heartbeat", active=False).status_code == 200
    anna.get("/queue")
    assert used() == then
    assert anna.post("/heartbeat", active=True).status_code == 200
    assert used() > then


def test_sessions_are_listed_and_ended(anna, app):
    second = app.test_client()
    form = csrf(second.get("/desk/login").get_data(as_text=True))
    sent = {"name": "anna", "password": "anna-password", "csrf_token": form}
    second.post("/desk/login", data=sent, headers={"User-Agent": "Phone 7"})
    page = anna.client.get("/account").get_data(as_text=True)
    assert "Phone 7" in page
    ended = {"csrf_token": csrf(page), "session": "others"}
    assert anna.client.post("/account/sessions/end", data=ended).status_code == 303
    assert second.get("/desk/api/queue").status_code == 401
    assert anna.get("/queue").status_code == 200


def test_strangers_who_guess_do_not_lock_the_owner_out(app):
    anna = Person(app, "anna", "安娜", "agent")
    assert anna.sign_in().status_code == 303
    anna.post("/desk/logout")
    thief = app.test_client()
    seen = [anna.sign_in("wrong", "198.51.100.7", thief).status_code for _ in range(8)]
    assert seen == [401] * 5 + [429] * 3
    # from a browser that was here before, and from a new one elsewhere
    assert anna.sign_in(address="198.51.100.7").status_code == 303
    assert anna.sign_in(address="203.0.113.9", client=app.test_client()).status_code == 303


def test_a_crowd_of_addresses_gets_one_try_each_and_the_owner_still_gets_in(app):
    anna = Person(app, "anna", "安娜", "agent")
    for number in range(60):
        anna.sign_in("wrong", f"198.51.100.{number}", app.test_client())
    late = [anna.sign_in("wrong", "192.0.2.1", app.test_client()).status_code for _ in range(2)]
    assert late == [401, 429]
    assert anna.sign_in(address="203.0.113.9", client=app.test_client()).status_code == 303


def test_one_address_that_tries_many_accounts_is_slowed(app):
    names = [f"nobody{number}" for number in range(31)]
    client, seen = app.test_client(), []
    for name in names:
        form = csrf(client.get("/desk/login").get_data(as_text=True))
        sent = {"name": name, "password": "orange-lantern", "csrf_token": form}
        seen.append(client.post("/desk/login", data=sent).status_code)
    assert seen == [401] * 30 + [429]
    with app.extensions["database"].read() as session:
        assert not any(
            name in row.name_hash for row in session.query(LoginAttempt) for name in names
        )


@pytest.mark.parametrize(
    "password", ["short", "1qaz2wsx3edc", "P@ssw0rd2024", "xiaohu123456", "aaaaaaaaaaaa",
                 "qwertyuiop123", "Aa123456789", "annaannaanna", "woaini5201314", "password1234"]
)  # fmt: skip
def test_passwords_that_are_guessed_first_are_refused(password):
    with pytest.raises(passwords.WeakPassword):
        passwords.check(password, "anna", "安娜")


def test_a_page_of_an_older_session_gets_a_new_token(app):
    anna = Colleague(app, "anna", "安娜")
    old = anna.headers
    form = csrf(anna.client.get("/desk").get_data(as_text=True))
    anna.client.post("/desk/logout", data={"csrf_token": form})
    form = csrf(anna.client.get("/desk/login").get_data(as_text=True))
    sent = {"name": "anna", "password": "anna-password", "csrf_token": form}
    anna.client.post("/desk/login", data=sent)
    assert anna.client.post("/desk/api/heartbeat", json={}, headers=old).status_code == 400
    fresh = {"X-CSRF-Token": anna.get("/token").get_json()["token"]}
    assert anna.client.post("/desk/api/heartbeat", json={}, headers=fresh).status_code == 200
