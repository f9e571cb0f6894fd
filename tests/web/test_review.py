"""From an editor's save to the customer: drafts, who publishes, times, redirects, by hand."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from tests.web.publishing import MOONCAKES, Person, live
from tests.web.publishing import app as app
from tests.web.publishing import data as data
from tests.web.publishing import team as team
from web.services import utc_now


def test_a_save_waits_until_somebody_else_publishes_it(app: Flask, team: dict[str, Person]) -> None:
    chen, li = team["chen"], team["li"]
    before = live(app, "refund-how")
    saved = chen.save("refund", "refund-how", answer="新的第一段。", reason="步骤过时")
    assert saved.status_code == 200, saved.json
    draft = saved.json["draft"]
    assert draft["state"] == "waiting"
    assert live(app, "refund-how") == before
    assert "有待审的修改" in chen.see("/editor")
    assert "新的第一段。" in chen.see("/editor/faq/refund-how")
    for path in ("/editor/drafts", f"/editor/drafts/{draft['id']}"):
        page = li.see(path)
        assert "步骤过时" in page
        assert "小陈" in page
    assert "<ins>新的第一段。</ins>" in page
    assert "similar" not in page  # in words that are read, not YAML
    address = f"/drafts/{draft['id']}"
    refused = chen.send("POST", f"{address}/publish", edition=1)
    assert refused.status_code == 403
    assert "not-yours-to-publish" in refused.json["type"]
    assert team["wu"].send("POST", f"{address}/publish", edition=1).status_code == 403
    assert li.send("POST", f"{address}/comments", text="再短一点").status_code == 200
    assert "再短一点" in chen.see(f"/editor/drafts/{draft['id']}")
    again = chen.save("refund", "refund-how", answer="更短的第一段。")
    assert again.json["draft"]["id"] == draft["id"]
    stale = li.send("POST", f"{address}/publish", edition=1)
    assert stale.status_code == 409  # the edition that was read is not the one that waits
    assert li.send("POST", f"{address}/publish", edition=2).json["state"] == "published"
    assert live(app, "refund-how") == "更短的第一段。"
    page = chen.see("/editor/versions?file=faq/refund/refund-how.md")
    assert "草稿" in page
    assert "小陈" in page


def test_a_new_article_is_nowhere_until_its_time(app: Flask, team: dict[str, Person]) -> None:
    chen, li, customer = team["chen"], team["li"], app.test_client()
    form = {
        "question": "月饼券怎么用", "answer": "在「福利」里点月饼券，选门店。",
        "similar": [f"月饼券{how}" for how in MOONCAKES],
    }  # fmt: skip
    saved = chen.save("payment", "mooncake-coupon", version="", **form)
    assert saved.status_code == 200, saved.json
    draft = saved.json["draft"]["id"]

    def seen() -> set[int]:
        found = {customer.get(path).status_code for path in (
            "/faq/mooncake-coupon", "/api/v1/faqs/mooncake-coupon")}  # fmt: skip
        told = "mooncake" in customer.get("/api/v1/suggestions?q=月饼券").text
        return found | ({1} if told else set())

    assert seen() == {404}
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    due = now + timedelta(hours=5)
    beijing = (due + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    answer = li.send("POST", f"/drafts/{draft}/publish", edition=1, due=beijing)
    assert (answer.json["state"], datetime.fromisoformat(answer.json["due"])) == ("scheduled", due)
    shown = f"{beijing.replace('T', ' ')}（北京时间）"
    assert shown in chen.see(f"/editor/drafts/{draft}")
    duty = app.extensions["services"].duty
    duty.carry_out(due - timedelta(seconds=1))
    assert seen() == {404}
    duty.carry_out(due)
    assert seen() == {200, 1}


def test_a_renamed_article_leads_on_once_it_is_published(
    app: Flask, team: dict[str, Person]
) -> None:
    chen, li, customer = team["chen"], team["li"], app.test_client()
    version = chen.client.get("/editor/api/faqs/support/social-media").json["version"]
    asked = {"id": "our-channels", "category": "support", "version": version}
    moved = chen.send("POST", "/faqs/support/social-media/move", **asked)
    assert moved.status_code == 200, moved.json
    assert customer.get("/faq/social-media").status_code == 200
    draft = moved.json["draft"]["id"]
    assert li.send("POST", f"/drafts/{draft}/publish", edition=1).status_code == 200
    led = customer.get("/faq/social-media")
    assert (led.status_code, led.headers["Location"]) == (301, "/faq/our-channels")
    assert customer.get("/api/v1/faqs/social-media").json["id"] == "our-channels"
    history = chen.see("/editor/versions?file=faq/support/our-channels.md")
    assert "当时是 faq/support/social-media.md" in history


def test_what_is_written_on_the_disk_is_not_served_before_it_is_published(
    app: Flask, team: dict[str, Person], data: Path
) -> None:
    web = app.extensions["services"]
    path = data / "faq" / "refund" / "refund-time.md"
    before, text = live(app, "refund-time"), path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n有人在服务器上改的。\n", encoding="utf-8")
    web.engine.refresh()
    assert live(app, "refund-time") == before
    path.with_name("by-hand.md").write_text(
        text.replace("refund-time", "by-hand").replace("question: ", "question: 手写"),
        encoding="utf-8",
    )
    web.engine.refresh()
    assert app.test_client().get("/faq/by-hand").status_code == 404
    web.duty.carry_out(utc_now() + timedelta(seconds=5))
    assert path.read_text(encoding="utf-8") == text
    page = team["li"].see("/editor/drafts")
    assert page.count("直接改文件") == 2
    number = re.search(r'/editor/drafts/(\d+)"><span class="q">手写', page)
    assert number is not None
    read = team["li"].see(f"/editor/drafts/{number[1]}")
    assert "检查" in read  # the copy claims what the other article has: told before it goes live
    mine = re.findall(r"/editor/drafts/(\d+)\"", page)
    other = next(item for item in mine if item != number[1] and "refund-time" in
                 team["li"].see(f"/editor/drafts/{item}"))  # fmt: skip
    assert team["li"].send("POST", f"/drafts/{other}/publish", edition=1).status_code == 200
    assert live(app, "refund-time").endswith("有人在服务器上改的。")


def test_a_sentence_of_the_bots_is_changed_on_its_page(
    app: Flask, team: dict[str, Person], data: Path
) -> None:
    chen, li = team["chen"], team["li"]
    assert "对话里的话" in chen.see("/editor/words")
    assert "safety/" not in chen.see("/editor/words")
    page = chen.see("/editor/words/phrases/dialogue.yml")
    version = re.search(r'data-version="([^"]+)"', page)
    assert version is not None
    path = data / "phrases" / "dialogue.yml"
    before = path.read_text(encoding="utf-8")
    address = "/words/phrases/dialogue.yml"

    def change(*said: str) -> dict[str, Any]:
        field = {"path": ["noted_plain", "say"], "value": list(said)}
        return {"values": [field], "version": version[1], "reason": "更亲切"}

    for bad, why in (
        ("请把验证码发给我", "像是在"),
        ("{who}记下了", "花括号"),
        ("打 {{ nobody }}", "变量"),
    ):
        refused = chen.send("PUT", address, **change(bad))
        assert refused.status_code == 422
        assert why in refused.json["findings"][0]["why"]
    broken = chen.send("PUT", address, text="noted: [", version=version[1])
    assert broken.status_code == 422
    gone = chen.send("PUT", address, text=before.replace("noted_plain:", "noted_gone:"),
                     version=version[1])  # fmt: skip
    assert "noted_plain" in gone.json["findings"][0]["why"]
    seen = chen.send("POST", f"{address}/judge", **change("记好啦。", "好嘞，记下了。")).json
    told = [
        "".join(said for op, said in line["parts"] if op != "gone") for line in seen["differing"]
    ]
    assert {"记好啦。", "好嘞，记下了。"} <= set(told)
    saved = chen.send("PUT", address, **change("记好啦。", "好嘞，记下了。"))
    assert saved.status_code == 200, saved.json
    assert path.read_text(encoding="utf-8") == before
    draft = saved.json["draft"]["id"]
    read = re.sub(r"<del>.*?</del>|</?ins>", "", li.see(f"/editor/drafts/{draft}"))
    assert "记好啦。" in read
    assert li.send("POST", f"/drafts/{draft}/publish", edition=1).status_code == 200
    after = path.read_text(encoding="utf-8")
    assert after.startswith("# What the bot says between the answers.")  # comments stay
    assert "好嘞，记下了。" in after
    kept = [line for line in before.splitlines() if line in after.splitlines()]
    assert len(kept) > len(before.splitlines()) - 10
