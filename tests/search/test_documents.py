from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from search import day_here
from search.documents import read_faq

GOOD = """---
id: pay-failed
category: payment
question: 支付失败怎么办
similar:
  - 付不了款
  - 刷不过
keywords: [断网]
flow: pay_failed
urgent: false
related: [refund-how]
updated: 2026-11-21
valid: {from: 2026-01-01, until: }
---

先查网络，再拨 {{ hotline }}。

1. 换 Wi-Fi
"""
PATH = Path("data/faq/payment/pay-failed.md")
VARIABLES = frozenset({"hotline"})


def test_a_good_file_is_read_whole() -> None:
    faq, problems = read_faq(PATH, GOOD, VARIABLES)
    assert problems == []
    assert faq is not None
    assert faq.similar == ("付不了款", "刷不过")
    assert faq.short == "先查网络，再拨 {{ hotline }}。"
    assert faq.valid_until is None


# (what is replaced, by what, the line that is named, a piece of the reason)
BROKEN = [
    ("---\nid", "id", 1, "does not begin with ---"),
    ("---\n\n先", "\n\n先", 1, "not closed"),
    ("id: pay-failed\n", "id: pay_failed\n", 2, "id 'pay_failed'"),
    ("id: pay-failed\n", "id: other\n", 2, "not the file's name"),
    ("id: pay-failed\n", "", 1, "id is missing"),
    ("category: payment", "category: refund", 3, "not the folder"),
    ("question: 支付失败怎么办", "question: 12", 4, "not text"),
    ("question: 支付失败怎么办", "question:", 4, "question is missing"),
    ("  - 刷不过", "  - 付不了款", 5, "stands twice"),
    ("  - 刷不过", "  - 120", 5, "not text"),
    ("  - 付不了款\n  - 刷不过", "  付不了款", 5, "no list"),
    ("flow: pay_failed", "flow: pay-failed", 9, "unknown flow"),
    ("urgent: false", "urgent: maybe", 10, "'maybe'"),
    ("related: [refund-how]", "related: [pay-failed]", 11, "itself"),
    ("updated: 2026-11-21", "updated: gestern", 12, "write a date"),
    ("updated: 2026-11-21", "updated: 2026-13-40", 1, "no YAML"),
    ("until: }", "until: 2025-01-01}", 13, "ends before it begins"),
    ("valid: {from", "valid: [from", 13, "no YAML"),
    ("keywords: [断网]", "colour: red", 8, "unknown field 'colour'"),
    ("keywords: [断网]", "id: pay-failed", 8, "stands twice"),
    ("{{ hotline }}", "{{ phone }}", 16, "unknown variable"),
    ("先查网络，再拨 {{ hotline }}。\n\n1. 换 Wi-Fi\n", "", 15, "answer is missing"),
    ("先查网络", "# 先查网络", 15, "begins with no paragraph"),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), BROKEN)
def test_a_bad_file_is_refused_with_its_line_and_fix(
    old: str, new: str, line: int, reason: str
) -> None:
    assert old in GOOD
    faq, problems = read_faq(PATH, GOOD.replace(old, new, 1), VARIABLES)
    assert faq is None
    named = [problem for problem in problems if reason in str(problem)]
    assert named, [str(problem) for problem in problems]
    assert named[0].line == line
    assert named[0].fix


def test_windows_line_ends_and_a_byte_order_mark_are_no_fault() -> None:
    faq, problems = read_faq(PATH, "\ufeff" + GOOD.replace("\n", "\r\n"), VARIABLES)
    assert problems == []
    assert faq is not None


def test_a_day_begins_at_the_customers_midnight() -> None:
    evening = dt.datetime(2026, 11, 21, 15, 59, tzinfo=dt.timezone.utc)
    assert day_here(evening) == dt.date(2026, 11, 21)
    assert day_here(evening + dt.timedelta(minutes=1)) == dt.date(2026, 11, 22)


def test_an_faq_says_its_object_its_aspect_and_further_answers(tmp_path: Path) -> None:
    text = GOOD.replace(
        "updated:", "object: withdraw\naspect: how\nfacets:\n  time: 以提现页为准。\nupdated:"
    )
    faq, problems = read_faq(tmp_path / "payment" / "pay-failed.md", text, VARIABLES)
    assert problems == []
    assert faq is not None
    assert (faq.object, faq.aspect, faq.facets) == (
        "withdraw",
        "how",
        (("time", "以提现页为准。"),),
    )


def test_facets_name_unknown_variables_and_empty_answers(tmp_path: Path) -> None:
    for facets in ("{time: ''}", "[time]", "{'多 久': 以页面为准}", "{time: '{{ nonsense }}'}"):
        text = GOOD.replace("updated:", f"facets: {facets}\nupdated:")
        faq, problems = read_faq(tmp_path / "payment" / "pay-failed.md", text, VARIABLES)
        assert faq is None
        assert len(problems) == 1
