"""What customers type against the content that ships."""

from __future__ import annotations

import pytest

from benchmarks.accuracy import OWN, measure
from search import Engine
from search.ranking import LONG, clauses


@pytest.mark.parametrize(
    ("message", "faq_id"),
    [
        ("扣了两次钱", "pay-duplicate"),
        ("同一單扣了兩次錢", "pay-duplicate"),
        ("怎么申请退宽", "refund-how"),
        ("忘记密码了", "password-forgot"),
        ("提现要手续费吗", "fee-withdraw"),
        ("我被骗了转了钱过去", "fraud-money-sent"),
        ("視訊客服沒有聲音", "video-no-sound"),
    ],
)
def test_plain_messages_are_answered(engine: Engine, message: str, faq_id: str) -> None:
    found = engine.rank(message)
    assert found.hits[0].id == faq_id
    assert found.band == "answer"
    assert found.topic is None


@pytest.mark.parametrize(
    "message", ["转人工", "人工", "轉人工", "找人工客服", "转 人 工！", "真人"]
)
def test_a_wish_for_a_person_is_one(engine: Engine, message: str) -> None:
    found = engine.rank(message)
    assert found.topic == "human"
    assert found.hits[0].id == "chat-how"


@pytest.mark.parametrize("message", ["不查了 我想跟个人说", "太磨叽了 还是给我个活人吧"])
def test_a_wish_for_a_person_beside_other_words_is_one_too(engine: Engine, message: str) -> None:
    assert engine.rank(message).topic == "human"


@pytest.mark.parametrize(
    "message",
    [
        "人工客服电话多少钱一分钟",
        "客服骂人",
        "客服要我验证码",
        "客服电话几点上班",
        "客服电话打不通",
        "客服态度差",
        "客服挂我电话",
        "自称客服的人加我微信",
        "客服让我转账到安全账户",
        "客服给我发了个链接",
        "怎么知道是不是真的客服",
        "人工审核要几天",
        "人工客服上班时间",
        "视频客服怎么用",
        "客服多久回复",
        "客服邮箱是什么",
        "跟客服聊天前要准备啥",
        "客服让我提供交易编号在哪看",
        "怎么投诉客服",
        "我想夸一下那个客服",
        "客服说会给我回电话怎么没打",
        "收到客服短信说账户异常",
        "客服问我要银行卡号",
        "智能客服能干嘛",
        "充值人工智能课程付款失败",
        "我要投诉你们经理",
        "你是真人吗",
        pytest.param("招客服吗", marks=pytest.mark.xfail(reason="近于找客服", strict=True)),
        "打给客服要收费不",
    ],
)
def test_a_question_about_agents_is_none(engine: Engine, message: str) -> None:
    assert engine.rank(message).topic != "human"


@pytest.mark.parametrize(
    "message",
    ["", "   ", "？？？", "1", "🙃🙃", "asdfghjkl", "\x00\u202e", "的了么呢吧", "a" * 2000],
)
def test_noise_is_never_answered(engine: Engine, message: str) -> None:
    found = engine.rank(message)
    assert found.band == "unknown"
    assert found.topic != "human"


def test_small_talk_is_known_as_such(engine: Engine) -> None:
    assert engine.rank("你好").topic == "greet"
    assert engine.rank("还是不行").topic == "unsolved"


def test_scores_fall_and_stay_between_nought_and_one(engine: Engine) -> None:
    scores = [hit.score for hit in engine.rank("钱没到账").hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert len(scores) == 10


def test_the_urgent_one_of_two_questions_is_answered_first(engine: Engine) -> None:
    found = engine.rank("怎么修改密码？另外我刚刚被骗子骗走了两千块钱怎么办")
    assert found.hits[0].id == "fraud-money-sent"
    assert "password-change" in found.also


def test_the_question_inside_a_rant_is_found(engine: Engine) -> None:
    rant = "今天真是倒霉透了，早上出门忘带伞，坐公交又坐过了站，到公司还迟到挨骂，" * 6
    assert len(rant) > LONG
    found = engine.rank(rant + "对了，我想问怎么申请退款，谢谢")
    assert "refund-how" in [hit.id for hit in found.hits[:3]]


def test_two_matters_in_one_breath_are_both_found_the_first_first(engine: Engine) -> None:
    found = engine.rank(
        "我昨天收到个提醒说异地登录我人在家里没出去过呀顺便问下你们的优惠活动在哪里看"
    )
    assert found.hits[0].id == "abnormal-alert"
    assert found.also == ("promotions",)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (
            "你好我昨天用的时候零钱不够了付款失败还有就是付款截图能报销吗",
            "pay-failed-balance",
            "invoice-how",
        ),
        (
            "你好我昨天用的时候信用卡刷爆了付不了顺便问一下怎么允许用摄像头",
            "pay-failed-card-limit",
            "video-permission",
        ),
    ],
)
def test_what_is_asked_at_the_end_of_a_story_is_no_less_asked_and_comes_second(
    engine: Engine, text: str, first: str, second: str
) -> None:
    found = engine.rank(text)
    assert found.hits[0].id == first
    assert found.also == (second,)


def test_a_clause_of_four_characters_asks_too(engine: Engine) -> None:
    assert engine.rank("怎么绑定银行卡，修改密码").also == ("password-change",)


