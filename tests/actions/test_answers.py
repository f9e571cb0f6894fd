"""Answers outside of the flows, and what is said when none fits."""

from __future__ import annotations

from typing import Any

import pytest


def test_the_greeting_knows_the_name_and_offers_the_hot_topics(customer: Any) -> None:
    reply = customer.say("/start")
    assert "小林" in reply.text
    assert {"/pay_failed", "/refund", "/fraud", "/human"} <= set(reply.payloads)


def test_a_company_greets_in_its_own_words_and_with_its_own_buttons(customer: Any) -> None:
    button = {"title": "预约取送", "payload": "/human"}
    customer.world["greeting"] = {"text": "{name}，这里是云筐。", "buttons": [button]}
    reply = customer.say("/start")
    assert reply.text == "小林，这里是云筐。"
    assert reply.buttons == [button]


def test_an_faq_without_flow_is_answered_in_full(customer: Any) -> None:
    reply = customer.say("怎么扫码支付")
    assert reply.faqs == ["scan-pay-how"]
    assert not reply.answers[0]["short"]
    assert [b["payload"] for b in reply.answers[0]["buttons"]] == [
        "/solved",
        "/unsolved",
        "/human",
    ]


def test_what_the_deployment_knows_is_filled_in(customer: Any) -> None:
    customer.world["variables"] = {"hotline": "400-000-0000"}
    text = customer.say('/faq{"faq": "contact-channels"}').answers[0]["text"]
    assert "400-000-0000" in text
    assert "{{" not in text


def test_an_urgent_faq_offers_a_human_at_once(customer: Any) -> None:
    reply = customer.say('/faq{"faq": "fraud-link"}')
    assert reply.answers[0]["buttons"][0]["payload"] == "/human"
    assert customer.say("/human").command("escalate")["urgent"]


@pytest.mark.parametrize("said", ["/solved", "解决了"])
def test_a_solved_answer_is_resolved_with_its_faq(customer: Any, said: str) -> None:
    reply = customer.say("怎么扫码支付", said)
    assert reply.command("resolve")["faq_id"] == "scan-pay-how"
    assert reply.text == "太好了，解决了就好。以后遇到问题随时来找我。"


@pytest.mark.parametrize("said", ["/unsolved", "没解决", "没用", "没有"])
def test_an_answer_that_did_not_help_leads_to_a_human(customer: Any, said: str) -> None:
    command = customer.say("怎么扫码支付", said).command("escalate")
    assert command["reason"] == "unsolved"
    assert command["card"]["problem"] == "怎么扫码支付"


def test_two_misses_in_a_row_offer_a_human_unasked(customer: Any) -> None:
    first = customer.say("天王盖地虎")
    assert first.command("miss") is not None
    second = customer.say("宝塔镇河妖")
    assert second.titles[0] == "好，转人工"
    assert customer.say("好").command("escalate")["reason"] == "missed"


def test_a_miss_before_what_was_solved_is_not_the_first_of_two(customer: Any) -> None:
    missed = customer.say("今晚看什么电影好", "没事了，解决了", "明早吃什么好")
    assert missed.command("miss") is not None
    assert "好，转人工" not in missed.titles


def test_a_button_of_a_finished_flow_offers_to_start_again(customer: Any) -> None:
    customer.say("/pay_failed", "算了")
    reply = customer.say('/reply{"slot": "pay_network", "value": "done"}')
    assert "/pay_failed" in reply.payloads


def test_an_faq_that_is_gone_is_admitted(customer: Any) -> None:
    assert "/human" in customer.say('/faq{"faq": "gone"}').payloads


def test_details_by_themselves_are_noted(customer: Any) -> None:
    reply = customer.say("36元")
    assert reply.command("note")["card"] == {"amount": "36元"}
    assert reply.command("miss") is None


def test_a_secret_is_explained_before_anything_was_asked(customer: Any) -> None:
    reply = customer.say("密码是［已隐藏］")
    assert "自动隐藏" in reply.text
    assert not reply.faqs


def test_a_secret_beside_a_question_is_explained_and_the_question_answered(customer: Any) -> None:
    reply = customer.say("我把验证码［已隐藏］告诉别人了")
    assert "自动隐藏" in reply.text
    assert reply.faqs == ["fraud-code-leaked"]


def test_small_talk_takes_two_lines(customer: Any) -> None:
    assert customer.say("你是机器人吗").text.count("\n") == 1


def test_a_slash_typed_by_a_customer_is_no_command(customer: Any) -> None:
    reply = customer.say(" /solved")
    assert reply.command("resolve") is None


def test_the_titles_of_the_greeting_are_understood_when_typed(new_customer: Any) -> None:
    for button in new_customer().say("/start").buttons:
        typed, pressed = new_customer(), new_customer()
        written = typed.say("/start", button["title"])
        assert written.faqs == pressed.say("/start", button["payload"]).faqs, button
        assert typed.state == pressed.state, button


def test_a_title_of_buttons_before_the_last_is_a_message_like_any_other(customer: Any) -> None:
    customer.say("/start", "付不了款")
    assert customer.say("扣款有问题").faqs != ["dispute-how"]
    assert customer.state[0] == "pay_failed_form"


@pytest.mark.parametrize("said", ["不知道", "不清楚啊", "没有", "跳过"])
def test_not_knowing_starts_nothing(customer: Any, said: str) -> None:
    reply = customer.say(said)
    assert not reply.faqs
    assert customer.state == (None, None)
    assert "/human" in reply.payloads


def test_not_knowing_leaves_the_question_whether_it_helped(customer: Any) -> None:
    customer.say("怎么扫码支付", "不知道")
    assert customer.say("没有").command("escalate")["reason"] == "unsolved"


@pytest.mark.parametrize("said", ["清楚了", "懂了", "明白了", "可以了", "好了谢谢"])
def test_an_answer_that_is_clear_is_resolved(customer: Any, said: str) -> None:
    assert customer.say("怎么扫码支付", said).command("resolve")["faq_id"] == "scan-pay-how"


def test_off_topic_talk_tells_nothing_of_the_case(customer: Any) -> None:
    assert customer.say("今晚看什么电影好").command("miss") is not None
    assert "time" not in customer.say("转人工").card


def test_a_picture_is_acknowledged_and_kept_with_the_case(customer: Any) -> None:
    customer.say("怎么扫码支付")
    assert "收到" in customer.say("/picture").text
    assert "图片" in customer.say("转人工").card["problem"]


def test_a_picture_within_a_flow_leaves_its_step_pending(customer: Any) -> None:
    customer.say("付不了款")
    form, slot = customer.state
    reply = customer.say("/picture")
    assert "收到" in reply.text
    assert customer.state[0] == form
    customer.say("网络没问题")
    assert customer.state == (form, "pay_balance")
    assert slot == "pay_network"
