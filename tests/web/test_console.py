"""The console: signing in done right, and the way of a conversation through an agent's hands."""

from __future__ import annotations

import threading

import pytest

from tests.web.conftest import Colleague, Customer, csrf
from web.desk import agents
from web.services import utc_now

ESCALATE = {
    "custom": {"command": "escalate", "topic": "pay_failed", "reason": "unsolved",
               "card": {"amount": "88"}}
}  # fmt: skip


@pytest.fixture
def waiting(bot, client) -> Customer:
    customer = Customer(client)
    bot.replies = lambda body: [ESCALATE]
    customer.say("付不了款，转人工")
    bot.replies = lambda body: [{"text": "解决了吗？"}]
    return customer


def enter(client, name="anna", password="anna-password", **more):
    page = client.get("/desk/login").get_data(as_text=True)
    form = {"name": name, "password": password, "csrf_token": csrf(page), **more}
    return client.post("/desk/login", data=form)


def test_strangers_see_nothing(client):
    assert client.get("/desk").status_code == 302
    for path in ("/queue", "/stream", "/conversations/abcdefghijklmnopqrstuv"):
        refused = client.get("/desk/api" + path)
        assert refused.status_code == 401
        assert refused.mimetype == "application/problem+json"


def test_the_cookie_is_kept_from_scripts_and_other_sites(anna, app):
    cookie = anna.response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    page = app.test_client().get("/desk/login", base_url="https://help.example")
    assert "Secure" in page.headers["Set-Cookie"]


def test_the_session_changes_at_sign_in_and_ends_at_sign_out(anna, app):
    client = app.test_client()
    client.get("/desk/login")
    before = client.get_cookie("desk").value
    with client.session_transaction() as session:
        session["planted"] = "by someone else"
    enter(client)
    assert client.get_cookie("desk").value != before
    with client.session_transaction() as session:
        assert "planted" not in session
    stolen = client.get_cookie("desk").value
    page = client.get("/desk").get_data(as_text=True)
    assert client.post("/desk/logout", data={"csrf_token": csrf(page)}).status_code == 302
    thief = app.test_client()
    thief.set_cookie("desk", stolen)
    assert thief.get("/desk/api/queue").status_code == 401
    assert anna.get("/queue").status_code == 200


def test_every_change_needs_the_csrf_token(anna, app, waiting):
    for path in ("claim", "return", "close", "messages"):
        refused = anna.client.post(f"/desk/api/conversations/{waiting.id}/{path}", json={})
        assert refused.status_code == 400
        assert refused.mimetype == "application/problem+json"
    assert anna.client.post("/desk/logout").status_code == 400
    assert app.test_client().post("/desk/login", data={"name": "anna"}).status_code == 400
    assert waiting.read()["state"]["owner"] == "queue"


