"""Attacks by words: whoever asks, lures, or passes for somebody they are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.attacks.conftest import Member, csrf, from_address, known, visitor
from web.audit.models import AuditEntry
from web.desk import links
from web.official import badges
from web.official.checking import Known, check

HERE = Path(__file__).parent
LURES = (HERE / "lures.txt").read_text(encoding="utf-8").split("\n---\n")
HOSTS = ("help.example", "127.0.0.1:8000")
FOREIGN = (
    "https://help.example@evil.example/login",
    "https://help.example.evil.example/",
    "https://help-example.top/",
    "https://heIp.exampIe/ \u4e00",
    "https://h\u0435lp.example/",  # a Cyrillic е
    "https://xn--hlp-bma.example/",
    "https://help.example\\@evil.example/",
    "https://help.example:8443/",
    "https://evil.example/?help.example",
    "https://evil.example/#https://help.example",
    "\u202ehttps://elpmaxe.pleh/",
    "hxxp://xiaohu-refund.top",
    "xiaohu点top",
    "xiaohu[.]vip",
    "小狐退款.com",
)


@pytest.fixture(scope="module")
def desk(app: Flask, anna: Member) -> tuple[Member, Any]:
    """安娜 has 小林's conversation."""
    xiaolin = known(app)
    xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    assert anna.post(f"/conversations/{xiaolin.id}/claim").status_code == 200
    return anna, xiaolin


def say(agent: Member, customer: Any, at: int, text: str) -> Any:
    path = f"/conversations/{customer.id}/messages"
    return agent.post(path, client_id=f"lure-{at:05}", text=text)


def test_an_agents_lures_are_held_in_paraphrase_and_fair_words_arrive(
    app: Flask, desk: tuple[Member, Any]
) -> None:
    anna, xiaolin = desk
    held, fair = (part.strip().splitlines() for part in LURES)
    contacts = app.extensions["services"].contacts
    passed = [text for text in held if not contacts.forbidden.find(text)]
    assert passed == []
    alarmed = [text for text in fair if contacts.forbidden.find(text)]
    assert alarmed == []
    assert say(anna, xiaolin, 1, held[0]).status_code == 422
    assert say(anna, xiaolin, 2, fair[0]).status_code == 201
    assert held[0] not in str(xiaolin.read())


LURING = {
    "你加我微信 abc123 聊吧": ["contact"],
    "有个客服让我加他微信，还让我共享屏幕": ["contact", "screen"],
    "他叫我下载向日葵远程": ["remote"],
    "你看这个 https://evil.example/refund": ["link"],
    "说先交保证金才能解冻": ["fee"],
    "这个对吗 " * 60 + "加我 v x 说": ["contact"],
    "别加微信": None,
    "我要退款": None,
    "帮助在 https://help.example/faq": None,
}


def test_what_a_customer_writes_is_read_for_lures_marked_at_the_desk_and_never_held(
    app: Flask, desk: tuple[Member, Any]
) -> None:
    anna, xiaolin = desk
    for text in LURING:
        assert xiaolin.say(text)["message"]["data"]["text"] == text.strip()
    told = anna.client.get(f"/desk/api/conversations/{xiaolin.id}").get_json()["events"]
    said = {
        one["data"]["text"]: one["data"].get("lures") for one in told if one["type"] == "message"
    }
    assert {text: said[text.strip()] for text in LURING} == LURING
    mine = xiaolin.read()["events"]
    assert not any("lures" in one["data"] for one in mine), "a fraudster learns nothing of it"


def test_what_was_held_stands_in_the_record_for_those_who_watch(
    app: Flask, desk: tuple[Member, Any]
) -> None:
    anna, xiaolin = desk
    assert say(anna, xiaolin, 3, "请下载向日葵，我远程帮您").status_code == 422
    with app.extensions["database"].read() as session:
        entries = session.query(AuditEntry).filter_by(action="held").all()
        told = [(one.who, one.object, one.reason) for one in entries]
    assert ("anna", xiaolin.id, "remote") in told
    assert "向日葵" not in str(told), "the record holds deeds, not words"


