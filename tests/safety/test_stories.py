"""A fraud is known by stories, also those of somebody whose stories were not learned."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from safety import Fraud
from safety.stories import Stories, Story, read
from search.normalise import Normaliser
from tests.safety.conftest import DATA

LEFT_OUT = "consumer-letters"


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    return list(read(DATA / "safety" / "stories"))


@pytest.fixture(scope="module")
def without(stories: list[Story], fraud: Fraud, normalise: Normaliser) -> Fraud:
    others = [story for story in stories if story.author != LEFT_OUT]
    return dataclasses.replace(fraud, stories=Stories(others, normalise))


def test_most_stories_of_an_author_nobody_has_read_are_heard(
    stories: list[Story], without: Fraud
) -> None:
    theirs = [one.text for one in stories if one.author == LEFT_OUT and one.fraud]
    assert sum(map(without.is_told_by, theirs)) / len(theirs) > 0.8
    assert sum(map(without.may_be_told_by, theirs)) / len(theirs) > 0.93


def test_what_only_sounds_like_a_fraud_rarely_alarms(stories: list[Story], without: Fraud) -> None:
    theirs = [one.text for one in stories if one.author == LEFT_OUT and not one.fraud]
    assert sum(map(without.is_told_by, theirs)) / len(theirs) < 0.07


@pytest.mark.parametrize(
    "detail", ["300", "一千二", "美团", "昨天下午三点", "账户被冻结了", "权限都给了"]
)
def test_a_few_characters_are_no_story(fraud: Fraud, detail: str) -> None:
    assert not fraud.is_told_by(detail)


def test_without_stories_the_signs_decide(normalise: Normaliser) -> None:
    alone = Fraud.read(DATA / "safety" / "fraud.yml", normalise, None)
    assert alone.is_told_by("我妈被骗了两万块")
    assert not alone.is_told_by("怎么提现")


def test_what_was_learned_is_kept_and_taken_again(
    stories: list[Story], normalise: Normaliser, tmp_path: Path
) -> None:
    few = stories[::40]
    first = Stories(few, normalise, tmp_path)
    kept = list(tmp_path.iterdir())
    again = Stories(few, normalise, tmp_path)
    assert [path.stat().st_mtime_ns for path in tmp_path.iterdir()] == [
        path.stat().st_mtime_ns for path in kept
    ]
    assert again.evidence("客服让我开屏幕共享") == first.evidence("客服让我开屏幕共享")


def test_a_story_in_no_part_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "小陈.txt").write_text("## fraud\n钱没了\n## fruad\n钱没了\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"小陈.txt:3: 'fruad' is neither fraud nor harmless"):
        list(read(tmp_path))
    (tmp_path / "小陈.txt").write_text("钱没了\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"小陈.txt:1"):
        list(read(tmp_path))
