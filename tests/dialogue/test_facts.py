"""Facts are found in any order and notation, and kept unless something as exact follows."""

from __future__ import annotations

import pytest

from dialogue import facts
from dialogue.facts import Told


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("八十六块五", 86.5),
        ("两万三", 23_000),
        ("三百", 300),
        ("一千零五", 1_005),
        ("380元", 380),
        ("1.5万", 15_000),
        ("¥1,200.50", 1_200.5),
        ("二百来块", 200),
        ("十五块", 15),
        ("三千二", 3_200),
        ("一百零三块", 103),
    ],
)
def test_amounts_are_read_in_digits_and_as_they_are_spoken(text: str, yuan: float) -> None:
    assert facts.number_of(text) == yuan


@pytest.mark.parametrize("expects", ["time", "amount", None])
def test_what_is_left_of_a_hidden_cards_number_is_no_amount(expects: str | None) -> None:
    assert "amount" not in facts.find("［已隐藏］0014", {}, expects).facts
    assert facts.find("［已隐藏］0014，一共315元", {}, expects).facts["amount"] == "315元"


@pytest.mark.parametrize(
    ("text", "expects", "amount"),
    [
        ("少了二百来块", None, "二百来块"),
        ("每回都多扣一块", None, "一块"),
        ("一共八十六块五", None, "八十六块五"),
        ("在步步高超市 87块6", None, "87块6"),
        ("扣了我两次 每次36", None, "36"),
        ("余额有三百多，付80元付不了", None, "80元"),
        ("我转了两万三", None, "两万三"),
        ("300", "time", "300"),
        ("在夜市扫了45", None, "45"),
        ("网上买的台灯 239 才亮了两天", None, "239"),
        ("礼拜天晚上付的 468 单号KD77310265", None, "468"),
        ("付了120", None, "120"),
        ("500 不对是5000", "amount", "5000"),
        ("不对，是380", None, "380"),
        ("订单号20261128123456，5000块", None, "5000块"),
    ],
)
def test_the_amount_of_a_message(text: str, expects: str | None, amount: str) -> None:
    assert facts.find(text, {}, expects).facts["amount"] == amount


@pytest.mark.parametrize(
    "text",
    [
        *("我买了3次", "28号下午三点", "尾号1234的卡", "第2步怎么弄", "然后呢"),
        *("我跟我弟一块儿上网课", "两张单子一块办", "电费是不是也可以一块"),
    ],
)
def test_what_is_no_amount(text: str) -> None:
    assert "amount" not in facts.find(text, {}, "time").facts


@pytest.mark.parametrize(
    "text",
    [
        "打12315有用吗",
        "打120了",
        "我买 iPhone 15 了",
        "2024 年买的",
        "住 302 室付过水费",
        "付的时候提示 403",
    ],
)
def test_what_is_no_amount_unless_one_was_asked_for(text: str) -> None:
    assert "amount" not in facts.find(text, {}).facts


def test_a_long_number_that_was_looked_for_is_the_order_number() -> None:
    assert facts.find("找到了 2025031177420", {}, "order_number").facts == {
        "order_number": "2025031177420"
    }
    assert "order_number" not in facts.find("13900000000", {}).facts


def test_an_order_number_is_no_amount() -> None:
    told = facts.find("订单号20261128123456", {"amount": "20261128123456"}, "amount")
    assert told.facts == {"order_number": "20261128123456"}


def test_a_correction_takes_the_place_of_what_was_said() -> None:
    told = facts.find("今天 不 昨天晚上", {"time": "今天"})
    assert told.corrects
    assert facts.merge({"time": "今天"}, told)["time"] == "昨天晚上"


def test_something_vaguer_never_overwrites_what_is_known() -> None:
    assert facts.merge({"time": "昨天晚上"}, Told({"time": "刚才"}))["time"] == "昨天晚上"
    assert facts.merge({"time": "昨天"}, Told({"time": "下午三点"}))["time"] == "昨天下午三点"
    assert (
        facts.merge({"time": "昨天下午三点"}, Told({"time": "下午三点"}))["time"] == "昨天下午三点"
    )
    assert facts.merge({"time": "刚才"}, Told({"time": "昨天"}))["time"] == "昨天"