def test_notes_and_transfers_cannot_carry_a_lure_to_the_customer(
    desk: tuple[Member, Any],
) -> None:
    anna, xiaolin = desk
    anna.post(f"/conversations/{xiaolin.id}/notes", text="把验证码发我", client_id="note-00001")
    assert "把验证码发我" not in str(xiaolin.read())
    text = xiaolin.client.get(f"{xiaolin.base}/transcript", headers=xiaolin.headers)
    assert "把验证码发我" not in text.get_data(as_text=True)


@pytest.mark.parametrize(
    "text",
    ["请把验证码发给客服核对。", "办理请点[官方](https://evil.example/a)。", "请下载向日葵处理。"],
)
def test_an_editor_can_publish_no_lure_and_no_foreign_link(chen: Member, text: str) -> None:
    stored = chen.client.get("/editor/api/faqs/payment/pay-duplicate").get_json()
    own = {"id": "pay-duplicate", "category": "payment", "version": stored["version"]}
    kept = {name: value for name, value in stored["fields"].items() if value not in (None, "")}
    draft = {**kept, **own, "answer": text}
    headers = {"X-CSRFToken": chen.client.get("/editor/api/token").get_json()["token"]}
    told = chen.client.post("/editor/api/judge", json=draft, headers=headers)
    assert told.status_code == 200, told.get_json()
    levels = {found["severity"] for found in told.get_json()["findings"]}
    assert "error" in levels
    saved = chen.client.put("/editor/api/faqs/pay-duplicate", json=draft, headers=headers)
    assert saved.status_code == 422
    now = chen.client.get("/editor/api/faqs/payment/pay-duplicate").get_json()
    assert now["version"] == stored["version"]


@pytest.mark.parametrize("address", FOREIGN)
def test_no_address_that_only_looks_like_ours_is_taken_for_ours(address: str) -> None:
    assert links.strangers(f"请打开 {address} 办理", HOSTS)
    assert not links.listed(address, HOSTS)


def test_a_customers_link_is_plain_text_wherever_others_read_it(
    app: Flask, desk: tuple[Member, Any]
) -> None:
    anna, xiaolin = desk
    xiaolin.say("[官方](https://evil.example/a) <a href=javascript:alert(1)>点我</a>")
    pages = [
        xiaolin.client.get(f"{xiaolin.base}/transcript", headers=xiaolin.headers),
        xiaolin.client.post(f"{xiaolin.base}/evidence", json={}, headers=xiaolin.headers),
        anna.client.get("/desk"),
    ]
    for page in pages:
        told = page.get_data(as_text=page.mimetype.startswith("text"))
        assert (
            b'href="https://evil' if isinstance(told, bytes) else 'href="https://evil'
        ) not in told
    assert "text/html" not in pages[0].content_type


KNOWN = Known(
    variables={"hotline": "400-000-0000", "email": "help@help.example"},
    public=("110", "96110"),
    hosts=HOSTS,
    addresses=("help@help.example",),
)


@pytest.mark.parametrize(
    ("asked", "kind", "state"),
    [
        ("400-000-0000", "number", "ours"), ("+86 400 000 0000", "number", "ours"),
        ("４００－０００－００００", "number", "ours"), ("96110", "number", "public"),
        ("400-000-0001", "number", "foreign"), ("00864000000000", "number", "ours"),
        ("13800138000", "number", "foreign"), ("https://help.example/faq/x", "link", "ours"),
        ("help.example", "link", "ours"), ("www.help.example", "link", "ours"),
        ("help@help.example", "email", "ours"), ("help@heIp.example", "email", "foreign"),
        ("7KMP-3QTX", "badge", "foreign"), ("加微信", "unclear", "foreign"),
        ("javascript:alert(1)", "link", "foreign"), ("data:text/html,x", "link", "foreign"),
        *((address, "link", "foreign") for address in FOREIGN[:10]),
    ],
)  # fmt: skip
def test_the_page_that_verifies_is_not_fooled(asked: str, kind: str, state: str) -> None:
    verdict = check(asked, KNOWN)
    assert (verdict.kind, verdict.state) == (kind, state)


