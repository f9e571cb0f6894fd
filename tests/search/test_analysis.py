from __future__ import annotations

import stat
from pathlib import Path

import jieba
import pytest

from search import Engine, analysis
from search.analysis import Analyser
from search.content import read_content
from search.pinyin import Pinyin


@pytest.fixture
def analyser(content: Path, tmp_path: Path) -> Analyser:
    return Analyser(read_content(content).lexicon, tmp_path / "words")


def test_words_of_our_dictionary_stay_whole(analyser: Analyser) -> None:
    assert "转人工" in analyser("我要转人工").words


def test_one_sounding_typo_leaves_the_pinyin_alike(analyser: Analyser) -> None:
    assert analyser("退宽").pinyin == analyser("退款").pinyin


def test_listed_typos_and_synonyms_show_in_the_standard_terms_only(analyser: Analyser) -> None:
    found = analyser("给他打钱，还要退宽")
    assert "转账" in found.terms
    assert "退款" in found.terms
    assert "转账" not in found.words
    assert "打钱" in "".join(found.words)


def test_flat_and_rolled_initials_sound_alike() -> None:
    spell = Pinyin({})
    assert spell(["是"]) == spell(["四"])


def test_a_listed_word_has_its_own_reading() -> None:
    spell = Pinyin({"银行": "yin hang", "还款": "huan kuan"})
    assert spell(["还款", "银行", "行"]) == ["huan", "kuan", "yin", "han", "xin"]


def test_a_text_without_a_word_has_no_terms(analyser: Analyser) -> None:
    found = analyser("？？！！……")
    assert found.words == found.chars == found.pinyin == found.terms == ()


def test_the_dictionary_is_kept_where_only_its_owner_may_write(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "KEEPS_STOCK", False)  # as in a process that serves
    Analyser(read_content(content).lexicon, tmp_path / "words")
    mode = stat.S_IMODE((tmp_path / "words").stat().st_mode)
    assert mode == 0o700
    assert any((tmp_path / "words").glob("*cache"))


def test_the_shared_tokenizer_of_jieba_is_never_loaded(engine: Engine) -> None:
    engine.rank("付不了款")
    assert not jieba.dt.initialized


def test_a_standard_term_is_not_rewritten_for_a_shorter_word_in_it(engine: Engine) -> None:
    assert engine.generation.analyser.standard("怎么登录") == "怎么登录"
    assert engine.generation.analyser.standard("怎登录") == "怎么登录"
