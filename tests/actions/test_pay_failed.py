"""The payment flow, from the first message to both of its ends."""

from __future__ import annotations

from typing import Any

CHECKS = ["network", "balance", "method", "announcement", "account"]


def test_the_short_answer_comes_first_and_then_the_network(customer: Any) -> None:
    reply = customer.say("付款失败了")
    assert reply.faqs == ["pay-failed"]
    assert reply.answers[0]["short"]
    assert customer.state == ("pay_failed_form", "pay_network")


def test_the_checks_come_in_the_order_of_the_sources_and_end_at_a_human(customer: Any) -> None:
    customer.say("付不了款", "网络没问题", "余额够的", "卡都没问题")
    assert customer.state[1] == "pay_account"
    assert customer.say("没有").expects == "error_text"
    assert customer.say("提示“系统繁忙”").expects == "time"
    assert customer.say("昨天下午三点").expects == "amount"
    command = customer.say("36").command("escalate")
    assert command["topic"] == "pay_failed"
    assert command["reason"] == "unsolved"
    card = command["card"]
    assert [part["step"] for part in card["tried"]] == CHECKS
    assert card["problem"] == "付不了款"
    assert card["error_text"] == "系统繁忙"
    assert card["time"] == "昨天下午三点"
    assert card["amount"] == "36"


def test_what_the_first_message_says_is_never_asked(customer: Any) -> None:
    reply = customer.say("昨天下午三点付36元一直失败，提示“系统繁忙”，网络没问题，余额也够")
    assert customer.state == ("pay_failed_form", "pay_method")
    card = reply.card
    assert (card["time"], card["amount"], card["error_text"]) == (
        "昨天下午三点",
        "36元",
        "系统繁忙",
    )
    assert customer.say("都没问题", "没有").command("escalate") is not None


def test_details_are_picked_up_at_any_step(customer: Any) -> None:
    customer.say("付不了款")
    assert customer.say("付了¥36，报错E1037").card["amount"] == "¥36"
    assert customer.state == ("pay_failed_form", "pay_network")
    customer.say("网络没问题", "够", "都没问题")
    assert customer.say("没有").expects == "time"


def test_an_faq_that_names_a_cause_counts_as_that_step(customer: Any) -> None:
    reply = customer.say('/faq{"faq": "pay-failed-network"}')
    assert reply.faqs == ["pay-failed-network"]
    assert customer.state == ("pay_failed_form", "pay_balance")


def test_too_little_balance_is_answered_and_then_tried_again(customer: Any) -> None:
    reply = customer.say("付不了款", "网络没问题", "余额不够")
    assert reply.faqs == ["pay-failed-balance"]
    assert customer.state[1] == "pay_retry"
    assert customer.say("能付了").command("resolve")["topic"] == "pay_failed"


def test_a_second_advice_is_tried_again_too(customer: Any) -> None:
    customer.say("付不了款", "网络没问题", "余额不够", "还是不行", "卡过期了")
    assert customer.state[1] == "pay_retry"
    customer.say("还是不行")
    assert customer.state[1] == "pay_account"


def test_solved_at_any_step_ends_it(customer: Any) -> None:
    reply = customer.say("付不了款", "换了流量就好了")
    assert reply.command("resolve")["topic"] == "pay_failed"
    assert customer.state == (None, None)


def test_a_current_announcement_is_the_first_thing_said_and_asked_about_later(
    customer: Any,
) -> None:
    customer.world["announcements"] = [{"id": "a", "title": "系统维护", "text": "今晚维护。"}]
    opened = customer.say("付不了款")
    assert opened.text.index("系统维护") < opened.text.index("网络")
    assert (opened.command("announced") or {})["announcement"] == "a"
    assert "今晚维护。" in opened.text
    asked = customer.say("网络没问题", "够", "都没问题")
    assert "公告" in asked.text
    assert "今晚维护。" not in asked.text
    later = customer.say("那我等等")
    assert "恢复以后再试" in later.text
    assert customer.state == (None, None)
    assert later.command("resolve") is None


