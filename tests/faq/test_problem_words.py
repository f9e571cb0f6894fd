"""Whatever search finds wrong with a content file is told in Chinese: why, and how to fix it."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from faq import words
from search.errors import Problem
from search.reasons import parts
from tests.faq.conftest import ROOT, build
from tests.faq.provoking import (
    TOPIC,
    blamed,
    faq_files,
    folders,
    no_plain_files,
    other_kinds,
    own_files,
    points,
    voices,
)


@pytest.fixture(scope="module")
def provoked(tmp_path_factory: pytest.TempPathFactory) -> list[Problem]:
    data = build(tmp_path_factory.mktemp("problems"))
    found = [*faq_files(data), *own_files(data), *voices(data), *folders(data)]
    found += [*other_kinds(data), *no_plain_files(data), *points(data)]
    return list(dict.fromkeys(found))


def test_every_problem_that_can_be_provoked_is_told_in_chinese(provoked: list[Problem]) -> None:
    english = re.compile(r"[A-Za-z']+ [a-z]+|datetime|Error")
    untold = []
    for problem in provoked:
        why, fix = words.translate(problem.reason, problem.fix)
        chinese = all(re.search(r"[\u4e00-\u9fff]", text) for text in (why, fix))
        if not chinese or english.search(why) or english.search(fix) or why == problem.reason:
            untold.append((problem.reason, why, fix))
    assert untold == [], "\n".join(map(str, untold))


def test_every_reason_of_search_is_among_the_provoked(provoked: list[Problem]) -> None:
    known = {code for path in (ROOT / "search").glob("*.py") for code in codes(path)}
    assert len(known) > 30
    # years beyond the calendar are words of Python, which YAML's reader does not always give on
    assert known - {parts(problem.reason)[0] for problem in provoked} <= {"yaml-date"}


def codes(path: Path) -> Iterator[str]:
    """Find the codes of the reasons that a module gives."""
    known = yaml.safe_load((ROOT / "search" / "reasons.yml").read_text(encoding="utf-8"))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id != "because" and path.stem != "reasons":
                continue
            for word in ast.walk(node.args[0]) if node.args else ():
                if isinstance(word, ast.Constant) and word.value in known:
                    yield word.value


def test_every_reason_is_said_in_both_languages_with_what_it_knows() -> None:
    english = yaml.safe_load((ROOT / "search" / "reasons.yml").read_text(encoding="utf-8"))
    chinese = words.table("problems")
    assert {code.partition(".")[0] for code in chinese} == set(english)
    used = {code for folder in ("search", "flows", "faq", "web/editor")
            for path in (ROOT / folder).glob("*.py") for code in codes(path)}  # fmt: skip
    for code, said in chinese.items():
        known = english[code.partition(".")[0]]
        assert said["why"], code
        assert said["fix"], code
        if known != "{detail}":
            assert names(said["why"]) | names(said["fix"]) <= names(known) | ALSO, code
    spoken = (ROOT / "search" / "reasons.py").read_text(encoding="utf-8")
    assert {code for code in english if code not in used and f'"{code}"' not in spoken} <= DESKS


ALSO = {"id", "value"}  # what a code carries beside the words of its English sentence
# named by web/desk, which knows nothing of content
DESKS = {
    "hours-day", "hours-span", "hours", "goals-none", "goals-unknown", "goals-number",
    "review-none", "review-criterion", "review-points", "review-number",
}  # fmt: skip


def names(text: str) -> set[str]:
    """Return the parameters that a sentence is made from."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("typos.yml", "typos: [退宽]\n", "typos 下面的格式不对"),
        ("smalltalk.yml", f"{TOPIC}{{id: greet}}\n", "「greet」这个话题写得不全"),
        ("words.txt", "转人工\n", "「转人工」这一行写得不对"),
        ("human.yml", "phrases: 转人工\n", "「转人工」应当是列表"),
        ("asides.yml", "wallets:\n  - '支付宝\n", "这一行读不懂：引号没有成对"),
    ],
)
def test_a_bad_word_list_says_what_is_wrong(data: Path, name: str, text: str, why: str) -> None:
    (problem,) = blamed(data, f"lexicon/{name}", text.encode())
    assert words.translate(problem.reason, problem.fix)[0] == why
