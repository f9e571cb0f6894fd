"""The reader of dialogues refuses what it does not know, so that no expectation is ever idle."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conversations.script import BadScript, read_dialogues

GOOD = "- name: 一句话\n  turns:\n    - {say: 你好, has: 您好, not: [再见]}\n"


def test_a_single_expectation_is_a_list_of_one(tmp_path: Path) -> None:
    path = tmp_path / "good.yml"
    path.write_text(GOOD, encoding="utf-8")
    (dialogue,) = read_dialogues(path)
    (turn,) = dialogue.turns
    assert (turn.say, turn.has, turn.not_) == ("你好", ["您好"], ["再见"])


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (GOOD.replace("has", "have"), "unknown have"),
        (GOOD.replace("say", "press: 转人工, say"), "exactly one of"),
        (GOOD.replace("say: 你好, ", ""), "exactly one of"),
        (GOOD.replace("你好", "88"), "in quotes"),
        (GOOD.replace("name", "title"), "needs name"),
        (GOOD.replace("say: 你好", "agent: dance"), "an agent cannot dance"),
        (GOOD + GOOD, "named twice"),
        ("turns: []", "not a list"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, written: str, told: str) -> None:
    path = tmp_path / "bad.yml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(BadScript, match=told):
        read_dialogues(path)
