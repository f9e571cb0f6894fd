"""Callbacks, the card and pictures over HTTP: each side sees its own and no more."""

from __future__ import annotations

import json

import pytest

from tests.web.always_open import ESCALATE, OPEN, at_the_desk, call, picture
from tests.web.always_open import app as app
from tests.web.always_open import open_always as open_always
from tests.web.conftest import Colleague, Customer


def test_a_callback_is_booked_called_and_closed(xiaolin, anna) -> None:
    told = call(xiaolin, "get", "/callback/slots").get_json()
    assert told["suggested"]
    start = told["slots"][0]["start"]
    booked = call(xiaolin, "post", "/callback", number="13812345678", start=start)
    assert booked.status_code == 201
    code = booked.get_json()["code"]
    assert call(xiaolin, "get", "/contacts").get_json()["callback"]["code"] == code
    again = call(xiaolin, "post", "/callback", number="13812345678", start=start)
    assert again.get_json()["type"].endswith("already-booked")

    (row,) = anna.get("/board").get_json()["callbacks"]
    assert (row["code"], row["number"]) == ("", "+86 138****5678"), "the code is the caller's alone"
    assert anna.get(f"/callbacks/{row['id']}/number").status_code == 409
    taken = anna.post(f"/callbacks/{row['id']}/take").get_json()
    assert taken["number"] == "+8613812345678"
    (row,) = anna.get("/board").get_json()["callbacks"]
    assert row["code"] == code
    assert anna.get(f"/callbacks/{row['id']}/number").get_json()["number"] == "+8613812345678"
    assert anna.post(f"/callbacks/{row['id']}/close", outcome="maybe").status_code == 422
    done = anna.post(f"/callbacks/{row['id']}/close", outcome="reached")
    assert done.get_json()["state"] == "done"
    assert anna.get("/board").get_json()["callbacks"] == []
    thread = json.dumps(xiaolin.read(), ensure_ascii=False)
    assert code not in thread
    assert "12345678" not in thread
    assert "callback_done" in thread


def test_one_address_cannot_book_the_whole_week_but_a_mistyped_number_costs_nothing(client) -> None:
    def book(customer: Customer, number: str):
        offered = call(customer, "get", "/callback/slots").get_json()["slots"]
        return call(customer, "post", "/callback", number=number, start=offered[-1]["start"])

    clumsy = Customer(client)
    for _ in range(15):
        assert book(clumsy, "12345").status_code == 422
    taken = [book(Customer(client), f"1380013{n:04d}").status_code for n in range(14)]
    assert taken == [201] * 3 + [428] * 11, "and no more than ten with work (attacks/test_work.py)"


@pytest.mark.parametrize(("number", "reason"), [("123", "form"), ("+12024561111", "region")])
def test_numbers_that_cannot_be_called_are_told_why(xiaolin, number, reason) -> None:
    start = call(xiaolin, "get", "/callback/slots").get_json()["slots"][0]["start"]
    refused = call(xiaolin, "post", "/callback", number=number, start=start)
    assert refused.status_code == 422
    assert refused.get_json()["type"].endswith("bad-number")
    assert refused.get_json()["reason"] == reason


def test_who_took_back_their_word_is_not_seen_and_sends_no_picture(app, xiaolin) -> None:
    at_the_desk(app)
    for purpose in ("video", "pictures"):
        said = call(xiaolin, "put", "/consents", purpose=purpose, given=False)
        assert said.get_json()["consents"][purpose] is False
    refused = call(xiaolin, "post", "/calls", media="video")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "consent-withdrawn")
    path = f"{xiaolin.base}/attachments?client_id=picture-1"
    refused = xiaolin.client.post(path, data=b"x", headers=xiaolin.headers)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "consent-withdrawn")
    assert call(xiaolin, "post", "/calls", media="audio").status_code == 201