def test_a_wrong_password_is_slowed_down_for_its_account_only(anna, app):
    with app.extensions["database"].write() as session:
        agents.add(session, "zhou", "老周", "zhou-password", utc_now())
    client = app.test_client()
    statuses = [enter(client, password="wrong").status_code for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    assert enter(client, "nobody", "wrong").status_code == 401
    assert enter(app.test_client(), "zhou", "zhou-password").status_code == 303


@pytest.mark.parametrize(
    "wish", ["https://evil.example", "//evil.example", "/desk\\@evil.example", "/desk/../..//evil"]
)
def test_signing_in_never_leads_away(app, wish):
    with app.extensions["database"].write() as session:
        agents.add(session, "anna", "安娜", "anna-password", utc_now())
    response = enter(app.test_client(), next=wish)
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/desk")
    assert "evil" not in response.headers["Location"].replace("/desk/../..//evil", "")


def test_the_whole_way_of_a_conversation(anna, bot, waiting):
    (row,) = anna.get("/queue").get_json()["waiting"]
    assert (row["id"], row["place"], row["topic"]) == (waiting.id, 1, "pay_failed")
    assert row["card"]["amount"] == "88"
    claimed = anna.post(f"/conversations/{waiting.id}/claim")
    assert claimed.get_json()["state"]["agent"] == "安娜"
    assert [row["id"] for row in anna.get("/queue").get_json()["mine"]] == [waiting.id]
    said = anna.post(
        f"/conversations/{waiting.id}/messages", client_id="agent-0001", text="您好，我是安娜"
    )
    again = anna.post(
        f"/conversations/{waiting.id}/messages", client_id="agent-0001", text="您好，我是安娜"
    )
    assert (said.status_code, again.status_code) == (201, 200)
    assert said.get_json()["message"] == again.get_json()["message"]
    asked = len(bot.asked)
    assert waiting.say("谢谢")["events"] == []
    assert len(bot.asked) == asked, "the bot is silent"
    thread = anna.get(f"/conversations/{waiting.id}").get_json()
    assert [event["data"].get("text") for event in thread["events"]][-2:] == [
        "您好，我是安娜",
        "谢谢",
    ]
    closed = anna.post(f"/conversations/{waiting.id}/close")
    assert closed.get_json()["state"]["owner"] == "bot"
    assert bot.messages()[-1] == "/human_left"
    types = [event["type"] for event in waiting.read()["events"]]
    assert types[-5:] == ["agent_joined", "message", "message", "closed", "message"]
    assert waiting.read()["events"][-1]["data"]["text"] == "解决了吗？"


def test_a_colleague_gets_409_and_the_winner_may_repeat(anna, app, waiting):
    zhou = Colleague(app, "zhou", "老周")
    path = f"/conversations/{waiting.id}"
    assert anna.post(f"{path}/claim").status_code == 200
    assert anna.post(f"{path}/claim").status_code == 200
    assert zhou.post(f"{path}/claim").status_code == 409
    assert zhou.post(f"{path}/close").status_code == 409
    spoken = zhou.post(f"{path}/messages", client_id="agent-0001", text="喂")
    assert spoken.status_code == 409
    assert anna.post(f"{path}/return").get_json()["state"]["owner"] == "queue"
    assert zhou.post(f"{path}/claim").status_code == 200


def test_two_agents_race_and_one_wins(anna, app, bot, client):
    zhou = Colleague(app, "zhou", "老周")
    for colleague in (anna, zhou):
        colleague.put("/me", max_chats=20)
    bot.replies = lambda body: [ESCALATE]
    for _ in range(10):
        customer = Customer(client)
        customer.say("转人工")
        statuses = []

        def claim(colleague, customer=customer, statuses=statuses):
            statuses.append(colleague.post(f"/conversations/{customer.id}/claim").status_code)

        threads = [threading.Thread(target=claim, args=(one,)) for one in (anna, zhou)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [200, 409]


def test_the_desks_stream_resumes_without_loss(anna, waiting):
    response = anna.client.get("/desk/api/stream")
    frames = iter(response.response)
    assert "event: queue" in _text(next(frames))
    response.close()
    anna.post(f"/conversations/{waiting.id}/claim")
    response = anna.client.get("/desk/api/stream")
    frame = _text(next(iter(response.response)))
    cursor = frame.split("id: ")[1].split("\n")[0]
    response.close()
    waiting.say("你在吗")
    response = anna.client.get("/desk/api/stream", headers={"Last-Event-ID": cursor})
    frame = _text(next(iter(response.response)))
    assert "你在吗" in frame
    assert f'"conversation": "{waiting.id}"' in frame
    response.close()


def test_a_garbled_cursor_does_no_harm(anna):
    response = anna.client.get("/desk/api/stream", headers={"Last-Event-ID": "a b:c :4 x:-1"})
    assert "event: queue" in _text(next(iter(response.response)))
    response.close()


def _text(frame: str | bytes) -> str:
    return frame if isinstance(frame, str) else frame.decode()
