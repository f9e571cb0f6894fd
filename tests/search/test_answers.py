"""Words that stand in answers only are found where no question is near."""

from __future__ import annotations

import pytest

from search import Engine, Settings, open_engine
from tests.search.conftest import write_faq


@pytest.mark.parametrize("typed", ["情况严重", "底稿", "情況嚴重", "处理完的底稿"])
def test_a_word_of_an_answer_alone_finds_that_answer(engine: Engine, typed: str) -> None:
    found = engine.rank(typed, limit=3)
    wanted = engine.generation.analyser.normalise(typed)[:2]
    assert wanted in engine.faq(found.hits[0].id).answer


def test_what_no_answer_mentions_changes_no_hits(engine: Engine) -> None:
    served = engine.generation
    mention = served.answers.mention
    assert mention("我家的猫三天没吃东西了", served.content.faqs, served.analyser, 3) == []
    assert mention("？", served.content.faqs, served.analyser, 3) == []


def test_scores_still_fall_where_answers_come_first(engine: Engine) -> None:
    scores = [hit.score for hit in engine.rank("底稿").hits]
    assert scores == sorted(scores, reverse=True)


def test_an_answer_that_lost_the_word_is_not_listed_any_more(settings: Settings) -> None:
    engine = open_engine(settings)
    served = engine.generation
    assert served.answers.mention("交易记录", served.content.faqs, served.analyser, 5) == [
        "pay-failed",
        "refund-how",
    ]
    path = write_faq(settings.data, "refund/refund-how", "怎么申请退款", ["我要退钱", "退款入口"])
    path.write_text(path.read_text(encoding="utf-8").replace("交易记录", "账单"), encoding="utf-8")
    assert engine.refresh()
    served = engine.generation
    found = served.answers.mention("交易记录", served.content.faqs, served.analyser, 5)
    assert found == ["pay-failed"]


def test_a_keyword_alone_finds_its_article(settings: Settings) -> None:
    write_faq(settings.data, "refund/refund-trade-in", "旧机怎么折价", ["折旧"], ("惠民补贴",))
    found = open_engine(settings).rank("惠民补贴")
    assert found.band != "answer"
    assert found.hits[0].id == "refund-trade-in"
