"""What is picked up from a message in passing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.components.details import Details, make_details
from search.dialogue import read_details, read_replies

LEXICON = Path(__file__).resolve().parents[2] / "data" / "lexicon"


@pytest.fixture(scope="module")
def details() -> Details:
    found = (LEXICON / "details.yml", LEXICON / "replies.yml")
    read = zip((read_details, read_replies), found, strict=True)
    return make_details(*(one(path, path.read_bytes()) for one, path in read))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("付了36元没成功", "amount", "36元"),
        ("扣我¥36，咋回事", "amount", "¥36"),
        ("转错了2w", "amount", "2w"),
        ("转了一万块给他", "amount", "一万块"),
        ("付１００元失败", "amount", "100元"),
        ("花了1,200.50元", "amount", "1,200.50元"),
        ("付款失败，金额256.8", "amount", "256.8"),
        ("昨天下午三点付的", "time", "昨天下午三点"),
        ("11月3号扣的", "time", "11月3号"),
        ("11月15号上午", "time", "11月15号上午"),
        ("2026年11月15日晚上扣的", "time", "2026年11月15日晚上"),
        ("2026-11-20 14:30 转的", "time", "2026-11-20 14:30"),
        ("刚刚付的", "time", "刚刚"),
        ("10分钟前还行", "time", "10分钟前"),
        ("上周五扣的", "time", "上周五"),
        ("琴日晚上扣嘅", "time", "琴日晚上"),
        ("半夜", "time", "半夜"),
        ("大概是晚上吧。", "time", "晚上"),
        ("好像是半夜的時候", "time", "半夜"),
        ("订单号：20231121000011112222", "order_number", "20231121000011112222"),
        ("单号是AB20231121998877", "order_number", "AB20231121998877"),
        ("报错E1037", "error_text", "报错E1037"),
        ("提示“系统繁忙，请稍后”", "error_text", "系统繁忙，请稍后"),
        ("页面显示「余额不足」", "error_text", "余额不足"),
        ("一直提示支付失败 咋办", "error_text", "支付失败"),
    ],
)
def test_a_detail_is_found(details: Details, text: str, kind: str, value: str) -> None:
    assert {found["entity"]: found["value"] for found in details.find(text)}[kind] == value


@pytest.mark.parametrize(
    "text",
    [
        "怎么扫码支付",
        "扣了两次钱",
        "晚上能打电话吗",
        "半夜被扣钱",
        "晚上？",
        "下午呢",
        "我手机13800000000收不到短信",
        "万一不行呢",
        "一块付可以吗",
    ],
)
def test_nothing_is_made_up(details: Details, text: str) -> None:
    assert [found for found in details.find(text) if found["entity"] != "amount"] == []
    assert not any(found["value"] == "13800000000" for found in details.find(text))


def test_an_amount_within_an_error_text_belongs_to_it(details: Details) -> None:
    found = {part["entity"]: part["value"] for part in details.find("提示“单笔不能超过500元”")}
    assert found == {"error_text": "单笔不能超过500元"}


def test_positions_are_those_of_the_text(details: Details) -> None:
    text = "付１００元失败"
    [amount] = details.find(text)
    assert text[amount["start"] : amount["end"]] == "１００元"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("密码是［已隐藏］", "only"),
        ("［已隐藏］", "only"),
        ("我的验证码是［已隐藏］，付不了款怎么办", "part"),
        ("密码忘了", None),
    ],
)
def test_a_hidden_secret_is_noticed(details: Details, text: str, what: str | None) -> None:
    assert details.secret(text) == what


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("付款失败了，昨天晚上八点，总共128元", "付款失败了"),
        ("我在超市付款失败了", "付款失败了"),
        ("怎么扫码支付", "怎么扫码支付"),
        ("36元", ""),
    ],
)
def test_what_is_asked_is_left_without_details(details: Details, text: str, rest: str) -> None:
    assert details.without_details(text) == rest


def test_a_secret_goes_with_the_words_that_name_it(details: Details) -> None:
    text = "我的支付密码是［已隐藏］，网络没问题"
    assert details.without_secret(text) == "网络没问题"


@pytest.mark.parametrize(
    ("text", "unsure"),
    [("不知道", True), ("不清楚啊。", True), ("跳过", True), ("不知道怎么退款", False)],
)
def test_not_knowing_is_noticed(details: Details, text: str, unsure: bool) -> None:
    assert details.is_unsure(text) is unsure


def test_a_wish_for_a_human_is_told_from_declining_one(details: Details) -> None:
    assert details.asks_for_human("别废话了给我 转人工") is True
    assert details.asks_for_human("先不转人工") is False
    assert details.asks_for_human("付不了款") is None