def verify(app: Flask, asked: str) -> str:
    answer = from_address(app, "203.0.113.8").post("/verify", data={"asked": asked})
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_a_badge_is_known_while_its_agent_works_here(build: Any) -> None:
    app = build()
    anna = Member(app, "anna", "安娜")
    chen = Member(app, "chen", "小陈", "editor")
    settings = app.extensions["settings"]
    shown = anna.client.get("/account").get_data(as_text=True)
    with app.extensions["database"].write() as session:
        from web.desk import agents

        agent = agents.named(session, "anna")
        badge = badges.of(agent, settings.secret_key)
        editors = badges.of(agents.named(session, "chen"), settings.secret_key)
    assert badge in shown
    assert editors not in chen.client.get("/account").get_data(as_text=True)
    assert "是我们的在职客服" in verify(app, badge.lower().replace("-", " "))
    assert "客服“安娜”" in verify(app, badge)
    assert "没有这个工牌号" in verify(app, editors)
    other = badges.of(agent, "another key")
    assert "没有这个工牌号" in verify(app, other)
    with app.extensions["database"].write() as session:
        agents.named(session, "anna").active = False
    assert "没有这个工牌号" in verify(app, badge)


def test_the_page_says_so_in_words_and_keeps_nothing(app: Flask) -> None:
    assert "是我们的官方电话" in verify(app, "400-000-0000")
    told = verify(app, 'https://help.example@evil.example/"><script>alert(1)</script>')
    assert "不是我们的网址" in told
    assert "evil.example</b>" in told, "where it really leads"
    assert "<script>alert" not in told
    told = verify(app, "138 0013 8000")
    assert "不是我们公布的号码" in told
    assert "96110" in told
    file = app.extensions["settings"].database_file
    raw = b"".join(part.read_bytes() for part in file.parent.glob("xiaohu.db*"))
    assert b"13800138000" not in raw
    assert b"138 0013 8000" not in raw


def test_a_calls_code_is_shown_to_who_took_the_call_alone_and_goes_with_it(build: Any) -> None:
    app = build()
    anna, zhou = Member(app, "anna", "安娜"), Member(app, "zhou", "老周")
    xiaolin = visitor(app)
    path = f"{xiaolin.base}/callback"
    slots = xiaolin.client.get(f"{path}/slots", headers=xiaolin.headers).get_json()["slots"]
    wish = {"number": "13812345678", "start": slots[0]["start"]}
    code = xiaolin.client.post(path, json=wish, headers=xiaolin.headers).get_json()["code"]
    assert code
    (row,) = anna.get("/board").get_json()["callbacks"]
    assert code not in str(anna.get("/board").get_json())
    assert anna.post(f"/callbacks/{row['id']}/take").get_json()["code"] == code
    assert code in str(anna.get("/board").get_json())
    for said in (zhou.get("/board"), zhou.get(f"/conversations/{xiaolin.id}?reason=转接")):
        assert code not in str(said.get_json())
    assert zhou.get(f"/callbacks/{row['id']}/number").status_code == 409
    told = anna.post(f"/callbacks/{row['id']}/close", outcome="reached")
    assert told.status_code == 200
    assert code not in str(told.get_json())
    assert code not in str(
        xiaolin.client.get(f"{xiaolin.base}/contacts", headers=xiaolin.headers).get_json()
    )


def test_agents_cannot_give_themselves_an_official_looking_name(app: Flask, anna: Member) -> None:
    page = anna.client.get("/account")
    assert page.status_code == 200
    for path in ("/accounts", "/accounts/add"):
        form = {"name": "x", "display": "安全中心", "role": "lead", "csrf_token": csrf(page.text)}
        got = anna.client.post(path, data=form)
        assert got.status_code in (302, 303, 403, 404, 405)
    assert "安全中心" not in anna.client.get("/account").get_data(as_text=True)
