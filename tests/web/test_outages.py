"""Who asked while an outage was announced is told once that it is over, however it ended."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from tests.web.conftest import Customer, StubBot
from web.desk.followups import Followup
from web.desk.models import Event
from web.identity import sign
from web.outages.ending import PATIENCE
from web.outages.models import Outage, OutageAsker
from web.services import utc_now
from web.settings import ROOT
from web.wallet import notices

SAID = "「转账变慢」已经恢复"
MINUTE = timedelta(minutes=1)
ANSWER = {"answer": {"faq_id": "transfer-delayed", "text": "先看交易记录。", "short": True}}


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.parts.NEWS", 3600.0)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A content folder with one outage that is announced until somebody ends it."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    announce(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def app(make: Callable[..., Flask], data: Path, bot: StubBot) -> Flask:
    bot.replies = speak
    return make(data=data, wallet_quiet=None)


def announce(data: Path, *lines: str, level: str = "outage") -> Path:
    path = data / "announcements" / "slow-transfers.md"
    path.parent.mkdir(exist_ok=True)
    head = "\n".join(["title: 转账变慢", f"level: {level}", *lines])
    path.write_text(f"---\n{head}\n---\n\n银行那边有故障，转账会晚到。\n", encoding="utf-8")
    return path


def speak(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Tell the announcements in the greeting, and where something is asked about transfers."""
    told = [
        {"custom": {"command": "announced", "announcement": one["id"]}}
        for one in body["metadata"]["announcements"]
    ]
    if body["message"] == "/start":
        return [*told, {"text": "你好"}]
    return [*told, {"custom": ANSWER}] if "转账" in body["message"] else [{"text": "不客气"}]


def come(app: Flask, name: str, who: str = "") -> Customer:
    token = sign(app.extensions["settings"], who or name, name, utc_now(), timedelta(hours=1))
    return Customer(app.test_client(), channel="app", identity=token)


def look(app: Flask, at: datetime) -> int:
    return app.extensions["services"].crier.look(at)


def over(app: Flask) -> int:
    """Look twice: at the end, and when it has held for a while."""
    now = utc_now()
    assert look(app, now) == 0
    return look(app, now + PATIENCE + MINUTE)


def told(customer: Customer) -> int:
    events = customer.read()["events"]
    return sum(SAID in str(one["data"].get("text")) for one in events)


def test_who_asked_is_told_and_who_only_came_by_is_not(app: Flask, data: Path) -> None:
    xiaolin, ajie = come(app, "小林"), come(app, "阿杰")
    xiaolin.say("我的转账怎么还没到")
    ajie.say("谢谢")
    announce(data, "until: 2026-01-01")
    assert over(app) == 1
    assert (told(xiaolin), told(ajie)) == (1, 0)
    assert look(app, utc_now() + timedelta(hours=1)) == 0
    with app.extensions["database"].read() as session:
        assert session.query(Outage).count() == session.query(OutageAsker).count() == 0
        kept = session.query(Followup).filter_by(conversation_id=xiaolin.id).count()
    assert kept == 1  # it follows who has left, as every answer does


def test_it_is_told_too_when_the_file_is_taken_away(app: Flask, data: Path) -> None:
    xiaolin = come(app, "小林")
    xiaolin.say("我的转账怎么还没到")
    announce(data).unlink()
    assert over(app) == 1
    assert told(xiaolin) == 1


def test_an_outage_that_is_only_information_by_now_is_over(app: Flask, data: Path) -> None:
    xiaolin = come(app, "小林")
    xiaolin.say("我的转账怎么还没到")
    announce(data, level="info")
    assert over(app) == 1
    assert told(xiaolin) == 1


def test_an_end_that_is_taken_back_is_not_told(app: Flask, data: Path) -> None:
    xiaolin, now = come(app, "小林"), utc_now()
    xiaolin.say("我的转账怎么还没到")
    announce(data).unlink()
    assert look(app, now) == 0
    announce(data)
    assert look(app, now + MINUTE) == 0
    assert look(app, now + 3 * MINUTE) == 0
    announce(data).unlink()
    assert look(app, now + 4 * MINUTE) == 0
    assert told(xiaolin) == 0
    assert look(app, now + 6 * MINUTE) == 1


def test_a_file_that_cannot_be_read_ends_nothing(app: Flask, data: Path) -> None:
    xiaolin = come(app, "小林")
    xiaolin.say("我的转账怎么还没到")
    announce(data, "until: [soon")
    assert over(app) == 0
    assert told(xiaolin) == 0


def test_the_same_outage_of_another_day_is_told_again(app: Flask, data: Path) -> None:
    xiaolin = come(app, "小林")
    for day in (1, 2):
        announce(data, f"from: 2026-01-0{day}")
        xiaolin.say("我的转账怎么还没到")
        announce(data).unlink()
        now = utc_now() + timedelta(hours=day)
        look(app, now)
        assert look(app, now + PATIENCE + MINUTE) == 1
        assert told(xiaolin) == day


def test_maintenance_is_no_outage(app: Flask, data: Path) -> None:
    announce(data, level="warning")
    xiaolin = come(app, "小林")
    xiaolin.say("我的转账怎么还没到")
    announce(data).unlink()
    assert over(app) == 0
    assert told(xiaolin) == 0


def test_who_does_not_want_news_gets_none(app: Flask, data: Path) -> None:
    xiaolin, ajie = come(app, "小林"), come(app, "阿杰")
    for one in (xiaolin, ajie):
        one.say("我的转账怎么还没到")
    ajie.client.put(
        f"{ajie.base}/consents", json={"purpose": "notices", "given": False}, headers=ajie.headers
    )
    announce(data).unlink()
    assert over(app) == 1
    assert (told(xiaolin), told(ajie)) == (1, 0)


def test_at_night_it_waits_until_the_morning(
    make: Callable[..., Flask], data: Path, bot: StubBot
) -> None:
    bot.replies = speak
    here = utc_now().astimezone(ZoneInfo("Asia/Shanghai"))
    minute = here.hour * 60 + here.minute
    app = make(data=data, wallet_quiet=((minute - 60) % 1440, (minute + 120) % 1440))
    xiaolin = come(app, "小林")
    xiaolin.say("我的转账怎么还没到")
    with app.extensions["database"].write() as session:
        for one in session.query(Event).filter_by(conversation_id=xiaolin.id):
            one.at -= timedelta(hours=3)
    announce(data).unlink()
    over(app)
    assert told(xiaolin) == 0
    parts = app.extensions["services"]
    assert notices.deliver(parts.database, parts.bus, utc_now() + timedelta(hours=3)) == 1
    assert told(xiaolin) == 1


def test_who_is_not_signed_in_is_told_as_well(app: Flask, data: Path) -> None:
    stranger = Customer(app.test_client())
    stranger.say("我的转账怎么还没到")
    announce(data).unlink()
    assert over(app) == 1
    assert told(stranger) == 1
