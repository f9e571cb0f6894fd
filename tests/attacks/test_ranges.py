"""Attacks from a rented range of addresses (a /24, of IPv6 a /48)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask

from tests.web.conftest import Customer
from web.admission import Busy, Gate
from web.desk.asked import Asked
from web.desk.feedback import Feedback
from web.desk.guessing import network, wider
from web.desk.models import Conversation

PROXY = "10.0.0.7"
OTHER = "203.0.113.5"


def behind(app: Flask, address: str) -> Any:
    """A client whose address a listed proxy tells."""
    client = app.test_client()
    told = {"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": address}
    client.environ_base = {**client.environ_base, **told}
    return client


@pytest.fixture(scope="module")
def proxied(build: Callable[..., Flask]) -> Flask:
    return build(
        proxies=1, proxy_addresses=("10.0.0.0/8",), range_times=2, places=1, max_streams=8,
        callback_capacity=1,
    )  # fmt: skip


def near(at: int) -> tuple[str, str]:
    """Two addresses, each of its own household, in one /24 and in one /48."""
    return f"198.51.100.{at + 1}", f"2001:db8:1:{at + 1:x}::1"


@pytest.mark.parametrize("family", [0, 1])
def test_votes_of_one_range_count_a_few_times(proxied: Flask, family: int) -> None:
    path = "/api/v1/faqs/pay-duplicate/feedback"
    before = votes(proxied)
    for at in range(10):
        answer = behind(proxied, near(at)[family]).post(path, json={"helpful": False})
        assert answer.status_code == 204
    assert behind(proxied, OTHER).post(path, json={"helpful": True}).status_code == 204
    assert votes(proxied) - before == {False: 6, True: 1}


def votes(app: Flask) -> Counter[bool]:
    with app.extensions["database"].read() as session:
        return Counter(row.helpful for row in session.query(Feedback))


def test_one_range_cannot_drain_the_callbacks(proxied: Flask) -> None:
    first = Customer(behind(proxied, OTHER))
    path = f"{first.base}/callback/slots"
    starts = [one["start"] for one in first.client.get(path, headers=first.headers).json["slots"]]
    got: Counter[int] = Counter()
    for at in range(10):
        thief = Customer(behind(proxied, near(at)[0]))
        wish = {"number": f"138{at:08}", "start": starts[at]}
        sent = thief.client.post(f"{thief.base}/callback", json=wish, headers=thief.headers)
        got[sent.status_code] += 1
    assert got == {201: 6, 428: 4}
    wish = {"number": "13900000001", "start": starts[11]}
    sent = first.client.post(f"{first.base}/callback", json=wish, headers=first.headers)
    assert sent.status_code == 201


def test_places_beyond_a_ranges_share_wait_behind_the_others(proxied: Flask) -> None:
    thieves = [Customer(behind(proxied, near(at)[1])) for at in range(5)]
    victim = Customer(behind(proxied, OTHER))
    for one in (*thieves, victim):
        sent = one.client.post(f"{one.base}/queue", json={}, headers=one.headers)
        assert sent.status_code == 200
    with proxied.extensions["database"].read() as session:
        doubtful = [session.get(Conversation, one.id).doubtful for one in (*thieves, victim)]
    assert doubtful == [False, False, True, True, True, False]


def test_searches_of_one_range_are_answered_and_noted_a_few_times(
    proxied: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = proxied.extensions["services"].notes
    for name, value in (("_burst", 2), ("_clock", lambda: 0.0)):
        monkeypatch.setattr(notes, name, value)
    for at in range(9):
        found = behind(proxied, near(at)[0]).get("/search", query_string={"q": f"怎么退款{at}"})
        assert found.status_code == 200
    behind(proxied, OTHER).get("/search?q=怎么提现")
    with proxied.extensions["database"].read() as session:
        kept = [row.text for row in session.query(Asked).filter_by(place="search")]
    assert kept == [f"怎么退款{at}" for at in range(4)] + ["怎么提现"]


def slowly(app: Flask, monkeypatch: pytest.MonkeyPatch, limit: str, burst: int) -> None:
    """Let a limit hold so few at once, in a time that stands still."""
    own = getattr(app.extensions["services"], limit)
    for name, value in (("_burst", burst), ("_clock", lambda: 0.0)):
        monkeypatch.setattr(own, name, value)


@pytest.mark.parametrize("family", [0, 1])
@pytest.mark.parametrize(
    ("path", "form", "right"),
    [("/complaint", {"who": "小林"}, 422), ("/complaint/pack", {"letter": "我要投诉"}, 200)],
)
def test_emails_and_packs_of_one_range_are_made_a_few_times(
    build: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch,
    path: str, form: dict[str, str], right: int, family: int,
) -> None:  # fmt: skip
    app = build(proxies=1, proxy_addresses=("10.0.0.0/8",), range_times=2)
    slowly(app, monkeypatch, "votes", 3)
    sent = [behind(app, near(at)[family]).post(path, data=form).status_code for at in range(9)]
    assert sent == [right] * 6 + [429] * 3
    assert behind(app, OTHER).post(path, data=form).status_code == right
    own = [behind(app, OTHER).post(path, data=form).status_code for _ in range(3)]
    assert own == [right, right, 429], "one address has no more than its own share"


@pytest.mark.parametrize("family", [0, 1])
@pytest.mark.parametrize(
    ("method", "rest"),
    [("GET", ""), ("POST", ""), ("POST", "/undo")],
    ids=["look", "prove", "undo"],
)
def test_links_of_text_messages_are_guessed_a_few_times_from_one_range(
    build: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch,
    method: str, rest: str, family: int,
) -> None:  # fmt: skip
    app = build(proxies=1, proxy_addresses=("10.0.0.0/8",), range_times=2)
    slowly(app, monkeypatch, "openings", 3)

    def guess(address: str, at: int) -> int:
        link = f"/callback/a-guess-{at:04d}{rest}"
        return int(behind(app, address).open(link, method=method).status_code)

    assert [guess(near(at)[family], at) for at in range(9)] == [404] * 6 + [429] * 3
    assert [guess(OTHER, at) for at in range(5)] == [404] * 3 + [429] * 2
    asked = behind(app, near(0)[family]).post("/verify", data={"asked": "95188"})
    assert asked.status_code == 200, "another matter is counted by itself"


def test_streams_of_one_range_leave_a_quarter_to_everybody_else(proxied: Flask) -> None:
    thieves = [Customer(behind(proxied, near(at)[0])) for at in range(8)]
    other = Customer(behind(proxied, OTHER))
    with ExitStack() as held:

        def stream(one: Customer) -> int:
            told = one.client.get(f"{one.base}/stream", headers=one.headers)
            held.callback(told.close)
            return int(told.status_code)

        assert Counter(stream(one) for one in thieves) == {200: 6, 503: 2}
        assert stream(other) == 200


def test_turns_of_one_address_and_of_one_range_leave_some_to_others() -> None:
    gate = Gate("turns", 8)
    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(gate.passing(who="198.51.100.1"))
        with pytest.raises(Busy):
            gate.enter(who="198.51.100.1")
        for at in (2, 3):
            held.enter_context(gate.passing(who=f"198.51.100.{at}"))
        with pytest.raises(Busy):
            gate.enter(who="198.51.100.4")
        held.enter_context(gate.passing(reserve=1, who="198.51.100.5"))  # on the way to people
        held.enter_context(gate.passing(who=OTHER))
    assert gate.inside == 0
    assert not gate._held, "who has left holds nothing"


def test_what_a_proxy_that_is_not_listed_tells_makes_nobody_another(proxied: Flask) -> None:
    path = "/api/v1/faqs/refund-how/feedback"
    before = votes(proxied)
    for at in range(9):
        client = behind(proxied, near(at)[0])
        client.environ_base["REMOTE_ADDR"] = "192.0.2.9"
        client.post(path, json={"helpful": False})
    assert votes(proxied) - before == {False: 3}


def test_an_address_belongs_to_the_range_that_one_customer_of_a_hoster_has() -> None:
    assert wider(network("198.51.100.66")) == "198.51.100.0/24"
    assert wider(network("2001:db8:1:2::3")) == "2001:db8:1::/48"
    assert network("::ffff:198.51.100.66") == "198.51.100.66", "as a socket for both kinds tells it"
    assert wider("a-conversation") == ""
