"""What says that something is not so, or that it is fine."""

from __future__ import annotations

import pytest

from dialogue import polarity


@pytest.mark.parametrize(
    "text",
    [
        "公告也看了，没说维护",
        "网络也换过了 余额够的",
        "没忘密码",
        "验证码也收得到",
        "没被锁 能用",
        "卡没丢",
        "旧密码我记得的",
        "短信也能收到",
        "声音倒是有",
        "付款是成功的 没问题",
        "余额还有三百多",
        "公告也看了 没维护",
    ],
)
def test_what_is_fine_or_did_not_happen_is_told_for_sure(text: str) -> None:
    assert polarity.is_surely_fine(text)


@pytest.mark.parametrize(
    "text",
    [
        "公告也看了",
        "钱没到",
        "没收到验证码",
        "余额够吗",
        "国外能用",
        "退款没退",
        "不记得了",
        "余额有三百没了",
        "付款不是成功的",
    ],
)
def test_what_goes_wrong_or_is_asked_is_not_fine(text: str) -> None:
    assert not polarity.is_surely_fine(text)


@pytest.mark.parametrize(
    "text", ["不是忘记密码", "我说的不是发票", "其实不是要提现", "还没到要投诉的地步"]
)
def test_what_a_message_is_not_about_is_known(text: str) -> None:
    assert polarity.denies_a_matter(text)


@pytest.mark.parametrize(
    "text", ["不是我本人点的", "不是忘密码，是登不上", "是不是要提现", "不是说免费吗", "不是故意的"]
)
def test_what_happened_otherwise_is_a_matter_all_the_same(text: str) -> None:
    assert not polarity.denies_a_matter(text)
