"""The NLU component on the real engine."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components import understanding
from bot.components.understanding import Understanding, understand
from search import BadContent, Problem


@pytest.mark.parametrize(
    ("text", "intent", "faq"),
    [
        ("付不了款", "pay_failed", "pay-failed"),
        ("同一笔订单扣了两次钱", "dispute", "pay-duplicate"),
        ("怎么扫码支付", "faq", "scan-pay-how"),
        ("轉人工", "human", None),
        ("快给我转人工行不行", "human", None),
        ("你是机器人吗", "smalltalk", None),
        ("解决了", "solved", None),
        ("没解决", "unsolved", None),
        ("密码是［已隐藏］", "unknown", None),
        ("付款失败了，昨天晚上八点，总共128元", "pay_failed", "pay-failed"),
        ("我在超市付款失败了", "pay_failed", "pay-failed"),
        ("不知道", "smalltalk", None),
        ("啦啦啦啦", "noise", None),
    ],
)
def test_a_message_has_the_direction_that_search_gives(
    text: str, intent: str, faq: str | None
) -> None:
    found, _, beside = understand(text)
    assert (found, beside["faq"]) == (intent, faq)


def test_what_actions_read_stands_beside_the_intent() -> None:
    message = Message({"text": "昨天付款失败，36元"})
    Understanding().process([message])
    out = message.as_dict(only_output_properties=True)
    assert out["intent"]["confidence"] == 1.0
    assert out["intent"]["name"] == "flow"
    assert {entity["entity"] for entity in out["entities"]} == {"amount", "time", "flow"}
    assert set(out["understanding"]) == {
        "band", "confidence", "topic", "faq", "urgent", "hits", "also", "masked", "rest",
    }  # fmt: skip


def test_payloads_are_not_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    component = Understanding()
    component._refreshed = time.monotonic()
    monkeypatch.setattr(understanding, "understand", lambda text: pytest.fail(text))
    component.process([Message({"text": '/faq{"faq": "pay-failed"}'})])


@pytest.mark.parametrize(
    ("payload", "plain"),
    [
        ("/pay_failed", '/flow{"flow": "pay_failed"}'),
        ('/refund{"faq": "refund-how"}', '/flow{"faq": "refund-how", "flow": "refund"}'),
        ("/human", "/human"),
        ('/faq{"faq": "pay-failed"}', '/faq{"faq": "pay-failed"}'),
        ("/refund{broken", "/refund{broken"),
        ("/no_such_flow", "/no_such_flow"),
    ],
)
def test_a_flow_is_started_by_its_own_name(payload: str, plain: str) -> None:
    message = Message({"text": payload})
    Understanding().process([message])
    assert message.get("text") == plain


class _Broken:
    """An engine whose folder has become unusable."""

    def refresh(self) -> bool:
        raise BadContent((Problem(understanding.Settings.from_env().data, 1, "x", "y"),))


def test_unusable_content_leaves_the_old_in_use(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(understanding, "engine", _Broken)
    with caplog.at_level(logging.ERROR):
        Understanding()._refresh()
    assert "not taken up" in caplog.text


def test_a_long_rebuild_holds_no_message_up(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    class Slow:
        calls = 0

        def refresh(self) -> bool:
            Slow.calls += 1
            return over.wait(60)

    slow: Any = Slow()
    monkeypatch.setattr(understanding, "engine", lambda: slow)
    component = Understanding()
    component._refresh()
    component._refreshed = float("-inf")
    component._refresh()
    assert not over.is_set()  # nobody waited
    over.set()
    assert Slow.calls == 1


@pytest.mark.parametrize(
    "text", ["昨天", "前天晚上", "上周三", "今天早上八点", "半夜", "晚上", "99元", "三千块"]
)
def test_a_bare_detail_is_none_of_the_subjects_beyond_the_help_center(text: str) -> None:
    intent, entities, found = understand(text)
    assert intent not in ("faq", "smalltalk")
    assert entities
    assert found["topic"] is None


def test_a_time_in_a_message_about_something_else_is_no_detail() -> None:
    assert understand("明天下雨吗")[1] == []
