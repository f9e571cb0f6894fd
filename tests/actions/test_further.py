"""What is told, asked and doubted after an answer, which stays the thing that is talked about."""

from __future__ import annotations

from typing import Any


def test_what_is_told_after_an_answer_brings_what_helps_next_until_a_human_is_left(
    customer: Any,
) -> None:
    where = customer.say("付款成功了商家说没收到", "是在美团买的")
    assert "记下" in where.text
    assert "12315" in where.whole
    when = customer.say("昨天买的")
    assert "昨天" in when.text
    assert "商家的订单号" in when.whole
    assert "12315" not in when.whole
    much = customer.say("是36元")
    assert "36元" in much.text
    assert much.titles == ["转人工"]
    command = customer.say("好").command("escalate")
    assert command["reason"] == "missed"
    assert command["card"]["problem"] == "付款成功了商家说没收到\n是在美团买的"
    assert (command["card"]["time"], command["card"]["amount"]) == ("昨天", "36元")


def test_the_same_question_again_is_answered_in_other_words_each_time(customer: Any) -> None:
    said = [customer.say("怎么修改密码") for _ in range(4)]
    assert [reply.faqs for reply in said] == [["password-change"]] * 4
    assert len({reply.whole for reply in said}) == 4


def test_said_again_is_the_point_that_matters(customer: Any) -> None:
    reply = customer.say("怎么修改密码", "再说一遍")
    assert "打开「账户设置」" in reply.text
    assert "输入原密码" not in reply.text
    assert reply.titles == ["没解决", "转人工"]


def test_an_answer_that_is_too_long_is_said_in_one_sentence(customer: Any) -> None:
    reply = customer.say("怎么修改密码", "太长了，说重点")
    assert "「修改密码」" in reply.text
    assert reply.text.count("。") == 1
    assert "安全" not in reply.text


def test_a_doubt_is_answered_about_the_same_thing_and_in_other_words_when_it_comes_again(
    customer: Any,
) -> None:
    first = customer.say("怎么修改密码", "真的吗")
    second = customer.say("确定吗")
    for reply in (first, second):
        assert "怎么修改密码" in reply.text
        assert reply.titles == ["转人工"]
    assert first.text != second.text


def test_what_was_talked_about_before_is_come_back_to(customer: Any) -> None:
    reply = customer.say("怎么修改密码", "怎么提现到卡里", "刚才那个改密码的再说说")
    assert reply.faqs == ["password-change"]
    assert "提现" not in reply.whole


def test_what_is_talked_about_goes_on_after_a_pause(customer: Any) -> None:
    assert "怎么修改密码" in customer.say("怎么修改密码", "继续").text


def test_what_nobody_can_know_of_an_answer_is_said_honestly_and_once(customer: Any) -> None:
    reply = customer.say("怎么修改密码", "那个那个啥来着")
    assert len(reply.parts) == 1
    assert reply.titles == ["转人工"]


def test_a_bare_which_is_asked_back_with_what_is_meant_perhaps(customer: Any) -> None:
    asked = customer.say("账号")
    offered = [one for one in asked.payloads if one.startswith("/faq")]
    assert len(offered) >= 2
    reply = customer.say("哪个")
    assert [one for one in reply.payloads if one.startswith("/faq")] == offered
    assert "/human" in reply.payloads
    assert customer.say("1").faqs == [offered[0].split('"')[3]]


def test_a_question_beside_a_step_leaves_it_pending_without_its_buttons(customer: Any) -> None:
    reply = customer.say("登录不了", "是哪一个")
    assert reply.titles == ["转人工"]
    assert customer.state == ("login_form", "login_kind")


def test_haste_is_kept_for_the_agent_who_comes(customer: Any) -> None:
    assert customer.say("我很着急").titles == ["转人工"]
    assert customer.say("转人工").card["problem"] == "我很着急"


def test_a_question_whether_it_is_a_human_is_no_problem_to_hand_over(customer: Any) -> None:
    assert customer.say("你到底是不是真人").titles == ["转人工"]
    assert customer.say("转人工").card == {}


def test_an_answer_is_gone_through_step_by_step_to_its_last(customer: Any) -> None:
    steps = ["打开「账户设置」", "选择「修改密码」", "输入原密码", "输入新密码", "再输一遍"]
    said = [customer.say("怎么修改密码", "第九步什么意思").text]
    said += [customer.say("下一步").text for _ in steps[1:]]
    for step, text in zip(steps, said, strict=True):
        assert step in text
    last = customer.say("下一步")
    assert not any(step in last.text for step in steps)
    assert last.text
