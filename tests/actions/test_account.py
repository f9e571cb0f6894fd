"""Fraud, frozen accounts and login."""

from __future__ import annotations

from typing import Any


def test_the_fast_lane_says_first_what_to_do_and_offers_a_human(customer: Any) -> None:
    reply = customer.say("我被骗了，钱转给骗子了")
    assert reply.faqs == ["fraud-money-sent"]
    assert not reply.answers[0]["short"]
    assert "96110" in reply.answers[0]["text"]
    assert reply.titles.count("马上转人工") == 1


def test_the_fast_lane_asks_one_question_at_most(customer: Any) -> None:
    customer.say("/fraud")
    command = customer.say("嘟噜嘟噜").command("escalate")
    assert command["urgent"]
    assert command["topic"] == "fraud"
    assert command["reason"] == "urgent"


def test_what_the_customer_said_is_not_asked_in_the_fast_lane(customer: Any) -> None:
    customer.say("我被骗了，钱转给骗子了")
    assert customer.state == ("fraud_form", "fraud_human")
    assert customer.say("好").command("escalate")["urgent"]


def test_money_that_is_gone_means_the_police_at_once(customer: Any) -> None:
    reply = customer.say("/fraud", "钱已经没了")
    assert "110" in reply.text
    assert reply.command("escalate")["urgent"]


def test_the_fast_lane_can_be_declined(customer: Any) -> None:
    reply = customer.say("我被骗了，钱转给骗子了", "先不用")
    assert reply.command("escalate") is None
    assert "/human" in reply.payloads
    assert "恢复以后" not in reply.text


def test_nobody_at_work_sends_the_fast_lane_to_the_hotline(customer: Any) -> None:
    customer.world["open"] = {"chat": False}
    customer.world["variables"] = {"emergency_hotline": "95000"}
    reply = customer.say("/fraud", "钱已经没了")
    assert "95000" in reply.text
    assert reply.command("escalate")["urgent"]


def test_a_frozen_account_with_strange_activity_takes_the_fast_lane(customer: Any) -> None:
    reply = customer.say("账户被冻结了怎么解开", "平台提示异常", "有")
    assert reply.faqs == ["account-stolen"]
    assert customer.state[0] == "fraud_form"


def test_a_frozen_account_goes_to_a_human_for_its_identity(customer: Any) -> None:
    customer.say("账户被冻结了怎么解开", "不知道", "没有")
    command = customer.say("还不能用").command("escalate")
    assert command["topic"] == "frozen"
    assert not command["urgent"]


def test_an_account_that_works_again_is_resolved(customer: Any) -> None:
    customer.say("账户被冻结了怎么解开", "我自己冻结的", "没有")
    assert customer.say("已经能用了").command("resolve")["topic"] == "frozen"


def test_login_gives_the_answer_of_its_kind(customer: Any) -> None:
    reply = customer.say("登录不上", "忘记密码了")
    assert reply.faqs == ["password-forgot"]
    assert customer.say("能登录了").command("resolve")["topic"] == "login"


def test_login_that_still_fails_asks_for_the_error_and_hands_over(customer: Any) -> None:
    reply = customer.say("登录不上", "收不到验证码", "还是不行")
    assert reply.expects == "error_text"
    command = customer.say("提示：账号不存在").command("escalate")
    assert command["card"]["error_text"] == "账号不存在"


def test_a_forgotten_password_is_not_asked_for_its_kind(customer: Any) -> None:
    customer.say("忘记登录密码了怎么办")
    assert customer.state == ("login_form", "login_solved")
