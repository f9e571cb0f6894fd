"""A customer's conversation over HTTP: idempotent, private, masked, resumable."""

from __future__ import annotations

import json
import threading

from sqlalchemy import select

from tests.product import PATIENCE
from tests.web.conftest import Customer
from web.desk.feedback import Feedback, Opinion

ESCALATE = {"custom": {"command": "escalate", "topic": "human", "reason": "asked", "card": {}}}


def test_opening_greets_and_tells_the_state(bot, client):
    bot.replies = lambda body: [
        {"text": "你好", "buttons": [{"title": "退款", "payload": "/refund"}]}
    ]
    opened = Customer(client).opened
    assert bot.messages() == ["/start"]
    assert opened["state"] == {
        "owner": "bot",
        "queue": None,
        "agent": None,
        "typing": None,
        "read": {"customer": 0, "agent": 0},
    }
    (greeting,) = opened["events"]
    assert (greeting["id"], greeting["cause"], greeting["actor"]["kind"]) == (1, None, "bot")
    assert greeting["data"]["buttons"] == [{"title": "退款", "payload": "/refund"}]


def test_the_bot_is_told_what_it_needs_of_the_world(bot, xiaolin):
    xiaolin.say("扣了两次钱")
    assert bot.asked[-1]["sender"] == xiaolin.id
    metadata = bot.asked[-1]["metadata"]
    assert metadata.pop("open").keys() == {"chat", "callback", "video"}
    assert metadata.pop("greeting").keys() == {"text", "buttons"}
    assert metadata == {
        "channel": "help",
        "signed_in": False,
        "name": None,
        "queue": {"waiting": 0, "place": 1, "minutes": None, "agents": 0},
        "waiting": None,
        "announcements": [],
        "variables": {"hotline": "400-000-0000"},
    }


def test_replies_and_commands_become_events(bot, xiaolin):
    bot.replies = lambda body: [
        {
            "custom": {
                "answer": {
                    "faq_id": "pay-duplicate",
                    "text": "先**核对**",
                    "short": True,
                    "buttons": [{"title": "没解决", "payload": "/unsolved"}],
                }
            }
        },
        {"text": "多少钱？"},
        {"custom": {"expects": "amount"}},
        {"custom": {"command": "note", "card": {"topic": "dispute"}}},
    ]
    answer = xiaolin.say("扣了两次钱")
    assert [event["cause"] for event in answer["events"]] == [2, 2]
    assert answer["events"][0]["data"] == {
        "text": "先**核对**",
        "format": "markdown",
        "faq_id": "pay-duplicate",
        "short": True,
        "buttons": [{"title": "没解决", "payload": "/unsolved"}],
    }
    assert answer["events"][1]["data"] == {
        "text": "多少钱？",
        "format": "text",
        "expects": "amount",
    }
    # Six digits are an amount now, and no code.
    assert xiaolin.say("123456")["message"]["data"]["text"] == "123456"
    bot.replies = lambda body: [{"text": "为你转接"}, ESCALATE]
    events = xiaolin.say("没解决", "/unsolved")["events"]
    assert [event["type"] for event in events] == ["message", "escalated"]
    assert events[1]["data"]["card"]["topic"] == "dispute"


def test_a_repeated_client_id_gets_the_same_answer_and_is_stored_once(bot, xiaolin):
    first = xiaolin.post("扣了两次钱", client_id="same-0001")
    again = xiaolin.post("扣了两次钱", client_id="same-0001")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert bot.messages() == ["/start", "扣了两次钱"]
    assert [event["id"] for event in xiaolin.read()["events"]] == [1, 2, 3]


def test_a_retry_while_the_first_try_is_under_way_waits_for_its_answer(bot, app, xiaolin):
    bot.pause = 0.6
    answers = []

    def post():
        headers, path = xiaolin.headers, f"{xiaolin.base}/messages"
        body = {"client_id": "same-0001", "text": "扣了两次钱"}
        answers.append(app.test_client().post(path, json=body, headers=headers).get_json())

    threads = [threading.Thread(target=post) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]["events"]) == 1
    assert bot.messages() == ["/start", "扣了两次钱"]


def test_a_retry_runs_the_turn_that_a_dead_process_owed(bot, make):
    app = make()
    customer = Customer(app.test_client())
    from web.desk import conversations, turns

    with app.extensions["database"].write() as session:
        conversations.post(session, customer.id, "lost-0001", "扣了两次钱", turns.LONG_AGO)
    answer = customer.say("扣了两次钱", client_id="lost-0001")
    assert [event["data"]["text"] for event in answer["events"]] == ["好的"]
    assert customer.say("扣了两次钱", client_id="lost-0001") == answer


def test_nobody_reads_anothers_conversation(client, xiaolin):
    ajie = Customer(client)
    for path in ("/events", "/stream", "/events?after=1"):
        assert client.get(xiaolin.base + path, headers=ajie.headers).status_code == 404
        assert client.get(xiaolin.base + path).status_code == 401
    posted = client.post(
        f"{xiaolin.base}/messages",
        headers=ajie.headers,
        json={"client_id": "client-0001", "text": "喂"},
    )
    assert posted.status_code == 404
    assert client.post(f"{xiaolin.base}/queue/leave", headers=ajie.headers).status_code == 404
    assert client.get("/api/v1/conversations/%00/events", headers=ajie.headers).status_code == 404
    wrong = client.get(f"{xiaolin.base}/events", headers={"Authorization": "Bearer " + "x" * 43})
    assert wrong.status_code == 401
    assert wrong.headers["WWW-Authenticate"] == "Bearer"


