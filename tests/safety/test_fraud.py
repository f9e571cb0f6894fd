"""Stories of frauds are told from questions about fraud."""

from __future__ import annotations

import re

import pytest

from safety import Fraud

STORIES = (
    ("对方说我涉嫌洗钱，要我把钱转到安全账户", "asked"),
    ("他自称公安让我开屏幕共享", "asked"),
    ("刷单前两次给了，后来充了三万提不出来", "sent"),
    ("我把验证码告诉他了", "leaked"),
    ("贷款要我先交5000解冻金", "asked"),
    ("我点了短信里的链接，填了卡号", "leaked"),
    ("有人用我的账户在花钱", "stolen"),
    ("我妈被骗了两万块", "sent"),
    ("有个警察打电话说我洗钱", "asked"),
    ("假客服让我转账我转了", "sent"),
    ("六位数我念给他听了，念了两遍验证码", "leaked"),
    ("机票取消改签让我打那个电话赔三百", "asked"),
    ("陌生短信带个链接能点吗", "link"),
    ("卡里一夜之间只剩八块，我一直在睡觉没操作过", "stolen"),
    ("网恋认识的带我投资，转了八千现在提不出来", "sent"),
    ("手机丢了，捡到我手机的人在刷我的钱包", "stolen"),
)
HARMLESS = (
    "怎么防诈骗", "不是被骗了，是我自己转的", "电影里那个骗子叫什么", "万一被盗了怎么办",
    "我想找个兼职", "账户没被盗", "怎么提现", "验证码收不到", "退款多久到账", "什么是安全账户",
    "怎么举报诈骗", "重置密码的链接点开是空白", "商家算不算欺诈", "我的照片被盗用在别人主页了",
    "诈骗会判多久", "娃偷偷付了游戏钱", "快递放哪了", "点了获取验证码没短信", "客服电话几点上班",
    "卡过期了付不了",
)  # fmt: skip


@pytest.mark.parametrize(("text", "stage"), STORIES)
def test_a_story_is_known_and_how_far_it_went(fraud: Fraud, text: str, stage: str) -> None:
    assert fraud.is_told_by(text)
    assert fraud.stage_of(text).id == stage


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_asks_opens_nothing(fraud: Fraud, text: str) -> None:
    assert not fraud.is_told_by(text)


def test_no_counsel_asks_for_a_secret_or_for_money(fraud: Fraud) -> None:
    asks = re.compile(
        r"(请|麻烦)[^，。]{0,6}(把|将)?[^，。]{0,4}(密码|验证码)[^，。]{0,4}(发|告诉|给我)"
    )
    for answers in fraud.say.values():
        assert answers
        for answer in answers:
            assert not asks.search(answer)
