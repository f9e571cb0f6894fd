"""The reliability diagram and what it is drawn from."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.messages import Judged, Message
from benchmarks.reliability import bins, calibration_error, draw
from search import Hit, Ranking


def _judged(confidence: float, right: bool) -> Judged:
    hit = Hit("pay-failed" if right else "refund-how", 1.0, "", "", "")
    found = Ranking("", "answer", confidence, (hit,))
    return Judged(Message("付不了", (), ("pay-failed",)), found)


def test_a_confidence_that_keeps_its_word_is_no_distance_off() -> None:
    judged = [_judged(0.5, right=number % 2 == 0) for number in range(40)]
    assert calibration_error(judged) == pytest.approx(0, abs=0.01)


def test_a_boast_is_as_far_off_as_it_is_wrong() -> None:
    judged = [_judged(0.9, right=False) for _ in range(40)]
    assert calibration_error(judged) == pytest.approx(0.9)


def test_every_message_is_in_one_bin() -> None:
    judged = [_judged(number / 37, right=True) for number in range(37)]
    found = bins(judged)
    assert sum(size for *_, size in found) == 37
    assert [sure for sure, *_ in found] == sorted(sure for sure, *_ in found)


def test_the_diagram_is_an_svg_with_a_dot_a_bin(tmp_path: Path) -> None:
    judged = [_judged(number / 40, right=number > 20) for number in range(40)]
    draw(judged, tmp_path / "pictures" / "reliability.svg")
    root = ElementTree.parse(tmp_path / "pictures" / "reliability.svg").getroot()
    dots = root.findall("{http://www.w3.org/2000/svg}circle")
    assert len(dots) == len(bins(judged))