def test_an_agent_sends_a_picture_to_the_customer_they_have_and_to_no_other(
    app, xiaolin, anna, bot
) -> None:
    path = f"/desk/api/conversations/{xiaolin.id}/attachments?client_id=picture-"

    def send(colleague: Colleague, content: bytes = b"", number: int = 9):
        body = content or picture()
        return colleague.client.post(f"{path}{number}", data=body, headers=colleague.headers)

    assert send(anna).status_code == 409
    bot.replies = lambda body: [ESCALATE]
    xiaolin.say("转人工")
    anna.post(f"/conversations/{xiaolin.id}/claim")
    sent = send(anna)
    assert sent.status_code == 201
    assert send(anna).status_code == 200
    assert sent.get_json()["event"]["actor"] == {"kind": "agent", "name": "安娜"}
    name = sent.get_json()["event"]["data"]["attachment"]
    assert call(xiaolin, "get", f"/attachments/{name}").mimetype == "image/webp"
    assert send(Colleague(app, "zhou", "老周"), number=8).status_code == 409
    assert send(anna, b"\0 no picture", number=7).status_code == 422
    assert anna.client.post(f"{path}6", data=picture()).status_code == 400  # without the CSRF token


def test_a_case_is_corrected_found_by_its_number_and_seen_with_what_was_before(
    app, xiaolin, anna, bot
) -> None:
    bot.replies = lambda body: [
        {"custom": {**ESCALATE["custom"], "urgent": True, "topic": "fraud"}}
    ]
    xiaolin.say("被骗了")
    bot.replies = lambda body: [{"text": "解决了吗？"}]
    wish = {"urgent": False, "topic": "refund", "card": {"amount": "88 元"}}
    told = anna.put(f"/conversations/{xiaolin.id}/case", **wish).get_json()["conversation"]
    assert (told["urgent"], told["topic"], told["card"]["amount"]) == (False, "refund", "88 元")
    number = told["number"]
    assert anna.get(f"/cases/{number.lower()}").get_json() == {"conversation": xiaolin.id}
    assert anna.get("/cases/K22222222").status_code == 404
    (found,) = anna.get("/cases?q=88 refund").get_json()["cases"]
    assert (found["number"], found["conversation"], found["title"]) == (number, xiaolin.id, "")
    assert anna.get("/cases?q=89").get_json() == anna.get("/cases?q=").get_json() == {"cases": []}
    assert anna.put(f"/conversations/{xiaolin.id}/case", topic="退款'--").status_code == 422
    assert "triaged" not in [event["type"] for event in xiaolin.read()["events"]]
    anna.post(f"/conversations/{xiaolin.id}/claim")
    assert (
        Colleague(app, "zhou", "老周")
        .put(f"/conversations/{xiaolin.id}/case", urgent=True)
        .status_code
        == 409
    )
    anna.post(f"/conversations/{xiaolin.id}/close")
    bot.replies = lambda body: [ESCALATE]
    xiaolin.say("又来了，转人工")
    [before] = anna.get(f"/conversations/{xiaolin.id}/history").get_json()["cases"]
    assert (before["number"], before["agents"], before["state"]) == (number, ["安娜"], "closed")
    client = app.test_client()
    for path in (f"/cases/{number}", f"/conversations/{xiaolin.id}/history"):
        assert client.get(f"/desk/api{path}").status_code == 401


def test_a_stranger_reaches_no_call_picture_or_card(app, xiaolin, client, anna) -> None:
    at_the_desk(app)
    ajie = Customer(client)
    number = call(xiaolin, "post", "/calls", media="audio").get_json()["call"]["id"]
    sent = client.post(
        f"{xiaolin.base}/attachments?client_id=picture-1", data=picture(), headers=xiaolin.headers
    )
    name = sent.get_json()["event"]["data"]["attachment"]
    for path in (f"/calls/{number}/stream", f"/attachments/{name}"):
        assert call(ajie, "get", path).status_code == 404
        assert client.get(f"{xiaolin.base}{path}").status_code == 401
        assert client.get(f"{xiaolin.base}{path}", headers=ajie.headers).status_code == 404
    assert client.get(f"{xiaolin.base}/card", headers=ajie.headers).status_code == 404
    zhou = Colleague(app, "zhou", "老周")
    assert zhou.post(f"/calls/{number}/accept").status_code == 409
    assert zhou.get(f"/calls/{number}/stream").status_code == 409


