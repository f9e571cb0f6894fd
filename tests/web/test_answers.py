"""An agent's own answers and the tags of cases, over HTTP."""

from __future__ import annotations

from flask import Flask

from tests.web.conftest import Colleague, Customer


def test_an_agent_writes_answers_for_themselves_that_are_found_before_the_teams(
    app: Flask, anna: Colleague, xiaolin: Customer
) -> None:
    written = anna.post("/answers", title="退款原路", text="{{ customer }}您好，退款会原路退回。")
    assert written.status_code == 201, written.get_json()
    key = written.get_json()["id"]
    found = anna.get(f"/canned?q=退款原路&conversation={xiaolin.id}").get_json()["items"]
    assert (found[0]["id"], found[0]["kind"]) == (f"own:{key}", "own")
    assert found[0]["text"] == "您好，退款会原路退回。"
    assert {one["kind"] for one in found[1:]} >= {"template", "faq"}
    empty = anna.get("/canned?q=").get_json()["items"]
    assert empty[0]["kind"] == "own"

    zhou = Colleague(app, "zhou", "老周")
    assert "own" not in {one["kind"] for one in zhou.get("/canned?q=退款原路").get_json()["items"]}
    assert zhou.get("/answers").get_json() == {"answers": []}
    change = zhou.put(f"/answers/{key}", title="x", text="y")
    assert change.status_code == 404
    gone = zhou.client.delete(f"/desk/api/answers/{key}", headers=zhou.headers)
    assert gone.status_code == 404

    held = anna.post("/answers", title="要码", text="请把短信验证码发给我")
    assert (held.status_code, held.get_json()["code"]) == (422, "forbidden-ask")
    changed = anna.put(f"/answers/{key}", title="原路", text="按原路退。")
    assert changed.get_json()["text"] == "按原路退。"
    assert len(anna.get("/answers").get_json()["answers"]) == 1
    assert anna.client.delete(f"/desk/api/answers/{key}", headers=anna.headers).status_code == 204
    assert anna.get("/answers").get_json() == {"answers": []}


def test_no_more_than_a_hundred_answers_are_kept(app: Flask, anna: Colleague) -> None:
    for number in range(100):
        assert anna.post("/answers", title=f"第{number}", text="好的").status_code == 201
    full = anna.post("/answers", title="再一条", text="好的")
    assert (full.status_code, full.get_json()["code"]) == (409, "full")


def test_tags_stand_on_the_case_in_the_list_and_in_the_thread_but_not_before_the_customer(
    anna: Colleague, xiaolin: Customer
) -> None:
    xiaolin.say("我的退款三天没到账")
    xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    one = f"/conversations/{xiaolin.id}"
    tags = ["#退款 慢", "＃VIP", "VIP", "  "]
    put = anna.put(f"{one}/case", tags=tags)
    assert put.status_code == 200, put.get_json()
    assert put.get_json()["conversation"]["tags"] == ["VIP", "退款慢"]
    (row,) = anna.get("/queue").get_json()["waiting"]
    assert row["tags"] == ["VIP", "退款慢"]
    assert anna.get("/tags").get_json() == {"tags": ["VIP", "退款慢"]}
    again = anna.put(f"{one}/case", tags=["退款慢", "VIP"])
    assert again.status_code == 200
    events = anna.get(f"/conversations/{xiaolin.id}").get_json()["events"]
    told = [event["data"] for event in events if event["type"] == "triaged"]
    assert told == [{"tags": ["VIP", "退款慢"]}]  # the same tags again are no news
    assert "VIP" not in str(xiaolin.read())
    anna.put(f"{one}/case", tags=[])
    assert anna.get("/queue").get_json()["waiting"][0]["tags"] == []


def test_a_draft_answers_the_customers_last_words_with_its_source_or_says_nothing(
    app: Flask, anna: Colleague, xiaolin: Customer
) -> None:
    xiaolin.say("在吗")
    xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    one = f"/conversations/{xiaolin.id}"
    assert anna.get(f"{one}/draft").status_code == 409  # not hers yet
    anna.post(f"{one}/claim")
    assert anna.get(f"{one}/draft").get_json()["draft"] is None
    xiaolin.say("忘记登录密码怎么办")
    told = anna.get(f"{one}/draft").get_json()
    typed = [event for event in xiaolin.read()["events"] if event["actor"]["kind"] == "customer"]
    assert told["event"] == typed[-1]["id"]
    engine = app.extensions["services"].engine
    faq = engine.faq(engine.rank("忘记登录密码怎么办", limit=1).hits[0].id)
    assert (told["draft"]["id"], told["draft"]["title"]) == (faq.id, faq.question)
    assert told["draft"]["kind"] == "faq"
    assert told["draft"]["text"]
    assert "{{" not in told["draft"]["text"]
    xiaolin.say("今天火星上的天气怎么样")
    assert anna.get(f"{one}/draft").get_json()["draft"] is None
