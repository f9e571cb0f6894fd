"""Calls over HTTP: each side hears the other, and nobody else does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta

from sqlalchemy import update

from tests.web.always_open import ESCALATE, at_the_desk, call, frames
from tests.web.always_open import app as app
from tests.web.always_open import open_always as open_always
from tests.web.conftest import Colleague, Customer, csrf
from web.contacts import sweep_calls
from web.desk.models import AgentSession
from web.services import utc_now

HOST = "candidate:1 1 udp 2122 192.168.1.7 50000 typ host"


RELAYED = "candidate:2 1 udp 41 203.0.113.9 50001 typ relay raddr 0.0.0.0 rport 0"


def test_over_the_relay_alone_neither_side_is_told_an_address(make, open_always) -> None:
    turn = {"turn_urls": ("turn:relay.example",), "turn_secret": "coturn's"}
    app = make(hours=open_always, stun_urls=("stun:stun.example",), video_relay=True, **turn)
    anna, xiaolin = Colleague(app, "anna", "安娜"), Customer(app.test_client())
    at_the_desk(app)
    told = call(xiaolin, "post", "/calls", media="video").get_json()
    assert told["relay"] is True
    assert [one["urls"] for one in told["ice_servers"]] == [["turn:relay.example"]]
    number = told["call"]["id"]
    sdp = f"v=0\r\na={HOST}\r\na={RELAYED}\r\na=end-of-candidates\r\n"
    signals = [
        {"kind": "offer", "data": {"sdp": sdp}},
        *({"kind": "candidate", "data": {"candidate": one}} for one in (HOST, RELAYED, "")),
    ]
    assert call(xiaolin, "post", f"/calls/{number}/signals", signals=signals).status_code == 204
    assert anna.post(f"/calls/{number}/accept").get_json()["relay"] is True
    inbox = app.extensions["services"].contacts.inbox
    heard, _ = inbox.read(f"{number}:agent", "")
    assert [one["data"].get("candidate") for one in heard[1:]] == [RELAYED, ""]
    assert heard[0]["data"]["sdp"] == f"v=0\r\na={RELAYED}\r\na=end-of-candidates\r\n"


def test_a_call_rings_for_who_is_silent_no_longer_than_the_deployment_allows(
    make, open_always
) -> None:
    app = make(hours=open_always, agent_silence=120.0)
    anna, xiaolin = Colleague(app, "anna", "安娜"), Customer(app.test_client())
    seen_a_minute_ago(app)
    told = call(xiaolin, "post", "/calls", media="video").get_json()
    assert told["call"]["state"] == "ringing"
    parts = app.extensions["services"]
    sweep_calls(parts.database, parts.bus, utc_now(), parts.settings.silence)
    assert anna.get("/board").get_json()["call"]["state"] == "ringing"
    Colleague(app, "zhou", "老周")
    seen_a_minute_ago(app)
    assert anna.post(f"/calls/{told['call']['id']}/refuse").get_json()["state"] == "ringing"


def seen_a_minute_ago(app) -> None:
    with app.extensions["database"].write() as session:
        session.execute(update(AgentSession).values(seen_at=utc_now() - timedelta(seconds=60)))


def test_without_the_setting_a_call_goes_the_short_way(xiaolin, app) -> None:
    at_the_desk(app)
    assert call(xiaolin, "post", "/calls", media="audio").get_json()["relay"] is False


def test_a_call_passes_every_word_on_even_those_said_before_anybody_listened(
    app, xiaolin, anna
) -> None:
    at_the_desk(app)
    started = call(xiaolin, "post", "/calls", media="video")
    assert started.status_code == 201
    told = started.get_json()
    number, code = told["call"]["id"], told["call"]["code"]
    assert told["call"]["state"] == "ringing"
    assert told["call"]["agent"] is None  # who it rings for is nobody's business until they accept
    turn = told["ice_servers"][0]
    until, _, _ = turn["username"].partition(":")
    assert int(until) > utc_now().timestamp()
    mac = hmac.new(b"coturn's", turn["username"].encode(), hashlib.sha1).digest()
    assert turn["credential"] == base64.b64encode(mac).decode()

    assert anna.get("/board").get_json()["call"]["code"] == code
    offer = {"kind": "offer", "data": {"sdp": "v=0"}}
    assert call(xiaolin, "post", f"/calls/{number}/signals", signals=[offer]).status_code == 204
    accepted = anna.post(f"/calls/{number}/accept").get_json()
    assert accepted["call"]["state"] == "connecting"
    answer = {"kind": "answer", "data": {"sdp": "v=0 too"}}
    assert anna.post(f"/calls/{number}/signals", signals=[answer]).status_code == 204
    assert anna.post(f"/calls/{number}/connected").get_json()["state"] == "connected"

    streams: dict[str, list] = {}

    def follow(name: str, client, path: str, headers: dict) -> None:
        streams[name] = frames(client.get(path, headers=headers))

    others = app.test_client()
    page = others.get("/desk/login").get_data(as_text=True)
    others.post(
        "/desk/login",
        data={"name": "anna", "password": "anna-password", "csrf_token": csrf(page)},
    )
    sides = (
        ("customer", app.test_client(), f"{xiaolin.base}/calls/{number}/stream", xiaolin.headers),
        ("agent", others, f"/desk/api/calls/{number}/stream", {}),
    )
    listeners = [threading.Thread(target=follow, args=side) for side in sides]
    for listener in listeners:
        listener.start()
    ended = call(xiaolin, "post", f"/calls/{number}/hang-up").get_json()
    for listener in listeners:
        listener.join(20)
    assert ended["state"] == "ended"
    assert ("signal", answer) in streams["customer"]
    assert ("signal", offer) in streams["agent"]
    for said in streams.values():
        assert said[-1][1]["state"] == "ended"
    thread = json.dumps(xiaolin.read())
    assert "sdp" not in thread
    assert code not in thread


def test_a_call_taken_is_the_agents_case_and_one_page_at_a_time_holds_it(
    app, xiaolin, anna
) -> None:
    at_the_desk(app)
    number = call(xiaolin, "post", "/calls", media="audio").get_json()["call"]["id"]
    assert anna.post(f"/calls/{number}/rejoin", page="page-one").status_code == 409
    accepted = anna.post(f"/calls/{number}/accept", page="page-one").get_json()["call"]
    assert accepted["epoch"] == 0
    assert anna.get("/board").get_json()["call"]["page"] == "page-one"
    [mine] = anna.get("/queue").get_json()["mine"]
    assert (mine["id"], mine["reason"]) == (xiaolin.id, "call")
    assert xiaolin.say("我在打字")["state"]["owner"] == "agent"
    sent = anna.post(f"/conversations/{xiaolin.id}/messages", text="看到了", client_id="reply-0001")
    assert sent.status_code == 201
    assert anna.post(f"/calls/{number}/away", page="page-one").status_code == 204
    again = anna.post(f"/calls/{number}/rejoin", page="page-two").get_json()["call"]
    assert (again["epoch"], again["state"]) == (1, "connecting")
    assert anna.get("/board").get_json()["call"]["page"] == "page-two"
    zhou = Colleague(app, "zhou", "老周")
    for verb in ("rejoin", "away"):
        assert zhou.post(f"/calls/{number}/{verb}", page="page-three").status_code == 409
        assert anna.post(f"/calls/{number}/{verb}", page="no page").status_code == 422


def test_a_customers_reload_holds_the_call_on_and_nobody_elses_can(app, xiaolin, anna) -> None:
    at_the_desk(app)
    number = call(xiaolin, "post", "/calls", media="audio").get_json()["call"]["id"]
    anna.post(f"/calls/{number}/accept", page="page-one")
    assert call(xiaolin, "post", f"/calls/{number}/away?epoch=0").status_code == 204
    told = call(xiaolin, "post", f"/calls/{number}/rejoin").get_json()
    assert (told["call"]["state"], told["call"]["epoch"]) == ("connecting", 1)
    assert told["ice_servers"] is not None
    assert call(xiaolin, "post", f"/calls/{number}/away?epoch=no").status_code == 400
    ajie = Customer(app.test_client())
    for verb in ("rejoin", "away"):
        assert call(ajie, "post", f"/calls/{number}/{verb}").status_code == 404
    call(xiaolin, "post", f"/calls/{number}/hang-up")
    assert call(xiaolin, "post", f"/calls/{number}/rejoin").status_code == 409


def test_a_booking_a_call_or_a_rating_whose_answer_was_lost_is_made_once(
    app, xiaolin, anna, bot
) -> None:
    slot = call(xiaolin, "get", "/callback/slots").get_json()["slots"][0]["start"]
    wish = {"number": "13812345678", "start": slot, "client_id": "booking-0001"}
    first, again = (call(xiaolin, "post", "/callback", **wish) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    ask = {"media": "video", "client_id": "call-000001"}  # nobody is there: missed at once
    calls = [call(xiaolin, "post", "/calls", **ask).get_json()["call"]["id"] for _ in range(2)]
    assert calls[0] == calls[1]

    bot.replies = lambda body: [{"text": "好"}, ESCALATE]
    xiaolin.say("转人工")
    bot.replies = lambda body: [{"text": "好"}]
    anna.post(f"/conversations/{xiaolin.id}/claim")
    anna.post(f"/conversations/{xiaolin.id}/close")
    rating = {"score": 5, "comment": "很好", "client_id": "rating-0001"}
    assert [call(xiaolin, "post", "/rating", **rating).status_code for _ in range(2)] == [200, 200]
    assert call(xiaolin, "post", "/rating", score=1).status_code == 409
    kinds = [event["type"] for event in xiaolin.read()["events"]]
    assert [kinds.count(k) for k in ("callback_booked", "call_requested", "rated")] == [1, 1, 1]
