"""Refunds told from the wallet: what it knows is not asked."""

from __future__ import annotations

import pytest

from tests.conversations.talk import text_of
from tests.wallet.talks import Opening, press_starting, show, talk_as, titles

__all__ = ["talk_as"]  # the fixture


@pytest.mark.parametrize(
    ("customer", "asks", "has"),
    [
        ("sandbox-04", "退款什么时候到账", "银行入账中"),
        ("sandbox-04", "我要退款，一直没到账", "银行入账中"),
        ("sandbox-05", "退款没有退下来", "商家没有同意"),
        ("sandbox-05", "灯坏了商家不给退", "商家没有同意"),
    ],
)
def test_the_only_refund_there_is_is_told_and_not_asked_about(
    talk_as: Opening, customer: str, asks: str, has: str
) -> None:
    talk = talk_as(customer)
    told = text_of(talk.say(asks))
    assert has in told, show(talk)
    assert "来自您的钱包记录" in told
    assert "您问的是" not in told
    assert titles(talk) == ["不是这一笔", "解决了", "转人工"]


def test_who_means_another_refund_goes_on_by_hand(talk_as: Opening) -> None:
    talk = talk_as("sandbox-04")
    talk.say("退款什么时候到账")
    said = text_of(talk.press("不是这一笔"))
    assert "不按这几笔来" in said, show(talk)
    assert "跃步鞋店" not in text_of(talk.say("退款什么时候到账")), show(talk)


def test_a_refund_of_another_amount_is_asked_about(talk_as: Opening) -> None:
    talk = talk_as("sandbox-04")
    said = text_of(talk.say("我那笔88块的退款怎么还没到账"))
    assert "跃步鞋店 的付款" not in said, show(talk)


def test_of_what_has_no_refund_the_flow_asks_nothing_that_the_wallet_knows(
    talk_as: Opening,
) -> None:
    talk = talk_as("sandbox-01")
    talk.say("我要退款")
    told = press_starting(talk, "北窗书店")
    assert "还没有退款申请" in told, show(talk)
    assert "提交退款申请" in told
    assert "这样能解决吗" in told
    assert "要退的是哪一笔" not in told
    assert "想退款的原因" not in told
    assert "申请到哪一步了" not in told
