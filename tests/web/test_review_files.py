"""Flows, safety words and the desk's own files wait for a second person like articles."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from faq import wordforms
from faq.editable import EDITABLE
from faq.kinds import read_hours
from flows import Flows
from search.kept import Kept
from tests.web.publishing import Person, beside
from tests.web.publishing import app as app
from tests.web.publishing import data as data
from tests.web.publishing import team as team
from web.desk.feedback import Feedback
from web.privacy import retention
from web.services import utc_now
from web.settings import ROOT


def test_flows_and_further_points_wait_like_articles_also_when_changed_by_hand(
    app: Flask, team: dict[str, Person], data: Path
) -> None:
    chen, li, web = team["chen"], team["li"], app.extensions["services"]
    path = data / "flows" / "fee.yml"
    before = path.read_text(encoding="utf-8")
    page = chen.see("/editor/flows/fee/edit")
    version = re.search(r'data-version="([^"]+)"', page)
    assert version is not None
    changed = before.replace("name: 费用", "name: 手续费的事", 1)
    assert changed != before
    sent = {"text": changed, "version": version[1], "reason": "更像客户说的"}
    saved = chen.send("PUT", "/flows/fee", **sent)
    assert saved.status_code == 200, saved.json
    assert path.read_text(encoding="utf-8") == before
    draft = saved.json["draft"]["id"]
    assert "待审的修改" in chen.see("/editor/flows/fee/edit")
    assert chen.send("POST", f"/drafts/{draft}/publish", edition=1).status_code == 403
    read = re.sub(r"<del>.*?</del>|</?ins>", "", li.see(f"/editor/drafts/{draft}"))
    assert "手续费的事" in read
    assert li.send("POST", f"/drafts/{draft}/publish", edition=1).status_code == 200
    assert path.read_text(encoding="utf-8") == changed
    # As another process opens them: what is written by hand says nothing before it is published.
    accepted = web.settings.var / "accepted"
    assert Flows(data, accepted)["fee"].title == "手续费的事"
    path.write_text(changed.replace("手续费的事", "手写的"), encoding="utf-8")
    (data / "flows" / "kite.yml").write_text(changed, encoding="utf-8")
    opened = Flows(data, accepted)
    assert opened["fee"].title == "手续费的事"
    assert "kite" not in opened
    assert any("not published yet" in problem.reason for problem in opened.problems())
    (data / "flows" / "kite.yml").unlink()
    path.write_text(changed, encoding="utf-8")
    assert Flows(data, accepted).problems() == []
    further = data / "further" / "fee-phone.yml"
    points = further.read_text(encoding="utf-8")
    further.write_text(points.replace("says: ", "says: 手写的：", 1), encoding="utf-8")
    web.duty.carry_out(utc_now() + timedelta(seconds=5))
    assert further.read_text(encoding="utf-8") == points
    listed = li.see("/editor/drafts")
    assert "追问：" in listed
    hours = data / "hours.yml"
    text = hours.read_text(encoding="utf-8")
    hours.write_text(text.replace("09:", "10:"), encoding="utf-8")
    by_hand = Kept(hours, read_hours, accepted / "hours.yml")
    assert by_hand.problems
    assert by_hand() is not None
    web.duty.carry_out(utc_now() + timedelta(seconds=9))
    assert hours.read_text(encoding="utf-8") == text
    assert "服务时间" in li.see("/editor/drafts")


def test_safety_words_are_a_leads_and_only_when_every_golden_sentence_is_heard(
    app: Flask, team: dict[str, Person], data: Path
) -> None:
    zhou, ming, chen = team["zhou"], team["ming"], team["chen"]
    assert chen.client.get("/editor/safety").status_code == 302
    assert chen.client.get("/editor/words/safety/life.yml").status_code == 404
    assert zhou.client.get("/editor/words").status_code == 302
    page = zhou.see("/editor/safety/safety/life.yml")
    version = re.search(r'data-version="([^"]+)"', page)
    assert version is not None
    path = data / "safety" / "life.yml"
    text = path.read_text(encoding="utf-8")
    address = "/safety/safety/life.yml"
    deaf = text.replace("自杀|自尽|", "自尽|", 1)
    refused = zhou.send("PUT", address, text=deaf, version=version[1])
    assert refused.status_code == 422
    assert any("我要自杀" in item["why"] for item in refused.json["findings"])
    assert chen.send("PUT", address, text=text, version=version[1]).status_code == 403
    more = text.replace("我没事了, 我没事,", "我没事了, 我真没事, 我没事,")
    saved = zhou.send("PUT", address, text=more, version=version[1])
    assert saved.status_code == 200, saved.json
    draft = saved.json["draft"]["id"]
    assert zhou.send("POST", f"/drafts/{draft}/publish", edition=1).status_code == 403
    assert team["li"].send("POST", f"/drafts/{draft}/publish", edition=1).status_code == 403
    assert ming.send("POST", f"/drafts/{draft}/publish", edition=1).status_code == 200
    assert path.read_text(encoding="utf-8") == more
    assert app.extensions["services"].life.cries_for_help("我要自杀")


def test_the_desks_own_files_are_a_leads_and_say_what_they_come_to(
    app: Flask, team: dict[str, Person], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a server does: beside the loop, where nothing knows of the request.
    monkeypatch.setattr("web.editor.wordpages.offload", beside)
    zhou, ming, chen = team["zhou"], team["ming"], team["chen"]
    for title in ("客服的目标", "质检的评分项", "个人数据保存几天"):
        assert title in zhou.see("/editor/safety")
        assert title not in chen.see("/editor/words")
    assert chen.client.get("/editor/words/retention.yml").status_code == 404
    with app.extensions["database"].write() as session:
        for days in (10, 40, 90):
            session.add(Feedback(faq_id="x", helpful=True, at=utc_now() - timedelta(days=days)))
    page = zhou.see("/editor/safety/retention.yml")
    assert "一小时内开始删，删了找不回来" in page
    version = re.search(r'data-version="([^"]+)"', page)
    assert version is not None
    address = "/safety/retention.yml"

    def kept(**days: str) -> dict[str, Any]:
        fields = [{"path": [name], "value": value} for name, value in days.items()]
        return {"values": fields, "version": version[1], "reason": "法务的意见"}

    shorter = kept(feedback="30", pictures="never")
    told = [one["text"] for one in zhou.send("POST", f"{address}/try", **shorter).json["told"]]
    assert "对文章的评价：存 30 天。按现在的数据，存下后一小时内开始删，一共 2 条" in told
    assert "图片：一直留着，到有人要求删除" in told
    [warned] = zhou.send("POST", f"{address}/judge", **shorter).json["findings"]
    assert warned["severity"] == "warning"
    assert "「对文章的评价」改成只存 30 天" in warned["why"]
    refused = zhou.send("PUT", address, **kept(feedback="soon"))
    assert refused.status_code == 422
    saved = zhou.send("PUT", address, **shorter)
    assert saved.status_code == 200, saved.json
    draft = saved.json["draft"]["id"]
    assert team["li"].send("POST", f"/drafts/{draft}/publish", edition=1).status_code == 403
    assert ming.send("POST", f"/drafts/{draft}/publish", edition=1).status_code == 200
    assert retention.read(data / "retention.yml").feedback == 30
    assert retention.read(data / "retention.yml").pictures is None
    assert "法务的意见" in zhou.see("/editor/versions?file=retention.yml")
    assert "守住安全 › 满分" in zhou.see("/editor/safety/review.yml")
    goals = kept() | {"values": [{"path": ["wait_seconds"], "value": "240"}]}
    told = [one["text"] for one in zhou.send("POST", "/safety/goals.yml/try", **goals).json["told"]]
    assert "急事等过 60 秒、别的等过 240 秒，看板报警" in told
    told = [one["text"] for one in zhou.send("POST", "/safety/review.yml/try").json["told"]]
    assert told[0] == "满分一共 28 分，23 分起算好；每次每位客服抽 2 个对话"
    assert any("守住安全" in one and "整单 0 分" in one for one in told)


def test_a_shared_question_of_flows_has_its_page_and_is_judged_with_the_flows(
    app: Flask, team: dict[str, Person], data: Path
) -> None:
    chen = team["chen"]
    version = re.search(r'data-version="([^"]+)"', chen.see("/editor/words/steps.yml"))
    assert version is not None

    def asked(text: str) -> dict[str, Any]:
        field = {"path": ["amount", "utter"], "value": text}
        return {"values": [field], "version": version[1]}

    refused = chen.send("PUT", "/words/steps.yml", **asked("请把验证码发给我。"))
    assert refused.status_code == 422
    assert chen.send("PUT", "/words/steps.yml", **asked("一共是多少钱？")).json["draft"] is not None


@pytest.mark.parametrize("name", [name for name in EDITABLE if (ROOT / "data" / name).exists()])
def test_every_shipped_file_has_a_form_that_changes_nothing_by_itself(name: str) -> None:
    file, text = EDITABLE[name], (ROOT / "data" / name).read_text(encoding="utf-8")
    fields = wordforms.fields_of(file, text)
    assert fields
    again = wordforms.apply(file, text, {field.path: field.value for field in fields})
    assert "".join(again.split()) == "".join(text.split())  # lists may be broken elsewhere
    assert file.title
    assert file.hint
