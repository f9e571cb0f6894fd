"""From an editor's save to the customer: drafts, who publishes, times, redirects, by hand."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from faq import wordforms
from faq.editable import EDITABLE
from faq.kinds import read_hours
from flows import Flows
from search import Settings as Search
from search import open_engine
from search.kept import Kept
from tests import desk_database
from web.app import create_app
from web.desk import agents
from web.desk.feedback import Feedback
from web.privacy import retention
from web.services import utc_now
from web.settings import ROOT, Settings

STAFF = (
    ("chen", "小陈", "editor"), ("wu", "小吴", "editor"), ("li", "老李", "publisher"),
    ("zhou", "老周", "lead"), ("ming", "大明", "lead"),
)  # fmt: skip

MOONCAKES = (
    "咋用",
    "去哪兑",
    "能退吗",
    "过期了怎么办",
    "在哪里看",
    "用不了",
    "怎么领的",
    "能转送吗",
)


class Person:
    """Somebody of the content team in a browser of their own."""

    def __init__(self, app: Flask, name: str) -> None:
        self.client = app.test_client()
        form = self.client.get("/editor/login").text
        sent = {"name": name, "password": f"{name}-password", "csrf_token": _token(form)}
        assert self.client.post("/editor/login", data=sent).status_code == 303
        token = self.client.get("/editor/api/token").json["token"]
        self.headers = {"X-CSRFToken": token}

    def see(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def send(self, method: str, path: str, **body: Any) -> Any:
        return self.client.open(
            f"/editor/api{path}", method=method, json=body, headers=self.headers
        )

    def save(self, category: str, faq_id: str, **more: Any) -> Any:
        """Save an article as its form does: what is not given stays."""
        now = self.client.get(f"/editor/api/faqs/{category}/{faq_id}").json
        fields = now["fields"] or {}
        fields |= {"id": faq_id, "category": category, "version": now["version"]}
        fields = {key: value for key, value in fields.items() if value != ""}
        return self.send("PUT", f"/faqs/{faq_id}", **{**fields, **more})


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    here = tmp_path_factory.mktemp("review")
    shutil.copytree(ROOT / "data", here / "data")
    shipped = Search(ROOT / "data", ROOT / "var" / "index")
    for part in (open_engine(shipped).generation.name, "words"):
        shutil.copytree(shipped.index / part, here / "var" / "index" / part)
    engine = open_engine(Search(here / "data", here / "var" / "index"))
    desk_database.hash_quickly()
    desk_database.lay_out(here / "var" / "xiaohu.db")
    app = create_app(
        Settings(
            data=here / "data", var=here / "var", secret_key="k", review=True,
            bot_url="http://127.0.0.1:1",
        ),
        engine,
    )  # fmt: skip
    with app.extensions["database"].write() as session:
        for name, display, role in STAFF:
            agents.add(session, name, display, f"{name}-password", utc_now(), role)
    app.extensions["services"].duty.carry_out(utc_now())
    yield app
    app.extensions["services"].close()


@pytest.fixture(scope="module")
def team(app: Flask) -> dict[str, Person]:
    return {name: Person(app, name) for name, _, _ in STAFF}


@pytest.fixture(scope="module")
def data(app: Flask) -> Path:
    return app.extensions["services"].settings.data


def beside(work: Callable[[], Any]) -> Any:
    """Work in another thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def live(app: Flask, faq_id: str) -> str:
    """Return what customers read, by page and by API alike."""
    customer = app.test_client()
    said = customer.get(f"/api/v1/faqs/{faq_id}").json["answer"]
    assert said.split("\n")[0][:8] in customer.get(f"/faq/{faq_id}").text
    return said


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
