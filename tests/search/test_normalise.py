from __future__ import annotations

import pytest

from search.normalise import Normaliser, Rewriter


@pytest.fixture(scope="module")
def normalise() -> Normaliser:
    return Normaliser()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ＷＸ　提现", "wx 提现"),
        ("轉帳失敗", "转账失败"),
        ("轉賬失敗", "转账失败"),
        ("退\u200b款\u2060\ufeff", "退款"),
        ("❤\ufe0f退\u00ad款", "❤退款"),
        ("zěnme tuìkuǎn", "zenme tuikuan"),
        ("lǜsè Nǚ'ér", "lvse nv'er"),
        ("收到簡訊", "收到短信"),
        ("啊啊啊啊啊", "啊啊"),
        ("提 现 失 败", "提现失败"),
        ("  Wi-Fi\n断了 ", "wi-fi 断了"),
        ("１２３", "123"),
    ],
)
def test_all_ways_of_typing_become_one(normalise: Normaliser, typed: str, expected: str) -> None:
    assert normalise(typed) == expected


def test_the_longest_listed_word_is_replaced_first() -> None:
    rewrite = Rewriter({"打钱": "转账", "打钱包": "钱包", "wx": "微信"})
    assert rewrite("打钱给他") == "转账给他"
    assert rewrite("打钱包") == "钱包"


def test_a_latin_word_is_replaced_only_as_a_whole() -> None:
    rewrite = Rewriter({"wx": "微信"})
    assert rewrite("用wx付") == "用微信付"
    assert rewrite("wxpay") == "wxpay"


def test_a_table_without_entries_changes_nothing() -> None:
    assert Rewriter({})("退款") == "退款"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("點樣退款", "怎么退款"),
        ("会唔会扣两次", "会不会扣两次"),
        ("呢笔錢喺邊度睇", "这笔钱在哪里看"),
        ("咋个提现", "怎么提现"),
        ("好久能到", "多久能到"),
        ("俺寻思问问", "我寻思问问"),
    ],
)
def test_words_of_dialects_become_the_standard_ones(
    normalise: Normaliser, typed: str, expected: str
) -> None:
    assert normalise(typed) == expected


@pytest.mark.parametrize(
    "typed",
    ["快点解决", "早点知道", "联系客服", "什么事", "好久没到账", "没得到回复", "在哪能看到"],
)
def test_standard_chinese_that_looks_like_dialect_stays(normalise: Normaliser, typed: str) -> None:
    assert normalise(typed) == typed
