"""What the wallet tells by itself: not at night and not to who does not want it, but for danger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from tests.wallet.conftest import SECRET, Sandbox
from tests.wallet.test_news import customer_of, event, messages, shown, suspicious, told
from tests.web.conftest import Customer
from web.desk.consents import Consent
from web.desk.models import Event
from web.environment import BadSettings
from web.services import utc_now
from web.settings import Settings
from web.wallet import notices
from web.wallet.notices import Quiet

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def app(make: Callable[..., Flask], sandbox: Sandbox) -> Flask:
    """A help center in the middle of its quiet hours."""
    here = datetime.now(SHANGHAI)
    minute = here.hour * 60 + here.minute
    span = ((minute - 60) % 1440, (minute + 120) % 1440)
    return make(wallet_url=sandbox.url, wallet_secret=SECRET, wallet_quiet=span)


def asked_about_shoes(app: Flask, hours_ago: float = 3) -> Customer:
    """小林, who asked about a refund some hours ago and has written nothing since."""
    customer = customer_of(app, "sandbox-04")
    customer.say("我想咨询这笔交易", '/wallet{"transaction":"tx-04-shoes"}')
    with app.extensions["database"].write() as session:
        for one in session.query(Event).filter_by(conversation_id=customer.id):
            one.at -= timedelta(hours=hours_ago)
    return customer


def arrived() -> dict[str, Any]:
    about = shown("sandbox-04", "tx-04-shoes")
    about["Refund"]["Steps"].append({"Step": "credited", "DateTime": about["DateTime"]})
    return event("refund.credited", "sandbox-04", Transaction=about)


def texts(customer: Customer) -> list[str]:
    return [one["data"]["text"] for one in messages(customer) if "已经到账" in one["data"]["text"]]


def deliver(app: Flask, after: timedelta) -> int:
    parts = app.extensions["services"]
    return notices.deliver(parts.database, parts.bus, utc_now() + after)


def test_a_refund_that_arrives_at_night_is_told_once_in_the_morning(app: Flask) -> None:
    customer = asked_about_shoes(app)
    assert told(app, arrived()) == 204
    assert texts(customer) == []
    assert deliver(app, timedelta(hours=1)) == 0
    assert deliver(app, timedelta(hours=3)) == 1
    assert deliver(app, timedelta(hours=3)) == 0
    assert len(texts(customer)) == 1


def test_who_is_writing_just_now_is_told_at_once(app: Flask) -> None:
    customer = asked_about_shoes(app, hours_ago=0)
    told(app, arrived())
    assert len(texts(customer)) == 1


def test_a_suspicious_payment_waits_for_no_morning_and_no_consent(app: Flask) -> None:
    customer = customer_of(app, "sandbox-11", "小蒋")
    agree(customer, "notices", given=False)
    assert told(app, suspicious()) == 204
    assert "是您本人操作的吗" in messages(customer)[-1]["data"]["text"]


def test_who_does_not_want_news_gets_none(make: Callable[..., Flask], sandbox: Sandbox) -> None:
    app = make(wallet_url=sandbox.url, wallet_secret=SECRET, wallet_quiet=None)
    customer = asked_about_shoes(app)
    assert agree(customer, "notices", given=False)["notices"] is False
    told(app, arrived())
    assert texts(customer) == []
    assert agree(customer, "notices", given=True)["notices"] is True
    told(app, arrived())
    assert len(texts(customer)) == 1


def test_what_was_agreed_to_is_kept_word_by_word_and_counts_for_the_person(app: Flask) -> None:
    first, stranger = customer_of(app, "sandbox-04"), Customer(app.test_client())
    for given in (True, True, False):
        agree(first, "pictures", given=given)
    agree(stranger, "video", given=True)
    with app.extensions["database"].read() as session:
        rows = [(one.purpose, one.given) for one in session.query(Consent).order_by(Consent.id)]
    assert rows == [("pictures", True), ("pictures", False), ("video", True)]
    again = customer_of(app, "sandbox-04")
    answer = again.client.get(f"{again.base}/consents", headers=again.headers).get_json()
    assert answer["consents"] == {
        "notices": None,
        "pictures": False,
        "tips": None,
        "video": None,
    }
    other = Customer(app.test_client())
    answer = other.client.get(f"{other.base}/consents", headers=other.headers).get_json()
    assert set(answer["consents"].values()) == {None}
    assert other.client.get(f"{first.base}/consents", headers=other.headers).status_code == 404


@pytest.mark.parametrize(
    ("at", "end"),
    [
        ("2026-11-29 21:59", None),
        ("2026-11-29 22:00", "2026-11-30 08:00"),
        ("2026-11-30 03:00", "2026-11-30 08:00"),
        ("2026-11-30 08:00", None),
    ],
)
def test_the_night_goes_over_midnight(at: str, end: str | None) -> None:
    here = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    found = Quiet((22 * 60, 8 * 60)).end(here.astimezone(UTC), SHANGHAI)
    assert (found.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if found else None) == end
    assert Quiet(None).end(here, SHANGHAI) is None
    noon = Quiet((12 * 60, 13 * 60))
    assert noon.end(here, SHANGHAI) is None
    assert noon.end(here.replace(hour=12, minute=30), SHANGHAI) == here.replace(hour=13, minute=0)


def test_the_setting_is_a_span_or_off(tmp_path: Any) -> None:
    env = {"XIAOHU_VAR": str(tmp_path)}
    assert Settings.from_env(env).wallet_quiet == (1320, 480)
    assert Settings.from_env({**env, "XIAOHU_WALLET_QUIET": "off"}).wallet_quiet is None
    span = Settings.from_env({**env, "XIAOHU_WALLET_QUIET": "23:30-7:00"}).wallet_quiet
    assert span == (1410, 420)
    with pytest.raises(BadSettings, match="neither off nor a span"):
        Settings.from_env({**env, "XIAOHU_WALLET_QUIET": "nachts"})


def agree(customer: Customer, purpose: str, *, given: bool) -> dict[str, bool | None]:
    answer = customer.client.put(
        f"{customer.base}/consents",
        json={"purpose": purpose, "given": given},
        headers=customer.headers,
    )
    assert answer.status_code == 200, answer.get_json()
    found: dict[str, bool | None] = answer.get_json()["consents"]
    return found
