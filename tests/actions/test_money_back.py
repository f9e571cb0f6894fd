"""Refunds, disputed charges, wrong transfers and fees."""

from __future__ import annotations

from typing import Any


def test_a_refund_asks_order_reason_and_progress_and_helps_there(customer: Any) -> None:
    assert customer.say("怎么申请退款").expects == "order_number"
    customer.say("订单号20231121000011112222")
    assert customer.state == ("refund_form", "refund_reason")
    customer.say("东西质量有问题")
    reply = customer.say("商家不同意")
    assert reply.faqs == ["refund-merchant-refused"]
    card = customer.say("没用").command("escalate")["card"]
    assert card["order_number"] == "20231121000011112222"
    assert "商品质量问题" in card["problem"]
    assert "商家不同意" in card["problem"]


def test_a_refund_that_is_solved_is_resolved(customer: Any) -> None:
    reply = customer.say("/refund", "跳过", "其他", "还没申请", "解决了")
    assert reply.command("resolve")["topic"] == "refund"


def test_an_order_told_by_time_and_amount_is_not_asked_for(customer: Any) -> None:
    customer.say("昨天买的36元的东西怎么申请退款")
    assert customer.state == ("refund_form", "refund_reason")


def test_a_duplicate_charge_is_not_asked_which_kind_it_is(customer: Any) -> None:
    reply = customer.say("同一笔订单扣了两次钱")
    assert reply.faqs == ["pay-duplicate"]
    assert customer.state == ("dispute_form", "time")
    customer.say("上周五", "36元", "某某超市")
    reply = customer.say("还没有")
    assert reply.faqs == ["dispute-how"]
    command = customer.say("没解决").command("escalate")
    assert command["topic"] == "dispute"
    assert "某某超市" in command["card"]["problem"]
    assert "同一笔扣了两次" in command["card"]["problem"]


def test_a_dispute_without_result_goes_to_a_human(customer: Any) -> None:
    customer.say("/dispute", "不认识的扣款", "昨天", "99元", "跳过")
    command = customer.say("提交了一直没结果").command("escalate")
    assert command["reason"] == "unsolved"


def test_a_dispute_that_is_solved_is_resolved(customer: Any) -> None:
    customer.say("/dispute", "多收了手续费", "跳过", "跳过", "跳过", "刚提交，在等结果")
    assert customer.say("解决了").command("resolve")["topic"] == "dispute"


def test_a_wrong_transfer_asks_for_the_payee_and_ends_at_a_human(customer: Any) -> None:
    reply = customer.say("转错人了")
    assert reply.faqs == ["wrong-transfer"]
    command = customer.say("对方不理我", "刚刚", "2w", "不记得").command("escalate")
    assert command["topic"] == "wrong_transfer"
    assert command["card"]["amount"] == "2w"
    assert command["card"]["tried"] == [{"step": "contact_payee", "result": "done"}]


def test_a_wrong_transfer_that_came_back_is_resolved(customer: Any) -> None:
    assert customer.say("转错人了", "对方已经退回").command("resolve") is not None


def test_each_kind_of_fee_has_its_answer(customer: Any) -> None:
    reply = customer.say("/fee", "提现手续费")
    assert reply.faqs == ["fee-withdraw"]
    assert customer.say("清楚了").command("resolve")["faq_id"] == "fee-withdraw"


def test_doubts_about_a_fee_go_to_a_human(customer: Any) -> None:
    assert customer.say("/fee", "转账手续费", "还有疑问").command("escalate")["topic"] == "fee"
