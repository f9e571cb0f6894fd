"""The second reading of a mistyped text, by the shipped content's rows and by a small one's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import Engine, Settings, open_engine
from search.analysis import Analyser
from search.ranking import Judge
from search.spelling import Spelling
from tests.search.conftest import write_faq
from tests.thorough import examples


@pytest.fixture(scope="module")
def spelling(engine: Engine) -> Spelling:
    return engine.generation.spelling


@pytest.fixture(scope="module")
def small(engine: Engine) -> Spelling:
    texts = ["充值失败", "充值失败了", "怎么充值", "充值到账", "提现到账", "提现失败", "提现失败了"]
    return Spelling.of(texts, engine.generation.analyser)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("充只失败", "充值失败"),
        ("等录不上", "登录不上"),
        ("风显提醒", "风险提醒"),
        ("上个月的环钱提醒", "上个月的还钱提醒"),
        ("邮厢是多少", "邮箱是多少"),
    ],
)
def test_a_character_that_only_sounds_right_is_replaced(
    spelling: Spelling, typed: str, meant: str
) -> None:
    assert spelling(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [("值充失败", "充值失败"), ("怎么现提失败", "怎么提现失败")]
)
def test_characters_typed_the_wrong_way_round_change_places(
    small: Spelling, typed: str, meant: str
) -> None:
    assert small(typed) == meant


def test_every_row_of_the_editors_reads_as_it_stands(engine: Engine) -> None:
    generation = engine.generation
    rows = [row.plain for row in generation.rows if not row.author]
    assert [generation.spelling(plain) for plain in rows] == rows


def test_other_banks_and_lenders_are_no_slips(spelling: Spelling) -> None:
    for typed in ("网商银行怎么绑定", "网商贷还不上了", "农信社的卡能绑吗"):
        assert spelling(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        *("悬疑剧", "红烧肉怎么做", "", "退", "pay failed 404", "😡😡"),
        *("受不了你们", "差不多多久到账", "实名制", "知不知道", "一个半月", "侬好", "预付卡"),
    ],
)
def test_words_that_we_never_speak_of_are_no_slips(spelling: Spelling, typed: str) -> None:
    assert spelling(typed) == typed


@given(typed=st.text(alphabet="充值只失败提现线到帐账的了a1，", max_size=24))
@settings(max_examples=examples(100, 300), deadline=None)
def test_a_reading_sounds_like_what_was_typed(engine: Engine, small: Spelling, typed: str) -> None:
    analyser = engine.generation.analyser
    plain = analyser.normalise(typed)
    meant = small(plain)
    assert len(meant) == len(plain)
    assert sorted(analyser.pinyin(list(meant))) == sorted(analyser.pinyin(list(plain)))


def test_what_is_saved_reads_alike(engine: Engine, small: Spelling, tmp_path: Path) -> None:
    small.save(tmp_path)
    assert Spelling.load(tmp_path, engine.generation.analyser) == small


def test_a_word_that_an_editor_just_wrote_is_no_slip(settings: Settings) -> None:
    write_faq(
        settings.data,
        "payment/coupon-how",
        "代金券怎么用",
        ["代金券在哪", "代金券呢", "有代金券吗"],
    )
    engine = open_engine(settings)
    assert engine.generation.spelling("呆金券怎么用") == "代金券怎么用"
    write_faq(settings.data, "payment/coupon-new", "呆金券是什么", ["呆金券", "什么是呆金券"])
    assert engine.refresh()
    assert not engine.follower.fitted
    assert engine.generation.spelling("呆金券怎么用") == "呆金券怎么用"
    assert engine.rank("呆金券").hits[0].id == "coupon-new"


def test_the_readings_of_an_edited_lexicon_count(small: Spelling, engine: Engine) -> None:
    analyser = engine.generation.analyser
    changed = replace(analyser.lexicon, readings={**analyser.lexicon.readings, "充只": "chong lu"})
    edited: Analyser = analyser.with_lexicon(changed)
    assert small("充只失败") == "充值失败"
    assert replace(small, analyser=edited)("充只失败") == "充只失败"


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("充只失败", "充值失败"),
        ("密马忘了", "密码忘了"),
        ("充值失败", None),
        ("明天下雨吗", None),
        ("充只失败" * 8, None),
        ("儲只失敗怎麼辦", None),
        ("悬宜剧推荐充只", None),
        ("余额体现在哪里看", None),
        ("在线等人工告诉我", None),
        ("没有威信", None),
        ("网商贷", None),
    ],
)
def test_only_a_sure_reading_of_a_short_query_is_shown(
    engine: Engine, query: str, meant: str | None
) -> None:
    assert engine.meant(query, engine.rank(query)) == meant


def test_a_reading_makes_the_ranking_surer(engine: Engine) -> None:
    generation = engine.generation
    deaf = replace(generation, spelling=Spelling.of([], generation.analyser))
    for slip in ("叫费失败", "怎么绑腚新卡", "一直转权不动"):
        assert Judge(generation)(slip).confidence > Judge(deaf)(slip).confidence
