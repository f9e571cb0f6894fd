"""The weekly letter: its numbers, once a week, by e-mail to the product team."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tests.web.test_mail import Catcher, catcher  # noqa: F401 (fixture)
from web.desk import asked
from web.desk.feedback import Opinion
from web.desk.mails import Mail
from web.editor.weekly import Weekly

HERE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=HERE)


@pytest.fixture(autouse=True)
def by_hand(monkeypatch) -> None:
    for name in ("EMAILS", "AGED"):
        monkeypatch.setattr(f"web.parts.{name}", 3600.0)


@pytest.fixture
def app(make, catcher: Catcher):  # noqa: F811
    return make(
        smtp_url=f"smtp://127.0.0.1:{catcher.port}",
        mail_from="help@xiaohu.example",
        base_url="https://help.example",
        report_to=("team@xiaohu.example", "boss@xiaohu.example"),
    )


def weekly(app) -> Weekly:
    parts = app.extensions["services"]
    settings = app.extensions["settings"]
    to = settings.report_to
    return Weekly(settings, parts.database, parts.engine, parts.contacts.vault, lambda: HERE, to)


def ask(app, text: str, at: datetime, band: str = "unknown") -> None:
    with app.extensions["database"].write() as session:
        confidence = 0.0 if band == "unknown" else 0.9
        faq = None if band == "unknown" else "refund-how"
        asked.record(session, text, band, confidence, faq, at, place="chat")


def test_the_letter_tells_the_last_week_goes_once_and_names_nobody(app, catcher) -> None:  # noqa: F811
    last, before = MONDAY - timedelta(days=3), MONDAY - timedelta(days=10)
    for text in ("数字人民币能用吗", "能用数字人民币吗", "数字人民币怎么付"):
        ask(app, text, last)
    ask(app, "怎么退款", last, "answer")
    ask(app, "怎么退款", before, "answer")
    with app.extensions["database"].write() as session:
        session.add(Opinion(conversation_id=_conversation(app), text="字再大一点", at=last))
    one = weekly(app)
    assert one.write(MONDAY - timedelta(minutes=1)) == 0
    assert one.write(MONDAY) == 2
    assert weekly(app).write(MONDAY + timedelta(hours=1)) == 0  # nor by another process
    with app.extensions["database"].read() as session:
        kept = list(session.scalars(select(Mail.address)))
    assert not any("xiaohu.example" in sealed for sealed in kept)
    assert app.extensions["services"].mail.deliver(datetime.now(UTC) + timedelta(days=400)) == 2
    emails = [message_from_bytes(raw) for _, raw in catcher.emails]
    assert sorted(to for (to,), _ in catcher.emails) == [
        "boss@xiaohu.example", "team@xiaohu.example",
    ]  # fmt: skip
    subject = str(make_header(decode_header(emails[0]["Subject"])))
    assert subject == "帮助中心周报（2026-11-23 至 2026-11-29）"
    text = emails[0].get_payload(decode=True).decode()
    assert (
        "客户问了 4 次，3 次没有答好，答上的占 25%；比前一周 +3 次，答上的 -75 个百分点。" in text
    )
    assert "数字人民币" in text
    assert "3 次客户什么都没得到就走了" in text
    assert "字再大一点" in text
    assert "https://help.example/editor/report?days=7" in text
    assert "/letter#" not in text
    assert one.write(MONDAY + timedelta(days=7)) == 2


def _conversation(app) -> str:
    from tests.web.conftest import Customer

    return Customer(app.test_client()).id
