"""What the report tells, and what it drafts."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

from click.testing import CliRunner
from openpyxl import load_workbook

from faq import letters, publishing, reporting
from faq.__main__ import main
from faq.checking import normaliser
from search.content import read_content
from web.desk.asked import Question, Said, Vote

TODAY = dt.date(2026, 11, 22)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.timezone.utc)


def question(text: str, band: str = "answer", **changes: object) -> Question:
    values = {
        "at": NOON,
        "place": "chat",
        "text": text,
        "band": band,
        "confidence": 0.9,
        "faq_id": "pay-failed",
        "outcome": band,
        "followed": False,
    }
    return Question(**{**values, **changes})  # type: ignore[arg-type]


def test_a_report_counts_clusters_and_drafts(data: Path) -> None:
    faqs = read_content(data).faqs
    unknown = [
        question(text, "unknown", confidence=0.05)
        for text in (
            "数字人民币能用吗",
            "数字人民币可以用吗",
            "能用数字人民币吗",
            "数字人民币能用吗",
        )
    ]
    asked = [
        *unknown,
        question("付不了款"),
        question("付不了款", followed=True),
        question("发票", "unknown", place="search", confidence=0.0, faq_id=None),
        question("付不了款", at=NOON - dt.timedelta(days=40)),
    ]
    votes = [Vote(NOON, "pay-failed", False, "unclear"), Vote(NOON, "pay-failed", True, None)]
    begin = TODAY - dt.timedelta(days=27)
    report = reporting.make(asked, votes, faqs, begin, TODAY, normaliser())
    assert (report.total, report.missed) == (7, 5)
    assert report.asked == (("pay-failed", 2),)
    assert report.unhelpful == (("pay-failed", 1, 1, 1),)
    assert report.zero == (("发票", 1),)
    assert sum(total for _, total, _ in report.weeks) == 7
    first = report.clusters[0]
    assert (first.title, first.times) == ("数字人民币能用吗", 4)
    draft = reporting.draft_text(first, TODAY)
    assert "  - 能用数字人民币吗" in draft
    markdown, table = publishing.as_markdown(report), publishing.as_csv(report)
    assert draft.rstrip() in markdown
    assert "数字人民币可以用吗" in table


def test_a_spreadsheet_never_runs_what_a_customer_typed() -> None:
    assert publishing.harmless("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert publishing.harmless("＝1+1") == "'＝1+1"
    assert publishing.harmless("付不了款") == "付不了款"
    assert publishing.harmless("") == ""


def test_what_customers_want_the_team_to_know_stands_in_the_report(data: Path) -> None:
    told = [Said(NOON, "字再大一点"), Said(NOON - dt.timedelta(days=90), "太久以前的")]
    begin = TODAY - dt.timedelta(days=27)
    faqs = read_content(data).faqs
    report = reporting.make([question("付不了款")], [], faqs, begin, TODAY, normaliser(), told)
    for text in (publishing.as_markdown(report), publishing.as_csv(report)):
        assert "字再大一点" in text
        assert "太久以前的" not in text


def test_a_report_of_a_time_without_questions_says_so(data: Path) -> None:
    report = reporting.make([], [], read_content(data).faqs, TODAY, TODAY, normaliser())
    markdown, table = publishing.as_markdown(report), publishing.as_csv(report)
    assert "没有客户提问" in markdown
    assert "100%" not in markdown
    assert "没有客户提问" in table


def test_every_number_of_the_table_stands_under_its_name(data: Path) -> None:
    asked = [
        question("付不了款", followed=True),
        question("发票", "unknown", place="search", confidence=0.0, faq_id=None),
    ]
    votes = [Vote(NOON, "pay-failed", True, None)]
    begin = TODAY - dt.timedelta(days=6)
    report = reporting.make(asked, votes, read_content(data).faqs, begin, TODAY, normaliser())
    rows = list(csv.DictReader(publishing.as_csv(report).removeprefix("\ufeff").splitlines()))
    by_part = {row["部分"]: row for row in rows}
    told = {
        part: {name: cell for name, cell in row.items() if cell and name != "部分"}
        for part, row in by_part.items()
    }
    name = "日期、问答 id 或组号"
    title = {name: "pay-failed", "文字": "支付失败怎么办"}
    assert told == {
        "每周趋势": {name: "2026-11-16", "次数": "2", "没答好": "1"},
        "问得最多": {**title, "次数": "1"},
        "没帮助，或看完又转人工": {**title, "没帮助": "0", "有帮助": "1", "看完转人工": "1"},
        "搜不到的": {"文字": "发票", "次数": "1"},
        "没有答好的问题（可以直接拿去写）": {name: "1", "文字": "发票", "次数": "1"},
    }


def test_drafts_are_never_written_where_they_would_go_live(data: Path, tmp_path: Path) -> None:
    missed = [question("数字人民币能用吗", "unknown", confidence=0.1)] * 2
    faqs = read_content(data).faqs
    report = reporting.make(missed, [], faqs, NOON.date(), TODAY, normaliser())
    (tmp_path / "link").symlink_to(data / "faq")
    before = sorted(data.rglob("*"))
    for folder in (data, data / "faq", data / "faq" / "payment", tmp_path / "link"):
        done = CliRunner().invoke(
            main,
            ["--data", str(data), "report", "--drafts", str(folder)],
            env={"XIAOHU_VAR": str(tmp_path / "var")},
        )
        assert (done.exit_code, "--drafts drafts" in done.stderr) == (2, True)
    assert sorted(data.rglob("*")) == before
    outside = tmp_path / "drafts"
    reporting.refuse_live(data, outside)
    reporting.write_drafts(report, outside)
    (draft,) = outside.rglob("*.md")
    assert "请在这里写答案" in draft.read_text(encoding="utf-8")


def test_a_drafted_file_has_nothing_wrong_but_its_answer(data: Path) -> None:
    missed = [question("数字人民币能用吗", "unknown", confidence=0.1)] * 2
    (cluster,) = reporting.clusters(missed, read_content(data).faqs, normaliser(), TODAY, TODAY)
    draft = cluster.draft(TODAY)
    path = data / draft.name
    path.write_text(reporting.draft_text(cluster, TODAY), encoding="utf-8")
    assert read_content(data).problems == ()


def test_the_workbook_holds_numbers_as_numbers_and_runs_nothing(data: Path) -> None:
    asked = [
        question("=1+1", "unknown", place="search", confidence=0.0, faq_id=None),
        question("付不了款"),
    ]
    begin = TODAY - dt.timedelta(days=6)
    report = reporting.make(asked, [], read_content(data).faqs, begin, TODAY, normaliser())
    book = load_workbook(io.BytesIO(publishing.as_workbook(report)))
    assert book.sheetnames == [
        "每周趋势", "问得最多", "没帮助，或看完又转人工", "搜不到的", "客户的建议和意见",
        "没有答好的问题（可以直接拿去写）",
    ]  # fmt: skip
    assert [cell.value for cell in book["问得最多"][2]] == ["pay-failed", "支付失败怎么办", 1]
    assert book["搜不到的"]["A2"].value == "'=1+1"
    assert book["搜不到的"]["A2"].data_type == "s"
    assert book["客户的建议和意见"]["A1"].value == "这段时间没有。"


def test_the_letter_compares_with_the_week_before_and_says_where_there_is_none(data: Path) -> None:
    faqs, week = read_content(data).faqs, dt.timedelta(days=7)
    asked = [question("付不了款"), question("发票", "unknown", confidence=0.0, faq_id=None)]
    report = reporting.make(asked, [], faqs, TODAY - week, TODAY, normaliser())
    nothing = reporting.make([], [], faqs, TODAY - 2 * week, TODAY - week, normaliser())
    letter = letters.as_letter(report, nothing)
    assert "客户问了 2 次，1 次没有答好，答上的占 50%。" in letter
    assert "比前一周" not in letter
    assert "- 发票：1 次，1 次客户什么都没得到就走了" in letter
    assert "没有客户提问" in letters.as_letter(nothing, nothing)
