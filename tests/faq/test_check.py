"""`faq check` says file, line, why and the fix; --fix fixes what needs no thought."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from faq import questions
from faq.__main__ import main
from faq.checking import check, check_one
from faq.findings import Finding, errors
from faq.folder import Folder
from search import Settings, open_engine
from tests.faq.conftest import ROOT, write

TODAY = dt.date(2026, 11, 22)


def rules(found: list[Finding]) -> set[str]:
    return {item.rule for item in found}


def test_good_content_has_no_findings(data: Path) -> None:
    assert check(data, TODAY) == []


def test_the_shipped_content_passes_without_errors() -> None:
    assert errors(check(ROOT / "data", TODAY)) == []


def test_what_is_no_plain_file_is_told_in_editors_words_and_the_rest_is_checked(
    data: Path,
) -> None:
    folder = data / "faq" / "refund"
    os.mkfifo(folder / "pipe.md")
    (folder / "gone.md").symlink_to(folder / "nowhere")
    (folder / "round.md").symlink_to("round.md")
    (folder / "large.md").write_text("水" * 100_000, encoding="utf-8")
    write(data, "pay-failed", "请把您的短信验证码发给客服核对。")
    done = CliRunner().invoke(main, ["--data", str(data), "check", "--no-rank", "--fix"])
    assert done.exit_code == 1, done.exception
    for name, said in (
        ("pipe.md", "不是普通的文件"),
        ("gone.md", "不在了"),
        ("round.md", "打不开"),
        ("large.md", "KB，太大了"),
        ("pay-failed.md", "验证码"),
    ):
        (line,) = [line for line in done.output.splitlines() if name in line]
        assert said in line


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ("请把您的短信验证码发给客服核对。", "forbidden-ask"),
        ("请告诉我们您的支付密码。", "forbidden-ask"),
        ("请提供完整卡号和安全码。", "forbidden-ask"),
        ("请加客服微信，我们帮您加急。", "forbidden-ask"),
        ("请下载远程协助软件，由我们操作。", "forbidden-ask"),
        ("请先把钱转到安全账户。", "forbidden-ask"),
        ("请点[退款页面](https://evil.example/a)。", "forbidden-ask"),
        ("请拨打 400-820-8820 联系客服。", "contact-number"),
        ("有事打 13912345678 找我们。", "contact-number"),
        ("银行热线 95588 也能查。", "contact-number"),
        ("写信到 help@example.com 反映。", "contact-address"),
        ("退款 3 个工作日到账。", "promise"),
        ("提现收 0.1% 的费用。", "promise"),
        ("看图：\n\n![](nothing.png)", "picture-missing"),
        ("看图：\n\n![](nothing.png)", "picture-unnamed"),
        ("请看[这篇](/faq/no-such-thing)。", "link-dead"),
        ("请看[官网](https://example.com/a)。", "link-outside"),
        ("字" * 95 + "。", "long-sentence"),
        ("很长的一段，" * 40, "long-short-answer"),
    ],
)
def test_a_bad_statement_is_found_on_its_line(data: Path, answer: str, rule: str) -> None:
    path = write(data, "pay-failed", answer)
    (found,) = [item for item in check(data, TODAY) if item.rule == rule]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert found.path == path
    assert lines[found.line - 1].strip()
    assert found.line >= lines.index("---", 1) + 2
    assert found.why
    assert found.fix


@pytest.mark.parametrize(
    "said",
    [
        "退款 3 天到账。",
        "退款３天内到账。",
        "退款三天到账。",
        "两个工作日会退回。",
        "三到五个 工作日。",
        "**24 小时**内回复您。",
        "到账一般要 1 - 3 天。",
        "预计半小时。",
        "两三天就能处理。",
        "收百分之一的费用。",
        "T+1 到账。",
        "专人 48 小时内会联系您。",
    ],
)
def test_a_promise_is_found_however_its_number_is_typed(data: Path, said: str) -> None:
    write(data, "pay-failed", said)
    assert rules(check(data, TODAY)) == {"promise"}


@pytest.mark.parametrize(
    "said",
    [
        "热线全天 24 小时开通，客服会处理。",
        "需要时拨打 24 小时客服热线。",
        "看看是哪一天到账的，第 3 天再来问。",
        "每一分钟都要紧，十分重要。",
        "以 3 月 5 日公布的为准，到账时间看页面。",
        "等几天再看，到账时间以页面显示为准。",
    ],
)
def test_a_number_that_promises_nothing_passes(data: Path, said: str) -> None:
    write(data, "pay-failed", said)
    assert check(data, TODAY) == []


def test_warnings_of_secrets_and_public_numbers_pass(data: Path) -> None:
    write(
        data, "pay-failed", "不要把密码和验证码告诉任何人。被骗请拨打 110 或 96110，投诉打 12315。"
    )
    assert check(data, TODAY) == []


def test_a_question_claimed_twice_is_named_in_both_files(data: Path) -> None:
    asked = ["我要退钱", "甲乙丙", "丁戊己", "庚辛壬", "子丑寅", "卯辰巳", "午未申", "酉戌亥"]
    first = write(data, "pay-failed", similar=asked)
    found = [item for item in check(data, TODAY) if item.rule == "claimed-twice"]
    assert {item.path.name for item in found} == {"pay-failed.md", "refund-how.md"}
    (mine,) = [item for item in found if item.path == first]
    assert first.read_text(encoding="utf-8").splitlines()[mine.line - 1] == "  - 我要退钱"


def test_near_duplicates_and_alike_ones_are_told_apart(data: Path) -> None:
    own = "在超市结账的时候提示付款没有成功"
    write(data, "pay-failed", similar=[own, own + "呀", *"甲乙丙丁戊己"])
    write(data, "refund-how", similar=[own + "吗", *"子丑寅卯辰巳午未"])
    assert {"alike", "near-duplicate"} <= rules(check(data, TODAY))


def test_dates_are_judged(data: Path) -> None:
    path = write(data, "pay-failed")
    text = path.read_text(encoding="utf-8")
    stale = text.replace("updated: 2026-11-21", "updated: 2025-01-01\nvalid: {until: 2026-11-01}")
    path.write_text(stale, encoding="utf-8")
    assert rules(check(data, TODAY)) == {"stale", "expired"}
    path.write_text(text.replace("updated: 2026-11-21", "updated: 2027-05-01"), encoding="utf-8")
    assert rules(check(data, TODAY)) == {"future"}


def test_too_few_questions_are_told(data: Path) -> None:
    write(data, "pay-failed", similar=["付不了款"])
    assert rules(check(data, TODAY)) == {"too-few"}


def test_a_question_that_the_ranking_gives_away_names_the_taker(data: Path, tmp_path: Path) -> None:
    write(data, "pay-failed", question="我要退钱退款", similar=["刷不过"])
    golden = data / "faq" / "golden.jsonl"
    golden.write_text(
        json.dumps({"text": "怎么申请退款呀", "faq": "pay-failed"}, ensure_ascii=False)
        + '\n{"text": 1}\n'
        + json.dumps({"text": "想退款要怎么弄", "faq": "gone"}, ensure_ascii=False)
        + "\n",
        encoding="utf-8",
    )
    engine = open_engine(Settings(data, tmp_path / "index"))
    found = check(data, TODAY, engine)
    taken = [item for item in found if item.rule == "golden-taken"]
    assert [item.values["other_id"] for item in taken] == ["refund-how"]
    assert {"golden-bad", "golden-unknown"} <= rules(found)
    assert {item.line for item in found if item.path == golden} == {2, 3}


@pytest.mark.parametrize("valid", ["{from: 2026-12-01}", "{until: 2026-11-01}"])
def test_an_faq_that_is_not_valid_today_loses_no_question(
    data: Path, tmp_path: Path, valid: str
) -> None:
    path = write(data, "pay-failed", "新的规则从下月开始。")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("related:", f"valid: {valid}\nrelated:"), encoding="utf-8")
    golden = {"text": "刷不过啊", "faq": "pay-failed"}
    (data / "faq" / "golden.jsonl").write_text(json.dumps(golden), encoding="utf-8")
    engine = open_engine(Settings(data, tmp_path / "index"), today=lambda: TODAY)
    assert engine.rank("支付失败怎么办").hits[0].id != "pay-failed"
    for found in (
        check(data, TODAY, engine),
        check_one(Folder.read(data), "pay-failed", TODAY, engine),
    ):
        assert rules(found) <= {"expired"}


def test_fix_fixes_what_needs_no_thought_and_nothing_else(data: Path) -> None:
    path = write(data, "pay-failed")
    text = path.read_text(encoding="utf-8")
    broken = (
        text.replace("id: pay-failed", "id: other")
        .replace("  - 付不了款\n", "  - 付不了款   \n  - 付不了款！\n")
        .replace("related: [refund-how]", "related: [refund-how, gone, pay-failed]")
    )
    path.write_bytes(b"\xef\xbb\xbf" + broken.replace("\n", "\r\n").encode() + b"\r\n\r\n")
    done = CliRunner().invoke(main, ["--data", str(data), "check", "--fix", "--no-rank"])
    assert done.exit_code == 0, done.output
    assert path.read_text(encoding="utf-8") == text


def test_a_related_faq_that_is_broken_is_not_called_missing(data: Path) -> None:
    write(data, "refund-how", "")
    path = data / "faq" / "payment" / "pay-failed.md"
    before = path.read_bytes()
    (found,) = [item for item in check(data, TODAY) if item.path == path]
    assert (found.rule, found.severity, found.field) == ("related-broken", "warning", "related")
    assert "faq/refund/refund-how.md" in found.fix
    done = CliRunner().invoke(main, ["--data", str(data), "check", "--fix", "--no-rank"])
    assert "--fix" not in done.output
    assert path.read_bytes() == before


def test_a_related_faq_that_is_nowhere_keeps_the_file_from_passing(data: Path) -> None:
    path = write(data, "pay-failed")
    text = path.read_text(encoding="utf-8").replace("[refund-how]", "[refund-how, gone]")
    path.write_text(text, encoding="utf-8")
    (found,) = errors(check_one(Folder.read(data), "pay-failed", TODAY))
    assert (found.field, found.fixable, "gone" in found.why) == ("related", True, True)
    assert found in check(data, TODAY)


def test_exit_codes_and_json_serve_hooks(data: Path) -> None:
    def run(*options: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--data", str(data), "check", "--no-rank", *options])
        return done.exit_code, done.stdout

    assert run()[0] == 0
    write(data, "pay-failed", similar=["付不了款"])
    assert run()[0] == 0
    assert run("--strict")[0] == 1
    path = write(data, "pay-failed", "")
    code, printed = run("--json")
    assert code == 1
    found = [item for item in json.loads(printed)["findings"] if item["path"] == str(path)]
    assert ("answer", "schema") in [(item["field"], item["rule"]) for item in found]
    write(data, "pay-failed", "请拨打 400-820-8820。")
    assert run()[0] == 1
    assert run(str(data / "faq" / "refund" / "refund-how.md"))[0] == 0


def test_an_empty_form_is_told_in_words_that_fit_a_form_and_a_file(data: Path) -> None:
    path = data / "faq" / "payment" / "pay-failed.md"
    path.write_text("---\nid: pay-failed\nrelated: []\n---\n", encoding="utf-8")
    fixes = [item.fix for item in check(data, TODAY) if item.path == path]
    for wanted in (
        "写上标题（question）",
        "写上更新日期（updated）",
        "写上答案",
    ):
        assert any(wanted in fix for fix in fixes), (wanted, fixes)
    assert not [fix for fix in fixes if "---" in fix or "这一行" in fix]


def test_a_broken_folder_is_told_and_not_raised(data: Path) -> None:
    (data / "categories.yml").write_text("a: [", encoding="utf-8")
    (found,) = check(data, TODAY)
    assert (found.path.name, found.severity) == ("categories.yml", "error")


BASE = "退款多久才能到账，请问客服一下"
VARIANTS = st.sets(st.integers(0, len(BASE) - 1), max_size=3).map(
    lambda gone: "".join(char for place, char in enumerate(BASE) if place not in gone)
)


@given(texts=st.lists(VARIANTS, max_size=12), rows=st.sets(st.integers(0, 11)))
def test_near_texts_are_found_each_pair_once_whatever_their_lengths(
    texts: list[str], rows: set[int]
) -> None:
    wanted = {row for row in rows if row < len(texts)}
    pairs = sorted(
        (row, other)
        for row in wanted
        for other, text in enumerate(texts)
        if fuzz.ratio(texts[row], text) >= questions.LIKE and texts[row] != text
        if other not in wanted or row > other
    )
    assert sorted(found[:2] for found in questions.near(texts, sorted(wanted))) == pairs
