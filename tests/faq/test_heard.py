"""What the bot alone hears and speaks by is checked too: each bad file is told, with its fix."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from faq import heard
from faq.checking import check
from faq.findings import errors
from tests.faq.conftest import ROOT
from tests.faq.test_check import TODAY

NAMES = (
    "lexicon/acts.yml", "lexicon/topics.yml", "phrases/dialogue.yml", "phrases/replies.yml",
    "phrases/smalltalk.yml", "phrases/unanswered.yml", "phrases/waiting.yml", "safety/fraud.yml",
    "safety/life.yml",
)  # fmt: skip
BAD = (b"a: [", b"- 1\n", b"", b"oops", "标题".encode("gbk"), b"a: \x00", b"a: 1\n")


@pytest.fixture
def spoken(data: Path) -> Path:
    shutil.copytree(ROOT / "data" / "phrases", data / "phrases")
    shutil.copytree(ROOT / "data" / "safety", data / "safety")
    for name in ("acts.yml", "topics.yml"):
        shutil.copy(ROOT / "data" / "lexicon" / name, data / "lexicon" / name)
    return data


def test_the_shipped_files_are_read_without_a_word(spoken: Path) -> None:
    assert list(heard.problems(spoken)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_file_is_told_with_its_fix_and_alone(spoken: Path, name: str) -> None:
    for raw in BAD:
        (spoken / name).write_bytes(raw)
        if raw == b"" and name.startswith("phrases/"):
            continue  # a file of no phrases is none
        found = errors(check(spoken, TODAY))
        assert {item.path for item in found} == {spoken / name}, raw
        assert all(item.line >= 1 and item.values["fix"] for item in found)


def test_what_is_no_plain_file_is_told_and_waited_for_by_nobody(spoken: Path) -> None:
    for name in NAMES[::3]:
        (spoken / name).unlink()
        os.mkfifo(spoken / name)
    assert {problem.path for problem in heard.problems(spoken)} == {
        spoken / name for name in NAMES[::3]
    }


def test_a_name_that_two_files_say_is_told(spoken: Path) -> None:
    path = spoken / "phrases" / "waiting.yml"
    path.write_text(path.read_text(encoding="utf-8") + "utter_greet:\n  say: [在]\n", "utf-8")
    [problem] = heard.problems(spoken)
    assert "utter_greet" in str(problem)


def test_a_story_before_its_part_is_told_with_its_line(spoken: Path) -> None:
    path = spoken / "safety" / "stories" / "harbin-driver.txt"
    path.write_text("# words\n骗子把我的钱转走了\n", encoding="utf-8")
    (spoken / "safety" / "golden.jsonl").write_text("{}\n", encoding="utf-8")
    story, case = heard.problems(spoken)
    assert (story.path, story.line) == (path, 2)
    assert case.path.name == "golden.jsonl"
