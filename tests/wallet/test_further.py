"""What customers ask after the wallet was told: how far it is, another one, why nothing works."""

from __future__ import annotations

import pytest

from tests.conversations.talk import text_of
from tests.wallet.conftest import Sandbox
from tests.wallet.talks import Opening, press_starting, show, talk_as, titles

__all__ = ["talk_as"]  # the fixture


@pytest.mark.parametrize(
    ("customer", "asks", "picks", "further", "has"),
    [
        ("sandbox-04", "退款什么时候到账", None, "都四天了，到底哪天到", "预计"),
        ("sandbox-12", "付不了款", "邻里超市", "那什么时候好", "恢复以后我会在这里告诉您"),
        ("sandbox-08", "转账还没到", "*国", "我急用 到底几点到", "还在处理，预计"),
        ("sandbox-01", "付款失败了", "小巷咖啡", "我的钱扣了没有", "还是「付款失败」"),
    ],
)
def test_how_far_it_is_comes_from_the_wallet_too(
    talk_as: Opening, customer: str, asks: str, picks: str | None, further: str, has: str
) -> None:
    talk = talk_as(customer)
    talk.say(asks)
    if picks:
        press_starting(talk, picks)
    told = text_of(talk.say(further))
    assert has in told, show(talk)
    assert "来自您的钱包记录" in told
    assert titles(talk) == ["解决了", "转人工"]


def test_who_does_not_answer_which_is_not_asked_the_same_again(talk_as: Opening) -> None:
    talk = talk_as("sandbox-01")
    assert text_of(talk.say("付款失败了")) == "您问的是这一笔吗？"
    told = text_of(talk.say("就是付不出去"))
    assert "余额不够" in told, show(talk)
    assert titles(talk)[0] == "不是这一笔"


def test_what_is_asked_beside_it_offers_no_other_payment(talk_as: Opening) -> None:
    talk = talk_as("sandbox-02", "阿杰")
    talk.say("买手机付不了")
    press_starting(talk, "云杉数码")
    assert "老街面馆" not in " ".join([text_of(talk.say("那我分两次付行吗")), *titles(talk)])


def test_another_one_that_is_named_is_asked_about(talk_as: Opening) -> None:
    talk = talk_as("sandbox-08")
    talk.say("转账还没到")
    press_starting(talk, "*国")
    assert "您问的是这一笔吗" in text_of(talk.say("那转给小雨的多久能到")), show(talk)


def test_a_wallet_that_fails_meanwhile_leaves_the_answer_to_the_articles(
    talk_as: Opening, served: Sandbox
) -> None:
    talk = talk_as("sandbox-04")
    talk.say("退款什么时候到账")
    served.breaks("down", 9)
    told = text_of(talk.say("到底哪天到"))
    served.breaks("")
    assert told, show(talk)
    assert "来自您的钱包记录" not in told or "预计" in told


def test_not_this_one_may_be_typed(talk_as: Opening) -> None:
    talk = talk_as("sandbox-04")
    talk.say("退款什么时候到账")
    assert "交易记录" in text_of(talk.say("不是这一笔")), show(talk)
    assert "跃步鞋店" not in text_of(talk.say("退款什么时候到账")), show(talk)


def test_who_cannot_pay_because_the_account_is_held_is_told_that(talk_as: Opening) -> None:
    talk = talk_as("sandbox-15")
    told = text_of(talk.say("付不了款"))
    assert "司法" in told, show(talk)
    assert "先看网络" not in told


def test_a_fee_is_found_by_its_amount(talk_as: Opening) -> None:
    talk = talk_as("sandbox-10")
    talk.say("提现5000为什么扣我5块")
    told = press_starting(talk, "青山银行")
    assert "手续费 5.00 元" in told, show(talk)


def test_what_was_never_told_is_not_taken_for_corrected(talk_as: Opening) -> None:
    talk = talk_as("sandbox-11", "小蒋")
    told = text_of(talk.say("有一笔三千多的不是我付的"))
    assert "改过来" not in told, show(talk)
    assert any("远方珠宝" in title for title in titles(talk)) or "马上冻结" in titles(talk)
