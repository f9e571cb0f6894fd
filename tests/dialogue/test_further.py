"""What customers ask next is found by what it means, in words that nobody wrote down."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from dialogue.further import Further
from learning.kept import Floats
from learning.vectors import Encode, encoded
from search.further import Point, read_folder
from search.normalise import Normaliser
from search.reading import installed

DATA = Path(__file__).resolve().parents[2] / "data"
WHO = Point(("找谁办", "哪个部门管", "该联系谁"), "找客服。")
COST = Point(("要不要钱", "收费吗", "贵不贵", "掏钱不"), "不收钱。")
SELF = Point(("你帮我弄", "替我办一下", "你来操作行吗"), "要您自己操作。")


def finder(kept: Path | None = None, encode: Encode | None = None) -> Further:
    rows = {"a": ["收费吗", "贵不贵", "要不要钱呢"], "b": ["该联系谁呢", "哪个部门"]}
    return Further({"a": [WHO, COST, SELF], "b": [COST, SELF]}, rows, Normaliser(), kept, encode)


@pytest.mark.parametrize(
    ("text", "number"), [("那找谁", 0), ("收费不？", 1), ("你替我弄呗", 2), ("你帮我操作", 2)]
)
def test_the_point_is_found_whose_asks_are_nearest(text: str, number: int) -> None:
    found = finder().find("a", text)
    assert found is not None
    assert found[0] == number
    assert 0 < found[1] <= 1.0001


def test_what_was_said_is_passed_over() -> None:
    found = finder().find("a", "收费不？", passed=[1])
    assert found is None or found[0] != 1


def test_nothing_is_found_where_nothing_is_known() -> None:
    assert finder().find("no-such", "收费吗") is None
    assert finder().find("a", "@@@") is None
    assert Further({}, {}, Normaliser()).find("a", "收费吗") is None


def test_the_vectors_are_kept_and_read_again(tmp_path: Path) -> None:
    first = finder(tmp_path)
    [kept] = list(tmp_path.glob("further-*.npz"))
    before = kept.stat().st_mtime_ns
    again = finder(tmp_path)
    assert kept.stat().st_mtime_ns == before
    assert first.find("a", "收费不") == again.find("a", "收费不")
    with np.load(kept) as learned:
        assert np.isfinite(learned["vectors"]).all()


def test_every_faq_has_points_and_every_point_answers_one_faq() -> None:
    points, problems = read_folder(DATA)
    assert problems == []
    faqs = {path.stem for path in (DATA / "faq").rglob("*.md")}
    assert set(points) == faqs
    assert min(map(len, points.values())) >= 7


@pytest.mark.parametrize(("text", "number"), [("得花多少银子", 1), ("价格多少", 1)])
def test_an_encoder_hears_what_no_word_says(text: str, number: int) -> None:
    assert finder().find("a", text) is None
    found = finder(encode=installed()).find("a", text)
    assert found is not None
    assert found[0] == number


def test_only_what_is_new_is_encoded(tmp_path: Path) -> None:
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> Floats:
        asked.extend(texts)
        return np.array([[1, len(text), ord(text[0])] for text in texts], np.float32)

    path = tmp_path / "encoded.npz"
    encoded(["退款", "提现"], encode, path)
    asked.clear()
    vectors = encoded(["提现", "转账吗"], encode, path)
    assert asked == ["转账吗"]
    assert vectors[:, 1].tolist() == [2, 3]
    asked.clear()
    encoded(["退款"], encode, path)
    assert asked == ["退款"]  # what no longer stands anywhere is not kept


def test_half_a_file_of_vectors_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "encoded.npz"
    encoded(["退款"], lambda texts: np.ones((len(texts), 2), np.float32), path)
    path.write_bytes(path.read_bytes()[:40])
    again = encoded(["退款"], lambda texts: np.zeros((len(texts), 2), np.float32), path)
    assert again.tolist() == [[0, 0]]
