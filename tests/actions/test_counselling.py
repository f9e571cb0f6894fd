"""Who is being defrauded is stood by: turn for turn, until it is over or was none."""

from __future__ import annotations

from typing import Any


def test_what_was_no_fraud_is_not_answered_as_one(customer: Any) -> None:
    reply = customer.say("没人被骗，备课用的")
    assert "不是被骗就好" in reply.whole
    assert reply.faqs == []
    assert reply.command("note") is None
    assert customer.state == (None, None)
    assert customer.say("怎么修改密码").faqs == ["password-change"]


def test_a_mistake_ends_the_talk_of_fraud(customer: Any) -> None:
    customer.say("我被骗了，钱转给骗子了", "先不用")
    assert "不是被骗就好" in customer.say("搞错了，没被骗，是我儿子转的").whole
    later = customer.say("怎么绑银行卡")
    assert later.faqs == ["bind-card-how"]
    assert "96110" not in later.text


def test_a_victim_is_answered_turn_by_turn(customer: Any) -> None:
    customer.say("我被骗了，钱转给骗子了", "先不用")
    assert "拉黑" in customer.say("他还一直给我打电话").whole
    assert "派出所" in customer.say("我已经报警了").whole
    afraid = customer.say("我现在心里很慌")
    assert "一步一步" in afraid.whole
    assert "/human" in afraid.payloads
    assert afraid.card["problem"].endswith("我现在心里很慌")
    assert afraid.text == ""  # and nothing else is said to it


def test_a_victim_who_asks_something_else_is_answered_that(customer: Any) -> None:
    reply = customer.say("我被骗了，钱转给骗子了", "先不用", "怎么绑定银行卡")
    assert reply.faqs == ["bind-card-how"]
    assert "96110" not in reply.whole


def test_what_helps_next_is_not_said_over_and_over(customer: Any) -> None:
    customer.say("我被骗了，钱转给骗子了", "先不用")
    said = [customer.say(text).whole for text in ("我现在心里很慌", "今天天气怎么样")]
    assert "96110" in said[1]
    assert said[0] != said[1]


def test_money_that_goes_after_all_brings_what_is_to_be_done_at_once(customer: Any) -> None:
    assert customer.say("有人加我微信说是客服").faqs == ["fraud-fake-agent"]
    reply = customer.say("让我把钱转到安全账户", "我已经转了5000")
    assert reply.faqs == ["fraud-money-sent"]
    assert "110" in reply.whole
    assert reply.card["amount"] == "5000"


def test_a_card_told_after_a_link_is_known_for_a_leak(customer: Any) -> None:
    assert customer.say("点了个链接").faqs == ["fraud-link"]
    reply = customer.say("让我填了银行卡号")
    assert reply.faqs == ["fraud-code-leaked"]
    assert reply.command("note") is not None
    assert "不要告诉任何人" in customer.say("然后又要验证码").whole.replace("也不要", "不要")


def test_a_question_how_to_be_safe_is_no_denial(customer: Any) -> None:
    reply = customer.say("怎么冻结账户")
    assert reply.faqs == ["account-freeze-how"]
    assert "不是被骗" not in reply.whole


def test_thanks_within_the_talk_of_fraud_are_only_thanks(customer: Any) -> None:
    reply = customer.say("我被骗了，钱转给骗子了", "先不用", "谢谢")
    assert "不客气" in reply.text
    assert reply.answers == []


def test_whether_a_step_is_enough_is_not_answered_as_if_it_were_done(customer: Any) -> None:
    reply = customer.say("我被骗了，钱转给骗子了", "先不用", "改了密码够不够")
    assert "做得" not in reply.whole
    assert "报警" in reply.whole
    assert reply.command("resolve") is None


def test_a_fraud_that_is_over_is_resolved(customer: Any) -> None:
    reply = customer.say("我被骗了，钱转给骗子了", "先不用", "解决了，改好密码了")
    assert reply.command("resolve")["faq_id"] == "fraud-money-sent"
    assert reply.answers == []


def test_who_did_as_they_were_told_to_is_led_out_of_it(customer: Any) -> None:
    assert customer.say("他让我共享屏幕").faqs == ["fraud-fake-agent"]
    reply = customer.say("我照做了")
    assert "挂断电话" in reply.whole
    assert reply.text == ""


def test_what_a_caller_demands_is_answered_as_a_threat(customer: Any) -> None:
    customer.say("一个自称警察的人打电话来", "说我涉嫌洗钱")
    reply = customer.say("让我把钱转到安全账户")
    assert "挂断" in reply.whole
    assert "/human" in reply.payloads
