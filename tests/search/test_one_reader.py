"""Rewritings that change nothing for a reader change nothing for the ranking, to the last digit."""

from __future__ import annotations

import random
import re

import pytest
from opencc import OpenCC

from search import Engine, Ranking

TRIES = 150
UNSEEN = "\u200b\u200d\u2060\ufeff\u00ad\u200e\ufe0f"
TAILS = ("吗", "啊", "？", "?", "呀", "！！", "。", "呢？", " ", "…", "~")
TAIWAN, HONG_KONG = OpenCC("s2t"), OpenCC("s2hk")
TONES = {"a": "āáǎà", "e": "ēéěè", "i": "īíǐì", "o": "ōóǒò", "u": "ūúǔù"}


def as_understood(ranking: Ranking) -> tuple[object, ...]:
    return (
        ranking.band,
        ranking.confidence,
        ranking.topic,
        [(hit.id, hit.score) for hit in ranking.hits],
    )


def questions(engine: Engine, dice: random.Random) -> list[str]:
    texts = [
        text
        for faq in engine.faqs()
        for text in (faq.question, *faq.similar[:20])
        if re.fullmatch(r"[\u4e00-\u9fff]{5,25}", text)
    ]
    return dice.sample(texts, TRIES)


def unseen(text: str, dice: random.Random) -> str:
    places = sorted(dice.sample(range(len(text)), 3), reverse=True)
    for place in places:
        text = text[:place] + dice.choice(UNSEEN) + text[place:]
    return text


@pytest.mark.parametrize("kind", ["unseen", "blanks", "tail", "wide", "account"])
def test_a_neutral_rewriting_ranks_the_same(engine: Engine, kind: str) -> None:
    dice = random.Random(kind)
    for text in questions(engine, dice):
        text = text.rstrip("吗啊呀呢吧么嘛")
        changed = {
            "unseen": lambda text=text: unseen(text, dice),
            "blanks": lambda text=text: " ".join(text),
            "tail": lambda text=text: text + dice.choice(TAILS),
            "wide": lambda text=text: text.translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
            "account": lambda text=text: text.replace("账", dice.choice("帐賬帳")),
        }[kind]()
        if len(text) >= 5:
            assert as_understood(engine.rank(changed)) == as_understood(engine.rank(text)), changed


@pytest.mark.parametrize("convert", [TAIWAN, HONG_KONG], ids=["standard", "hong-kong"])
def test_traditional_characters_rank_the_same(engine: Engine, convert: OpenCC) -> None:
    dice = random.Random(20_261_129)
    same = [
        as_understood(engine.rank(convert.convert(text))) == as_understood(engine.rank(text))
        for text in questions(engine, dice)
    ]
    # Some traditional characters are two simplified ones, and some words are others' words: 資料
    # is 数据 in Taiwan. Nothing but luck tells these apart.
    assert sum(same) >= 0.95 * len(same)


@pytest.mark.parametrize("text", ["怎么退款", "转账手续费多少", "提现多久到账", "登录密码忘记了"])
def test_pinyin_is_one_way_of_typing_whatever_stands_between(engine: Engine, text: str) -> None:
    spelling = engine.generation.analyser.pinyin.letters(text)
    dice = random.Random(text)
    ways = [
        " ".join(spelling),
        "".join(spelling),
        " ".join(map("".join, zip(spelling[::2], [*spelling[1::2], ""], strict=False))),
        "".join(f"{syllable}{dice.randint(1, 4)}" for syllable in spelling),
        " ".join(f"{syllable}{dice.randint(1, 4)}" for syllable in spelling),
        " ".join(accented(syllable, dice) for syllable in spelling),
        "".join(spelling).upper(),
        "'".join(spelling),
    ]
    for way in ways:
        assert as_understood(engine.rank(way)) == as_understood(engine.rank(text)), way


def test_letters_that_are_no_pinyin_stay(engine: Engine) -> None:
    for text in ("app打不开", "wifi5连不上", "face id登不上", "提现500"):
        assert engine.rank(text).query == text


def accented(syllable: str, dice: random.Random) -> str:
    """Put a tone on the last vowel."""
    place = max(syllable.rfind(vowel) for vowel in TONES)
    return syllable[:place] + dice.choice(TONES[syllable[place]]) + syllable[place + 1 :]
