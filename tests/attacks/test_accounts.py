"""Attacks on the staff's accounts: guesses, locked-out owners, sessions that outlive their use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.attacks.conftest import Member, csrf, from_address
from web.accounts import passwords
from web.accounts.passwords import WeakPassword
from web.desk import agents, guessing
from web.desk.errors import Throttled
from web.desk.guessing import Origin
from web.desk.models import AgentSession
from web.services import utc_now

COMMON = (
    "password123", "1234567890", "qwertyuiop", "iloveyou12", "woaini1314", "5201314520",
    "a123456789", "xiaohu2024", "xiaohuqianbao", "Zhongguo88", "admin12345", "anna-anna1",
)  # fmt: skip


def sign_in(client: Any, name: str, password: str) -> Any:
    page = client.get("/desk/login").get_data(as_text=True)
    form = {"name": name, "password": password, "csrf_token": csrf(page)}
    return client.post("/desk/login", data=form)


@pytest.mark.parametrize("password", COMMON)
def test_a_password_that_guessers_try_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        passwords.check(password, "anna", "安娜")


def test_guesses_are_slowed_and_the_owner_is_not_kept_out(build: Callable[..., Flask]) -> None:
    app = build()
    anna = Member(app, "anna", "安娜")
    anna.client.post("/desk/logout", headers=anna.headers)
    got: Counter[int] = Counter()
    for at in range(40):
        thief = from_address(app, "198.51.100.66" if at % 2 else f"2001:db8:7:7::{at:x}")
        got[sign_in(thief, "anna", f"guess-{at}").status_code] += 1
    assert set(got) == {401, 429}
    assert got[401] <= 12, "five for each net, and a few whose wait was over"
    assert sign_in(anna.client, "anna", "anna-password").status_code == 303
    new_place = from_address(app, "203.0.113.77")
    assert sign_in(new_place, "anna", "anna-password").status_code == 303


def test_one_password_on_many_accounts_is_slowed_too(build: Callable[..., Flask]) -> None:
    app = build()
    thief = from_address(app, "198.51.100.67")
    got = Counter(sign_in(thief, f"name-{at}", "Summer2026!").status_code for at in range(36))
    assert got[429] >= 4
    assert got[401] <= 32


def test_an_unknown_name_is_answered_as_a_known_one(build: Callable[..., Flask]) -> None:
    app = build()
    Member(app, "anna", "安娜")
    pages = [
        sign_in(from_address(app, f"203.0.113.{at}"), name, "wrong password")
        for at, name in enumerate(("anna", "nobody"), 10)
    ]
    told = [page.get_data(as_text=True).replace("nobody", "anna") for page in pages]
    strip = [text.replace(csrf(text), "") for text in told]
    assert pages[0].status_code == pages[1].status_code == 401
    assert strip[0] == strip[1]


def test_codes_are_guessed_at_no_faster_than_passwords(app: Flask) -> None:
    now = utc_now()
    taken = 0
    with app.extensions["database"].write() as session:
        for _ in range(50):
            try:
                guessing.count(session, "code:zhou", Origin("198.51.100.68"), now)
                taken += 1
            except Throttled:
                pass
    assert taken == guessing.FREE_FAILURES


def test_sessions_are_listed_ended_and_end_by_themselves(build: Callable[..., Flask]) -> None:
    app = build()
    anna = Member(app, "anna", "安娜")
    other = from_address(app, "203.0.113.9")
    assert sign_in(other, "anna", "anna-password").status_code == 303
    page = anna.client.get("/account").get_data(as_text=True)
    assert "203.0.113.9" in page
    form = {"session": "others", "csrf_token": csrf(page)}
    ended = anna.client.post("/account/sessions/end", data=form)
    assert ended.status_code in (302, 303)
    assert other.get("/desk/api/queue").status_code == 401
    assert anna.get("/queue").status_code == 200
    limits = app.extensions["settings"].session_limits
    with app.extensions["database"].write() as session:
        for row in session.query(AgentSession):
            row.used_at = utc_now() - limits.idle - timedelta(minutes=1)
    assert anna.get("/queue").status_code == 401
    told = anna.client.get("/desk/login").get_data(as_text=True)
    assert "过期" in told
    assert sign_in(anna.client, "anna", "anna-password").status_code == 303
    with app.extensions["database"].write() as session:
        for row in session.query(AgentSession):
            row.created_at = utc_now() - limits.absolute - timedelta(minutes=1)
            row.used_at = utc_now()
    assert anna.get("/queue").status_code == 401, "however busily it was used"


def test_a_stolen_cookie_is_worth_nothing_after_a_password_change(
    build: Callable[..., Flask],
) -> None:
    app = build()
    anna = Member(app, "anna", "安娜")
    thief = app.test_client()
    cookie = anna.client.get_cookie("desk")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    thief.set_cookie("desk", cookie.value)
    assert thief.get("/desk/api/queue").status_code == 200
    page = anna.client.get("/account").get_data(as_text=True)
    form = {
        "before": "anna-password",
        "password": "eine-andere-Laterne",
        "again": "eine-andere-Laterne",
        "csrf_token": csrf(page),
    }
    assert anna.client.post("/account/password", data=form).status_code in (302, 303)
    assert thief.get("/desk/api/queue").status_code == 401
    with app.extensions["database"].read() as session:
        assert agents.named(session, "anna").password_hash.startswith("$argon2id$")
