"""What customers ask next is checked like every other content."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from faq import checking
from faq.findings import Finding
from search.further import read_folder
from tests.faq.conftest import ROOT, build, write

TODAY = dt.date(2026, 11, 29)
GOOD = """\
# What customers ask next.
- asks: [要带什么, 带身份证吗]
  says: 带上付款记录就行。
- asks: [多久有结果]
  says: 以退款页显示为准。
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = build(tmp_path)
    for faq in ("pay-failed", "refund-how"):
        write(data, faq)
    (data / "further").mkdir()
    return data


def found(data: Path, text: str, name: str = "refund-how") -> list[Finding]:
    path = data / "further" / f"{name}.yml"
    path.write_text(text, encoding="utf-8")
    return [item for item in checking.check(data, TODAY) if item.path == path]


def test_a_good_file_is_read_and_nothing_is_found(data: Path) -> None:
    assert found(data, GOOD) == []
    points, problems = read_folder(data)
    assert problems == []
    assert [point.asks for point in points["refund-how"]] == [
        ("要带什么", "带身份证吗"),
        ("多久有结果",),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("[多久有结果]", "[要带什么]", 2, "「要带什么」写在了两条里"),
        ("带上付款记录就行。", "把验证码发给我。", 3, "验证码"),
        ("以退款页显示为准。", "请打 {{ no_such }}。", 5, "no_such"),
        ("以退款页显示为准。", "好" * 121, 4, "121 个字"),
        ("  says: 以退款页显示为准。\n", "", 1, "第 2 条追问缺少问法或回答"),
        ("- asks: [要带什么, 带身份证吗]", "asks: [要带什么]", 3, "读不懂"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    data: Path, old: str, new: str, line: int, says: str
) -> None:
    assert old in GOOD
    findings = found(data, GOOD.replace(old, new))
    assert [(item.line, says in item.why) for item in findings] == [(line, True)], findings
    assert all(item.fix for item in findings)


def test_a_file_for_no_faq_is_told(data: Path) -> None:
    [item] = found(data, GOOD, "no-such-faq")
    assert "no-such-faq" in item.why


def test_one_bad_file_takes_no_other_away(data: Path) -> None:
    (data / "further" / "pay-failed.yml").write_text("{", encoding="utf-8")
    assert found(data, GOOD) == []
    points, problems = read_folder(data)
    assert set(points) == {"refund-how"}
    assert [problem.path.name for problem in problems] == ["pay-failed.yml"]


def test_the_shipped_points_pass() -> None:
    findings = [
        item for item in checking.check(ROOT / "data", TODAY) if "further" in item.path.parts
    ]
    assert findings == []
