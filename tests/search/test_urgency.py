"""A victim's story is answered as one in every surface that ranks, and nothing else is."""

from __future__ import annotations

import pytest

from search import Engine

STORIES = (
    "老同学的微信找我借钱，转过去才发现不是他",
    "群里老师带我炒币，现在平台打不开了，亏完了能追回吗",
    "电话里说我学生贷款没注销会影响征信，喊我转钱",
    "收到短信让点链接认证，不然冻结账户，是真的吗",
    "密码让人改了，钱也被转走了",
    "群主说没收到，让我再转一次",
    "其实垫了一单100，已经返我115了",
)
ORDINARY = (
    "付款一直失败怎么办",
    "怎么举报骗子",
    "花呗靠谱吗，感觉是骗人的",
    "墓被盗了找谁",
    "怎么开双重验证防盗",
    "刚给我妈转了两千过生日，她说收到了",
    "有人扫了店里的码，说付了，喇叭没响",
    "拼团付了五十九块八，群主说没收到，可我这边扣了",
)


@pytest.mark.parametrize("text", STORIES)
def test_a_victims_story_gets_an_urgent_answer(engine: Engine, text: str) -> None:
    ranking = engine.rank(text)
    assert ranking.band == "answer"
    assert engine.faq(ranking.hits[0].id).urgent


@pytest.mark.parametrize("text", ORDINARY)
def test_what_only_sounds_like_fraud_gets_no_urgent_answer(engine: Engine, text: str) -> None:
    ranking = engine.rank(text)
    assert ranking.band != "answer" or not engine.faq(ranking.hits[0].id).urgent


def test_no_more_hits_than_asked_for_and_none_twice(engine: Engine) -> None:
    for story in STORIES:
        ids = [hit.id for hit in engine.rank(story, limit=3).hits]
        assert len(ids) == len(set(ids)) <= 3
