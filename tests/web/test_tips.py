"""Safety tips: to those who agreed, one after the other, each once, ended by one tap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from faq import tips as content
from search.errors import BadContent
from tests.web.conftest import Customer
from web.desk.followups import Followup
from web.identity import sign
from web.notifications import tips
from web.services import utc_now
from web.settings import ROOT
from web.wallet.notices import NEVER, Quiet

HERE = ZoneInfo("Asia/Shanghai")
SHIPPED = content.read(Path(content.FILE), (ROOT / "data" / content.FILE).read_bytes())


@pytest.fixture(autouse=True)
def by_hand(monkeypatch) -> None:
    for name in ("AGED", "FOLLOWING"):
        monkeypatch.setattr(f"web.parts.{name}", 3600.0)


def at(days: int, hour: int = 11) -> datetime:
    day = datetime.now(HERE).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=HERE).astimezone(UTC)


def send(app, now: datetime, quiet: Quiet = NEVER, known=lambda faq: True) -> int:
    parts = app.extensions["services"]
    return tips.send(parts.database, parts.bus, SHIPPED, lambda: HERE, quiet, known, now)


def agree(who: Customer, given: bool = True) -> None:
    wish = {"purpose": "tips", "given": given}
    answer = who.client.put(f"{who.base}/consents", json=wish, headers=who.headers)
    assert answer.status_code == 200, answer.get_json()


def got(who: Customer) -> list[dict]:
    said = [one for one in who.read()["events"] if one["type"] == "message"]
    return [one["data"] for one in said if one["data"]["text"].startswith(SHIPPED.title)]


def test_who_agreed_gets_one_after_the_other_and_nobody_else_any(app, client) -> None:
    xiaolin, ajie = Customer(client), Customer(client)
    agree(xiaolin)
    assert send(app, at(0)) == 1
    assert send(app, at(0) + timedelta(hours=2)) == 0
    assert send(app, at(SHIPPED.every - 1)) == 0
    assert send(app, at(SHIPPED.every)) == 1
    first, second = got(xiaolin)
    assert SHIPPED.tips[0].text in first["text"]
    assert SHIPPED.tips[1].text in second["text"]
    assert first["faq_id"] == SHIPPED.tips[0].faq
    assert got(ajie) == []
    for turn in range(2, len(SHIPPED.tips) + 3):
        send(app, at(turn * SHIPPED.every))
    assert len(got(xiaolin)) == len(SHIPPED.tips)  # and none twice
    with app.extensions["database"].read() as session:
        assert {(row.kind, row.lettered) for row in session.query(Followup)} == {("tip", True)}


def test_of_many_consents_each_round_looks_through_others_until_all_had_their_turn(
    app, client, monkeypatch
) -> None:
    monkeypatch.setattr(tips, "LOOKED_AT", 2)
    everybody = [Customer(client) for _ in range(7)]
    for one in everybody:
        agree(one)
    rounds = [send(app, at(0) + turn * tips.PERIOD) for turn in range(4)]
    assert sum(rounds) == 7
    assert max(rounds) <= 2
    assert [len(got(one)) for one in everybody] == [1] * 7


def test_the_button_below_a_tip_ends_them(app, client) -> None:
    xiaolin = Customer(client)
    agree(xiaolin)
    send(app, at(0))
    (button,) = got(xiaolin)[0]["buttons"]
    answer = xiaolin.say(button["title"], button["payload"])
    assert [event["data"]["text"] for event in answer["events"]] == [SHIPPED.stopped]
    consents = xiaolin.client.get(f"{xiaolin.base}/consents", headers=xiaolin.headers)
    assert consents.get_json()["consents"]["tips"] is False
    assert send(app, at(SHIPPED.every)) == 0
    agree(xiaolin)  # begun again, it goes on where it ended
    assert send(app, at(SHIPPED.every) + tips.PERIOD) == 1
    assert SHIPPED.tips[1].text in got(xiaolin)[1]["text"]


def test_a_customer_with_two_conversations_gets_each_tip_once(app) -> None:
    token = sign(app.extensions["settings"], "10086", "小林", utc_now(), timedelta(hours=1))
    phone = Customer(app.test_client(), channel="app", identity=token)
    tablet = Customer(app.test_client(), channel="app", identity=token)
    agree(phone)
    agree(tablet, given=False)
    assert send(app, at(0)) == 0  # their last word counts, wherever they said it
    agree(tablet)
    assert send(app, at(0) + tips.PERIOD) == 1
    assert len(got(phone)) == 1


def test_nothing_is_sent_early_late_or_in_quiet_hours_and_no_dead_link(app, client) -> None:
    xiaolin = Customer(client)
    agree(xiaolin)
    assert send(app, at(0, SHIPPED.hour - 1)) == 0
    assert send(app, at(0, tips.UNTIL)) == 0
    assert send(app, at(0, 13), Quiet((12 * 60, 14 * 60))) == 0
    assert send(app, at(0, 15), known=lambda faq: False) == 1
    assert "faq_id" not in got(xiaolin)[0]


def test_what_was_erased_gets_none(app, client) -> None:
    xiaolin = Customer(client)
    agree(xiaolin)
    assert xiaolin.client.delete(xiaolin.base, headers=xiaolin.headers).status_code == 204
    assert send(app, at(0)) == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tips: {}", "tips-none"),
        ("tips: {A b: {text: x}}", "tips-entry"),
        ("tips: {a: {text: ''}}", "tips-entry"),
        ("tips: {a: {text: x, colour: red}}", "tips-entry"),
        ("every: 0\ntips: {a: {text: x}}", "tips-number"),
        ("tips: {a: {text: x}}", "tips-words"),
    ],
)
def test_a_bad_file_is_named_by_what_is_wrong(text: str, code: str) -> None:
    with pytest.raises(BadContent) as found:
        content.read(Path(content.FILE), text.encode())
    assert found.value.problems[0].reason.code == code


def test_every_shipped_tip_leads_to_an_article_that_is_there(engine) -> None:
    known = engine.generation.content.faqs
    assert [tip.name for tip in SHIPPED.tips if tip.faq and tip.faq not in known] == []
