"""The pieces that a message is read in."""

from __future__ import annotations

import pytest

from dialogue.text import is_name, unspaced


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("我的 护照 不能 实名", "我的护照不能实名"),
        ("照片 拍了 三次 它 说 不清楚", "照片拍了三次它说不清楚"),
        ("passport 过期 可以 吗", "passport 过期可以吗"),
    ],
)
def test_who_types_a_blank_after_each_word_is_read_without_them(typed: str, read: str) -> None:
    assert unspaced(typed) == read


@pytest.mark.parametrize(
    "typed",
    ["太慢了 还是给我个活人", "300 昨天 美团", "pay failed again today ok", "没忘密码 登不上"],
)
def test_a_blank_between_clauses_stays(typed: str) -> None:
    assert unspaced(typed) == typed


@pytest.mark.parametrize(
    ("text", "name"), [("招商银行", True), ("瑞幸", True), ("不行", False), ("还行", False)]
)
def test_a_bank_is_a_name_and_a_judgement_is_none(text: str, name: bool) -> None:
    assert is_name(text) is name
