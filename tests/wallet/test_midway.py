"""In each situation a wallet that fails in the middle is said to, and the flow goes on by hand."""

from __future__ import annotations

import pytest

from tests.conversations.talk import text_of
from tests.wallet.conftest import Sandbox
from tests.wallet.talks import Opening, press_starting, show, talk_as

__all__ = ["talk_as"]  # the fixture

SITUATIONS = [
    ("sandbox-02", "付款失败了", "云杉数码"),
    ("sandbox-04", "我要退款", "跃步鞋店"),
    ("sandbox-06", "同一笔扣了两次钱", "山间茶铺"),
    ("sandbox-08", "转账还没到", "*国"),
    ("sandbox-10", "为什么收我手续费", "青山银行"),
    ("sandbox-13", "转错人了", "*伟"),
]


@pytest.mark.parametrize("fault", ["down", "foreign"])
@pytest.mark.parametrize(("customer", "asks", "picks"), SITUATIONS)
def test_a_failure_at_the_tap_leaves_the_way_by_hand(
    talk_as: Opening, served: Sandbox, customer: str, asks: str, picks: str, fault: str
) -> None:
    talk = talk_as(customer)
    talk.say(asks)
    served.breaks(fault, 2)
    said = press_starting(talk, picks)
    served.breaks("")
    assert "现在查不到这一笔" in said, show(talk)
    assert len(said.split("我先按步骤帮您查。")[1].strip()) > 10, show(talk)
    assert "来自您的钱包记录" not in said
    events = talk.say("转人工")
    assert any(event["type"] == "escalated" for event in events), show(talk)


def test_an_account_that_cannot_be_looked_at_is_asked_about(
    talk_as: Opening, served: Sandbox
) -> None:
    talk = talk_as("sandbox-09")
    served.breaks("down", 2)
    said = text_of(talk.say("账户被冻结了怎么解除"))
    served.breaks("")
    assert "现在查不到您的钱包记录" in said, show(talk)
    assert "来自您的钱包记录" not in said
