"""The content that ships, and what a bad folder says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from search import BadContent, fill
from search.content import read_content
from tests.search.conftest import ROOT, write_faq

CATALOGUE_SIZE = 110
# What no answer may ask for; telling customers NOT to share it is of course allowed.
ASKING = re.compile(
    r"(?:提供|告知|告诉(?:我们|客服)|发给(?:我们|客服)|报出?)[^，。；]{0,8}(?:密码|验证码|CVV|卡号)"
)
NOT = re.compile(r"(?:不|别|勿|无需|绝不|切勿|从不)[^，。；]{0,14}$")


def test_all_faqs_of_the_catalogue_are_good() -> None:
    content = read_content(ROOT / "data")
    assert [str(problem) for problem in content.problems] == []
    assert len(content.faqs) >= CATALOGUE_SIZE


def test_every_faq_has_fifteen_similar_questions_of_its_own() -> None:
    content = read_content(ROOT / "data")
    owner: dict[str, str] = {}
    for faq in content.faqs.values():
        assert len(faq.similar) >= 15, faq.id
        for text in faq.similar:
            assert owner.setdefault(text, faq.id) == faq.id, f"{text} in {faq.id} and {owner[text]}"


def test_every_answer_begins_with_a_short_complete_paragraph() -> None:
    for faq in read_content(ROOT / "data").faqs.values():
        assert 20 <= len(faq.short) <= 160, (faq.id, len(faq.short))


def test_no_answer_asks_for_a_secret() -> None:
    for faq in read_content(ROOT / "data").faqs.values():
        for match in ASKING.finditer(faq.answer):
            before = faq.answer[max(0, match.start() - 16) : match.start()]
            inside = match[0]
            assert NOT.search(before) or "不" in inside, (faq.id, before + inside)


def test_answers_name_no_number_that_the_sources_do_not_give() -> None:
    # Emergency and consumer lines, the busy and quiet hours of the sources, the 24-hour line.
    known = {
        "96110",
        "110",
        "12315",
        "9",
        "11",
        "14",
        "16",
        "12",
        "13",
        "17",
        "1",
        "2",
        "4",
        "5",
        "24",
    }
    for faq in read_content(ROOT / "data").faqs.values():
        body = re.sub(r"^\d+\.", "", faq.answer, flags=re.MULTILINE)
        for number in re.findall(r"\d+", body):
            assert number in known, (faq.id, number)


def test_a_bad_faq_leaves_the_others_alone(content: Path) -> None:
    (content / "faq" / "payment" / "broken.md").write_text("no front matter", encoding="utf-8")
    found = read_content(content)
    assert set(found.faqs) == {"pay-failed", "refund-how"}
    assert "broken.md:1" in str(found.problems[0])


def test_bytes_that_are_no_utf8_are_named(content: Path) -> None:
    (content / "faq" / "payment" / "gbk.md").write_bytes("支付".encode("gbk"))
    assert "not UTF-8" in str(read_content(content).problems[0])


def test_an_unknown_related_id_is_named(content: Path) -> None:
    path = write_faq(content, "payment/topup", "充值失败", ["充不进去"])
    path.write_text(
        path.read_text(encoding="utf-8").replace("related: []", "related: [nope]"), encoding="utf-8"
    )
    assert "'nope'" in str(read_content(content).problems[0])


def test_one_id_in_two_folders_is_named(content: Path) -> None:
    write_faq(content, "refund/pay-failed", "又一个", ["另外一个"])
    assert "is also" in str(read_content(content).problems[0])


@pytest.mark.parametrize("name", ["variables.yml", "lexicon/synonyms.yml", "lexicon/words.txt"])
def test_a_missing_file_of_the_folder_itself_says_which(content: Path, name: str) -> None:
    (content / name).unlink()
    with pytest.raises(BadContent, match=name.rsplit("/", 1)[-1]):
        read_content(content)


def test_variables_that_are_unset_keep_their_phrase() -> None:
    assert fill("拨打 {{ hotline }}", {"hotline": "400"}) == "拨打 400"
    assert fill("拨打 {{hotline}}", {}) == "拨打 {{hotline}}"


def test_a_date_that_is_none_is_told_like_any_bad_yaml(content: Path) -> None:
    (content / "variables.yml").write_text("hotline: 2026-13-40\n", encoding="utf-8")
    with pytest.raises(BadContent, match=r"variables\.yml"):
        read_content(content)