def test_a_customers_slash_is_no_command(bot, xiaolin):
    for text in ("/restart", "  /human_left", "\n/refund"):
        xiaolin.say(text)
        assert not bot.messages()[-1].strip().startswith("/")
    assert xiaolin.post("退款", "/restart").status_code == 422
    assert xiaolin.post("退款", "/human_left").status_code == 422
    assert xiaolin.post("没有", '/faq{"faq":"no-such"}').status_code == 422
    assert xiaolin.post("退款", '/faq{"faq":"pay-failed"}').status_code == 201
    assert xiaolin.post("人工", "/human").status_code == 201
    assert bot.messages()[-2:] == ['/faq{"faq":"pay-failed"}', "/human"]


def test_secrets_reach_neither_bot_nor_disk_nor_log(bot, app, client, caplog, tmp_path):
    caplog.set_level(0)
    customer = Customer(client, page="https://shop.example/pay?card=4111111111111111&pwd=hunter22")
    bot.replies = lambda body: [
        {
            "text": "你说的是4111111111111111",
            "buttons": [
                {"title": "密码是hunter22", "payload": "/ok"},
                {"title": "好", "payload": '/ok{"card":"4111111111111111"}'},
            ],
        },
        {
            "custom": {
                "command": "escalate",
                "topic": "login",
                "reason": "asked",
                "card": {"problem": "密码是hunter22", "amount": "4111111111111111"},
            }
        },
    ]
    customer.say("我的密码是hunter22")
    customer.say("卡4111 1111 1111 1111", "/human", client_id="button-0001")
    told = json.dumps(bot.asked, ensure_ascii=False)
    seen = json.dumps(customer.read(), ensure_ascii=False)
    disk = b"".join(path.read_bytes() for path in tmp_path.glob("xiaohu.db*"))
    for secret in ("hunter22", "4111111111111111", "1111 1111 1111"):
        assert secret not in told
        assert secret not in seen
        assert secret.encode() not in disk
        assert secret not in caplog.text
    assert "secret_masked" in seen


def test_the_queue_keeps_messages_and_can_be_left(bot, client, xiaolin):
    bot.replies = lambda body: [ESCALATE]
    assert xiaolin.say("转人工")["state"]["queue"]["place"] == 1
    ajie = Customer(client)
    assert ajie.say("转人工")["state"]["queue"]["waiting"] == 2
    bot.replies = lambda body: [{"text": f"第 {body['metadata']['waiting']['place']} 位"}]
    kept = xiaolin.say("还在吗")
    notice, beside = kept["events"]
    assert notice["data"] == {"code": "kept_for_agent"}
    assert beside["data"]["text"] == "第 1 位"
    assert beside["actor"]["kind"] == "bot"
    assert [event["type"] for event in xiaolin.say("?")["events"]] == ["message"]
    assert ajie.read()["state"]["queue"]["place"] == 2
    left = client.post(f"{xiaolin.base}/queue/leave", headers=xiaolin.headers)
    assert [event["type"] for event in left.get_json()["events"]] == ["queue_left"]
    assert left.get_json()["state"]["owner"] == "bot"
    again = client.post(f"{xiaolin.base}/queue/leave", headers=xiaolin.headers)
    assert again.status_code == 409
    assert ajie.read()["state"]["queue"]["place"] == 1


def test_a_late_answer_comes_beside_the_queue(bot, app, xiaolin):
    heard, late = threading.Event(), threading.Event()

    def replies(body):
        if body["message"] != "慢":
            return [ESCALATE]
        heard.set()
        late.wait(PATIENCE)
        return [{"text": "晚了点"}]

    bot.replies = replies
    slow = threading.Thread(
        target=lambda: app.test_client().post(
            f"{xiaolin.base}/messages",
            headers=xiaolin.headers,
            json={"client_id": "slow-0001", "text": "慢"},
        )
    )
    slow.start()
    heard.wait(PATIENCE)
    xiaolin.say("转人工")
    late.set()
    slow.join()
    assert "晚了点" in json.dumps(xiaolin.read(), ensure_ascii=False)
    assert xiaolin.read()["state"]["owner"] == "queue"


def test_the_bot_may_hasten_and_leave_the_queue_for_the_customer(bot, xiaolin):
    bot.replies = lambda body: [ESCALATE]
    xiaolin.say("转人工")
    bot.replies = lambda body: [{"custom": {"command": "hasten", "topic": "fraud"}}]
    assert "hastened" in [event["type"] for event in xiaolin.say("被盗了")["events"]]
    bot.replies = lambda body: [{"custom": {"command": "leave"}}, {"text": "好的"}]
    left = xiaolin.say("不等了")
    assert [event["type"] for event in left["events"]] == ["queue_left", "message"]
    assert left["state"]["owner"] == "bot"


def test_an_opinion_and_a_rejection_are_kept_for_the_report(bot, app, xiaolin):
    bot.replies = lambda body: [
        {"custom": {"command": "feedback", "text": "字太小了"}},
        {"custom": {"command": "reject", "faq_id": "refund-how"}},
        {"text": "记下了"},
    ]
    xiaolin.say("不是这个，字也太小")
    with app.extensions["database"].read() as session:
        [opinion] = session.scalars(select(Opinion))
        [vote] = session.scalars(select(Feedback))
    assert opinion.text == "字太小了"
    assert (vote.faq_id, vote.helpful, vote.reason) == ("refund-how", False, "不是这个，字也太小")
