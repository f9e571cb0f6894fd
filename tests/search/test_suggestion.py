"""Suggestions for what is typed so far."""

from __future__ import annotations

import time

import pytest

from search import Engine, Settings, open_engine
from tests.search.conftest import write_faq


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("支付失", "支付失"),
        ("付失败", "付失败"),
        ("zhifushi", "支付失"),
        ("zhi'fu shi", "支付失"),
        ("zhifus", "支付失"),
        ("zfsb", "支付失败"),
        ("zhfsb", "支付失败"),
        ("zhifsb", "支付失败"),
        ("支付sb", "支付失败"),
        ("支付shi", "支付失"),
        ("zhi付失", "支付失"),
        ("只付失败", "支付失败"),
        ("ＺＦＳＢ", "支付失败"),
        ("支付失敗", "支付失败"),
    ],
)
def test_unfinished_typing_finds_and_marks_the_question(
    engine: Engine, typed: str, marked: str
) -> None:
    first = engine.suggest(typed)[0]
    assert first.text[first.start : first.end] == marked


def test_a_word_in_the_middle_is_found(settings: Settings) -> None:
    write_faq(settings.data, "refund/refund-waits", "退款一直显示待处理", ["待处理多久", "还在等"])
    found = open_engine(settings).suggest("处理")
    assert [(one.faq_id, one.text[one.start : one.end]) for one in found] == [
        ("refund-waits", "处理")
    ]


@pytest.mark.parametrize("typed", ["惠民", "huimin", "hmbt"])
def test_a_keyword_brings_its_question_which_has_nothing_to_mark(
    settings: Settings, typed: str
) -> None:
    write_faq(settings.data, "refund/refund-trade-in", "旧机怎么折价", ["折旧"], ("惠民补贴",))
    [found] = open_engine(settings).suggest(typed)
    assert (found.text, found.start, found.end) == ("旧机怎么折价", 0, 0)


def test_letters_of_one_syllable_are_not_taken_from_the_middle_of_another(
    settings: Settings,
) -> None:
    engine = open_engine(settings)
    assert engine.suggest("uan") == []
    assert engine.suggest("hifu") == []


def test_the_own_question_comes_before_similar_ones_and_a_beginning_first(engine: Engine) -> None:
    found = engine.suggest("退款", limit=20)
    questions = {faq.question for faq in engine.faqs()}
    # What only a mistyped question or a keyword holds is shown as the own one, with nothing marked.
    own = [one.text in questions and one.end > 0 for one in found]
    assert own == sorted(own, reverse=True)
    starts = [one.start > 0 for one, is_own in zip(found, own, strict=True) if is_own]
    assert starts == sorted(starts)


def test_an_faq_is_suggested_once_and_the_limit_holds(engine: Engine) -> None:
    found = engine.suggest("怎么", limit=8)
    assert len(found) == 8
    assert len({one.faq_id for one in found}) == 8


@pytest.mark.parametrize("typed", ["", "  ", "？？", "(", "[a-z]*", "\\", "z", "\x00\n", "🙃🙃"])
def test_odd_typing_is_harmless(engine: Engine, typed: str) -> None:
    assert isinstance(engine.suggest(typed), list)


def test_a_keystroke_takes_a_few_milliseconds(engine: Engine) -> None:
    engine.suggest("热身")
    texts = ["zhifushibaile", "zhuanzhangshijian", "支付失败怎么办呢", "zzzzzzzz", "提现到银行sb"]
    took = []
    for typed in texts:
        for end in range(1, len(typed) + 1):
            begun = time.process_time()
            engine.suggest(typed[:end])
            took.append(time.process_time() - begun)
    assert sorted(took)[len(took) // 2] < 0.005


def test_an_edited_question_is_suggested_as_it_is_now(settings: Settings) -> None:
    engine = open_engine(settings)
    assert engine.suggest("怎么申请退")
    write_faq(settings.data, "refund/refund-how", "退款从哪里申请", ["我要退钱", "退款入口"])
    assert engine.refresh()
    assert engine.suggest("tkcnl")[0].text == "退款从哪里申请"
    assert engine.suggest("怎么申请退") == []


def test_a_question_mistyped_on_purpose_is_found_but_never_shown(engine: Engine) -> None:
    assert "邦定银行卡失败" in engine.faq("bind-card-failed").similar
    [found] = [one for one in engine.suggest("邦定") if one.faq_id == "bind-card-failed"]
    assert found.text == engine.faq("bind-card-failed").question
    generation = engine.generation
    corrected = generation.analyser.corrected
    for faq in engine.faqs():
        for text in (faq.question, *faq.similar):
            plain = generation.analyser.normalise(text)
            if corrected(plain) != plain:
                assert text not in {one.text for one in engine.suggest(text, 90)}, text


def test_slips_that_no_list_names_are_told_from_words(engine: Engine) -> None:
    spelling = engine.generation.spelling
    for row in ("我要偷诉", "客服一般多酒回", "短信严证码没来"):
        assert spelling.analyser.corrected(row) == row
        assert spelling.is_mistyped(row)
    assert not any(map(spelling.is_mistyped, ("我要投诉", "客服一般多久回")))