def test_an_announcement_is_told_with_its_title_and_once(customer: Any) -> None:
    customer.world["announcements"] = [{"id": "a", "title": "跨行到账晚半天", "text": "银行在修。"}]
    assert "跨行到账晚半天" in customer.say("付不了款").text
    assert "跨行到账晚半天" not in customer.say("算了", "付不了款").text


def test_without_announcement_that_is_said(customer: Any) -> None:
    assert "没有维护" in customer.say("付不了款", "网络没问题", "够", "都没问题").text


def test_each_detail_can_be_skipped(customer: Any) -> None:
    customer.say("付不了款", "网络没问题", "够", "都没问题", "没有")
    command = customer.say("跳过", "不记得了", "跳过").command("escalate")
    assert set(command["card"]) == {"topic", "problem", "tried"}


def test_another_flow_is_offered_without_losing_this_one(customer: Any) -> None:
    reply = customer.say("付不了款", "怎么申请退款")
    assert reply.faqs == ["refund-how"]
    assert "/refund" in reply.payloads
    assert customer.state == ("pay_failed_form", "pay_network")
    customer.say("/refund")
    assert customer.state == ("refund_form", "refund_order")


def test_traditional_characters_are_understood(customer: Any) -> None:
    customer.say("付不了款", "網絡沒問題")
    assert customer.state[1] == "pay_balance"
    customer.say("餘額不夠")
    assert customer.state[1] == "pay_retry"


def test_a_number_picks_the_button_in_that_place(customer: Any) -> None:
    customer.say("付不了款", "2")
    assert customer.state[1] == "pay_balance"


def test_a_secret_beside_a_reply_is_explained_and_the_reply_taken(customer: Any) -> None:
    reply = customer.say("付不了款", "我的支付密码是［已隐藏］，网络没问题")
    assert "自动隐藏" in reply.text
    assert customer.state[1] == "pay_balance"


def test_a_secret_beside_nothing_else_is_no_unclear_reply(customer: Any) -> None:
    customer.say("付不了款")
    for _ in range(3):
        reply = customer.say("我的支付密码是［已隐藏］，帮我看看")
        assert "没太明白" not in reply.text
        assert "/human" not in reply.payloads
    assert customer.state[1] == "pay_network"


def test_what_was_taken_for_known_is_corrected(customer: Any) -> None:
    customer.say('/faq{"faq": "pay-failed-network"}')
    reply = customer.say("網絡冇問題")
    assert {"step": "network", "result": "done"} in reply.card["tried"]
    assert "没太明白" not in reply.text
    assert customer.state[1] == "pay_balance"


def test_leaving_by_the_button_says_that_it_can_be_taken_up_again(customer: Any) -> None:
    reply = customer.say("付不了款", "网络没问题", "/cancel")
    assert "先到这里" in reply.text
    assert reply.titles == ["接着办：支付失败", "转人工"]
    assert customer.state == (None, None)


def test_what_is_told_beside_a_step_is_noted_and_the_step_asked_again(customer: Any) -> None:
    reply = customer.say("付不了款", "昨天下午三点付的，36元")
    assert "记下了：昨天下午三点、36元" in reply.text
    assert "换一个 Wi-Fi" in reply.text
    assert (reply.card["time"], reply.card["amount"]) == ("昨天下午三点", "36元")
    assert customer.state == ("pay_failed_form", "pay_network")


def test_the_second_thing_told_beside_a_step_brings_the_offer_of_a_human(customer: Any) -> None:
    first = customer.say("付不了款", "我妈妈也在用这个手机")
    assert "记下了" in first.text
    assert "转人工" not in first.titles
    second = customer.say("我爸爸以前也用它")
    assert second.titles.count("转人工") == 1
    assert second.card["problem"].endswith("我妈妈也在用这个手机\n我爸爸以前也用它")


def test_details_are_no_unclear_replies(customer: Any) -> None:
    customer.say("付不了款", "我妈妈也在用这个手机")
    reply = customer.say("昨天下午三点付的，36元")
    assert "转人工" not in reply.titles