def test_with_nobody_at_the_desk_or_out_of_hours_the_customer_is_told(make, tmp_path) -> None:
    hours = tmp_path / "hours.yml"
    hours.write_text(OPEN, encoding="utf-8")
    customer = Customer(make(hours=hours).test_client())
    missed = call(customer, "post", "/calls", media="video").get_json()["call"]
    assert (missed["state"], missed["reason"]) == ("missed", "nobody_there")
    hours.write_text("channels: {video: {}}\n", encoding="utf-8")
    closed = call(Customer(make(hours=hours).test_client()), "post", "/calls", media="video")
    assert closed.status_code == 409
    assert closed.get_json()["type"].endswith("closed")


def test_a_picture_is_taken_shown_to_both_sides_and_can_do_nothing(app, xiaolin, anna) -> None:
    path = f"{xiaolin.base}/attachments?client_id=picture-1"
    sent = xiaolin.client.post(path, data=picture(), headers=xiaolin.headers)
    assert sent.status_code == 201
    assert xiaolin.client.post(path, data=picture(), headers=xiaolin.headers).status_code == 200
    name = sent.get_json()["event"]["data"]["attachment"]
    for answer in (
        call(xiaolin, "get", f"/attachments/{name}"),
        anna.get(f"/conversations/{xiaolin.id}/attachments/{name}?reason=核对凭证"),
    ):
        assert answer.mimetype == "image/webp"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    refused = xiaolin.client.post(
        path + "2", data=b"<svg onload=alert(1)>", headers=xiaolin.headers
    )
    assert refused.get_json()["reason"] == "kind"
    too_large = xiaolin.client.post(
        path + "3", data=b"0" * (8 * 1024 * 1024 + 1), headers=xiaolin.headers
    )
    assert too_large.status_code == 413


def test_the_customer_corrects_the_card_and_the_agent_sees_it(xiaolin, anna, bot) -> None:
    bot.replies = lambda body: [ESCALATE]
    xiaolin.say("人工", "/human")
    changed = call(xiaolin, "put", "/card", amount="88 元", problem="付款失败")
    assert (
        changed.get_json()
        == {
            "card": {"amount": "88 元", "problem": "付款失败"},
            "editable": True,
        }
        or changed.get_json()["card"]["amount"] == "88 元"
    )
    seen = anna.get(f"/conversations/{xiaolin.id}").get_json()["card"]
    assert seen["amount"] == "88 元"
    anna.post(f"/conversations/{xiaolin.id}/claim")
    assert call(xiaolin, "put", "/card", amount="1 元").status_code == 409
    assert call(xiaolin, "get", "/card").get_json()["editable"] is False


def test_an_agent_cannot_ask_for_a_secret_or_give_the_code_away(app, xiaolin, anna, bot) -> None:
    at_the_desk(app)
    bot.replies = lambda body: [ESCALATE]
    xiaolin.say("人工", "/human")
    anna.post(f"/conversations/{xiaolin.id}/claim")
    started = call(xiaolin, "post", "/calls", media="video").get_json()
    code = started["call"]["code"]
    for text, kind in (("请把验证码发给我", "code"), (f"核对码是 {code}", "caller_code")):
        refused = anna.post(
            f"/conversations/{xiaolin.id}/messages", client_id=f"client-{kind}", text=text
        )
        assert refused.status_code == 422
        assert refused.get_json()["kinds"] == [kind]
    found = anna.post("/check", client_id="check-0001", text="您的密码是多少").get_json()["asks"]
    assert [ask["kind"] for ask in found] == ["password"]
    sent = anna.post(
        f"/conversations/{xiaolin.id}/messages",
        client_id="client-fine",
        text="请不要把验证码告诉任何人",
    )
    assert sent.status_code == 201


def test_a_picture_is_answered_by_the_bot_until_an_agent_has_the_conversation(
    bot, xiaolin, anna
) -> None:
    bot.replies = lambda body: [{"text": "图片收到了"}] if body["message"] == "/picture" else []
    xiaolin.client.post(
        f"{xiaolin.base}/attachments?client_id=picture-1", data=picture(), headers=xiaolin.headers
    )
    assert bot.messages()[-1] == "/picture"
    assert xiaolin.read()["events"][-1]["data"]["text"] == "图片收到了"
