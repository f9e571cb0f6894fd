"""What a message means by an encoder is learned from the rows; an edit's rows by a few steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from search.meaning import Meaning
from search.postings import Floats, as_floats
from search.reading.encoder import installed

ROWS = {
    "deposit": ["押金怎么退", "退押金", "交的押金能退吗", "押金什么时候退给我"],
    "broken": ["车坏了怎么办", "车骑不动了", "链条掉了", "刹车不灵"],
    "child": ["几岁能骑", "孩子能骑吗", "未成年可以骑车吗", "多大年龄可以骑"],
}
OWNERS = list(ROWS)


def encode(texts: Sequence[str]) -> Floats:
    encoder = installed()
    assert encoder is not None
    return encoder(texts)


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    texts = [text for own in ROWS.values() for text in own]
    truth = np.array([OWNERS.index(owner) for owner, own in ROWS.items() for _ in own])
    return Meaning.learn(encode, encode(texts), truth, len(OWNERS))


def owner_of(meaning: Meaning, text: str) -> str:
    return OWNERS[int(meaning.log_shares(text).argmax())]


@pytest.mark.parametrize(
    ("text", "owner"),
    [("保证金还能拿回来不", "deposit"), ("轮胎没气了", "broken"), ("小学生让用吗", "child")],
)
def test_other_words_for_the_same_are_heard(meaning: Meaning, text: str, owner: str) -> None:
    assert owner_of(meaning, text) == owner


def test_shares_add_up_to_one(meaning: Meaning) -> None:
    assert np.exp(meaning.log_shares("押金")).sum() == pytest.approx(1, abs=1e-4)


def test_a_new_owner_is_taught_and_the_others_stay(meaning: Meaning) -> None:
    new = ["怎么开发票", "能不能给我开张票"]
    taught = meaning.taught(np.array([0, 1, 2, -1]), new, np.array([3, 3]))
    assert int(taught.log_shares("要报销 发票哪里开").argmax()) == 3
    assert int(taught.log_shares("保证金还能拿回来不").argmax()) == 0
    assert meaning.weights.shape[1] == 3


def test_what_was_saved_says_the_same_and_needs_its_encoder(
    meaning: Meaning, tmp_path: Path
) -> None:
    meaning.save(tmp_path)
    kept = Meaning.load(tmp_path, encode)
    assert kept is not None
    assert (kept.log_shares("退押金") == as_floats(meaning.log_shares("退押金"))).all()
    assert Meaning.load(tmp_path, None) is None


def test_among_many_owners_a_draw_of_the_others_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(7)
    owners = 300
    centres = draw.normal(size=(owners, 64))
    truth = np.repeat(np.arange(owners, dtype=np.int32), 4)

    def said() -> Floats:
        vectors = centres[truth] + draw.normal(size=(len(truth), 64)) * 0.8
        return as_floats(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    rows, others = said(), said()

    def right(meaning: Meaning) -> float:
        return float((meaning.log_shares_of(others).argmax(1) == truth).mean())

    among_all = right(Meaning.learn(encode, rows, truth, owners))
    monkeypatch.setattr("search.meaning.MANY", owners - 1)
    monkeypatch.setattr("search.meaning.OTHERS", 60)
    among_some = Meaning.learn(encode, rows, truth, owners)
    assert among_all > 0.9
    assert right(among_some) > among_all - 0.03
    again = Meaning.learn(encode, rows, truth, owners)
    assert np.array_equal(again.weights, among_some.weights)
