"""Ways of asking are asked for where FAQs take each other's words."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from faq import asking, company
from faq.checking import normaliser
from faq.writing import Draft
from search.content import read_content
from tests.faq.conftest import ROOT

TODAY = dt.date(2026, 11, 29)


def drafts(*said: tuple[str, str]) -> list[Draft]:
    return [
        Draft(id=f"faq-{at}", category="x", question=question, answer=answer)
        for at, (question, answer) in enumerate(said)
    ]


LAUNDRY = drafts(
    ("羽绒服洗一件多少钱", "三十八元。"),
    ("羽绒服洗坏了怎么赔", "按洗费的十倍赔。"),
    ("会员卡能停吗", "不能停。"),
    ("取件时间怎么改", "在订单里改。"),
)


def test_faqs_that_share_their_words_are_asked_for_with_their_rivals() -> None:
    found = asking.wanted(LAUNDRY, normaliser(), most=2)
    assert {one.id for one in found} == {"faq-0", "faq-1"}
    assert found[0].rivals[0] in {LAUNDRY[0].question, LAUNDRY[1].question}
    assert all(0 < one.doubt <= 1 for one in found)


def test_who_has_ways_of_asking_is_asked_for_less() -> None:
    said = ("洗个羽绒什么价", "羽绒收费", "外套清洗价")
    helped = [replace(LAUNDRY[0], similar=said), *LAUNDRY[1:]]
    before = {one.id: one.doubt for one in asking.wanted(LAUNDRY, normaliser())}
    after = {one.id: one.doubt for one in asking.wanted(helped, normaliser())}
    assert after["faq-0"] < before["faq-0"] / 2


def test_one_faq_has_no_rival() -> None:
    assert asking.wanted(LAUNDRY[:1], normaliser()) == []


def test_more_ways_of_asking_go_into_the_folder(tmp_path: Path) -> None:
    table = tmp_path / "表.csv"
    table.write_text("问题,答案\n能上门吗,能。\n会员卡能停吗,不能。\n", encoding="utf-8")
    more = {"neng-shang-men": ["来家里取吗", "来家里取吗", "能上门吗"], "no-such": ["x"]}
    made = company.found(table, tmp_path / "made", ROOT / "data", TODAY, "云筐", more=more)
    assert [draft.id for draft in made.drafts] == ["neng-shang-men", "hui-yuan-ka-neng-ting"]
    faqs = read_content(tmp_path / "made").faqs
    assert faqs["neng-shang-men"].similar == ("来家里取吗",)