def test_clauses_come_alone_and_in_pairs() -> None:
    assert clauses("今天下雨了，怎么申请退款？急") == [
        "今天下雨了",
        "怎么申请退款",
        "今天下雨了，怎么申请退款",
    ]


def test_a_clause_of_four_characters_is_one_and_a_shorter_one_is_not() -> None:
    assert clauses("今天下雨，怎么办，急") == ["今天下雨"]


def test_a_question_that_is_asked_twice_beside_another_is_told_once(engine: Engine) -> None:
    found = engine.rank("我被骗转账了，怎么修改登录密码，怎么修改登录密码")
    assert found.also.count("password-change") == 1


def test_a_very_long_message_is_not_taken_for_several_questions(engine: Engine) -> None:
    text = "怎么修改密码？另外我刚刚被骗子骗走了两千块钱怎么办"
    assert engine.rank(text).also == ("password-change",)
    assert len(text * 20) > 4 * LONG
    assert engine.rank(text * 20).also == ()


def test_the_written_set_stays_above_its_first_goal(engine: Engine) -> None:
    judged = measure(engine, OWN)
    inside = [one for one in judged if one.inside]
    outside = [one for one in judged if one.outside]
    assert sum(one.first for one in inside) / len(inside) >= 0.88
    assert sum(one.among_three for one in inside) / len(inside) >= 0.95
    wrongly = [one for one in outside if one.answered and not one.right]
    assert len(wrongly) / len(outside) <= 0.1


def test_snippets_mark_the_words_and_lose_nothing(engine: Engine) -> None:
    pieces = engine.snippet("pay-failed", "支付方式 网络")
    assert any(marked for _, marked in pieces)
    assert "".join(text for text, _ in pieces).strip()


@pytest.mark.parametrize("typed", ["支付失", "zhifushi", "zfsb", "付失败"])
def test_unfinished_typing_is_completed(engine: Engine, typed: str) -> None:
    found = engine.suggest(typed)
    assert "支付失败" in found[0].text
    assert found[0].text[found[0].start : found[0].end]


def test_nothing_typed_suggests_nothing(engine: Engine) -> None:
    assert engine.suggest("  ") == []


@pytest.mark.parametrize(
    ("text", "faq"),
    [
        ("谢谢，那提现要手续费吗", "fee-withdraw"),
        ("气死我了，我被骗转了两万", "fraud-money-sent"),
        ("sb，我账户登不上去", "login-failed"),
    ],
)
def test_a_question_after_small_talk_is_answered(engine: Engine, text: str, faq: str) -> None:
    found = engine.rank(text)
    assert (found.band, found.topic, found.hits[0].id) == ("answer", None, faq)


def test_a_question_in_a_rant_of_insults_is_answered(engine: Engine) -> None:
    insults = (
        "什么垃圾软件，气死我了，你们是不是脑残，笨死了，一群废物，滚，答非所问，牛头不对马嘴，"
    )
    for text in (f"{insults}收不到验证码", f"{insults * 3}收不到验证码。{insults * 2}"):
        found = engine.rank(text)
        assert (found.band, found.hits[0].id) == ("answer", "sms-code-missing")


@pytest.mark.parametrize("text", ["好的谢谢，没事了", "垃圾软件，什么玩意", "哈哈哈哈，你真好玩"])
def test_small_talk_in_two_clauses_stays_small_talk(engine: Engine, text: str) -> None:
    found = engine.rank(text)
    assert found.band == "unknown"
    assert found.topic is not None


@pytest.mark.parametrize("opener", ["小狐钱包的", "在小狐钱包上", "您好客服，我想请教下"])
def test_naming_us_or_greeting_first_changes_no_answer(engine: Engine, opener: str) -> None:
    for text, faq in (
        ("转账要手续费吗", "fee-transfer"),
        ("收不到验证码", "sms-code-missing"),
        ("怎么改登录密码", "password-change"),
    ):
        found = engine.rank(opener + text)
        assert (found.band, found.hits[0].id) == ("answer", faq)
    assert engine.rank(opener + "明天会下雨吗").band != "answer"


@pytest.mark.parametrize(
    "text",
    [
        "我想咨询一个问题",
        "您好，咨询个问题，谢谢！",
        "客服你好，我有问题",
        "求助",
        "急急急",
        "請問一下",
        "咨询个问题，哈哈哈，谢谢啦",
        "有人吗，我想了解",
        "打扰一下，想了解？？？",
    ],
)
def test_a_message_that_only_opens_is_greeted(engine: Engine, text: str) -> None:
    found = engine.rank(text)
    assert (found.band, found.topic) == ("unknown", "greet")


@pytest.mark.parametrize(
    "text",
    [
        "您好，退款",
        "小狐钱包",
        "谢谢",
        "哈哈哈",
        "我想咨询退款多久到账",
        "咨询个问题，退款，谢谢啦",
        "求助，哈哈哈，钱被骗了",
        "没解决，急",
        "还是不行，帮我看看",
        "有问题，垃圾软件",
        "怎么回",
    ],
)
def test_what_says_something_is_more_than_an_opening(engine: Engine, text: str) -> None:
    assert engine.rank(text).topic != "greet"
