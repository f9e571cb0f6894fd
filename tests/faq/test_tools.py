"""try, diff, report, import and export: what editors do beside writing."""

from __future__ import annotations

import csv
import datetime as dt
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from faq import comparing, exchange, golden, importing, publishing, reporting, trying, words
from faq.__main__ import main
from faq.checking import normaliser
from faq.errors import BadTable, NoRevision
from faq.writing import Draft, compose
from search import Engine, Settings, open_engine
from search.content import read_content
from tests.faq.conftest import ROOT, build, write
from web.desk.asked import Question, Said, Vote

TODAY = dt.date(2026, 11, 22)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.timezone.utc)


@pytest.fixture
def engine(data: Path, tmp_path: Path) -> Engine:
    return open_engine(Settings(data, tmp_path / "index"))


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=小陈", "-c", "user.email=chen@localhost")
    subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True
    )


def test_try_says_in_words_why(engine: Engine) -> None:
    found = trying.attempt(engine, "付不了款啊")
    assert found["hits"][0]["id"] == "pay-failed"
    first = found["accounts"][0]
    assert first["title"] == "支付失败怎么办"
    assert first["rows"][0]["text"] == "付不了款"
    shown = "\n".join(trying.lines(found))
    assert all(reason["words"] in shown for reason in first["reasons"])
    assert all(reason["name"] not in shown for reason in first["reasons"])


def test_the_points_of_the_confidence_add_up(engine: Engine) -> None:
    from search.explanation import explain

    for text in ("付不了款", "明天下雨吗", "我要退钱", "充只失败"):
        seen = explain(engine.generation, text)
        assert seen.confidence == pytest.approx(engine.rank(text).confidence, abs=1e-3)


def test_every_feature_has_a_word(engine: Engine) -> None:
    from search.features import NAMES
    from search.model import GATE

    for group, names in (("features", NAMES), ("gate", GATE)):
        assert [name for name in names if words.name(group, name) == name] == []


def test_diff_names_who_took_a_golden_question(data: Path, tmp_path: Path) -> None:
    lines = [
        {"text": "怎么给我退钱", "faq": "refund-how"},
        {"text": "买单付不上", "faq": "pay-failed"},
    ]
    shown = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    golden.path_of(data).write_text(shown, encoding="utf-8")
    git(data, "init", "-q")
    git(data, "add", ".")
    git(data, "commit", "-qm", "Begin")
    taken = ["怎么给我退钱", "我要退钱吧", "钱怎么退回我", "给我退钱", *"甲乙丙丁"]
    write(data, "pay-failed", similar=taken)
    write(data, "refund-how", similar=["子丑寅", "卯辰巳"])
    settings = Settings(data, tmp_path / "index")
    after = open_engine(settings)
    with comparing.revision_engine(settings, "HEAD", lambda step: None) as before:
        changes, total = comparing.compare(before, after, golden.read(data)[0], ["想退款"])
        said = "\n".join(comparing.lines(changes, total, before, after))
    worse = [change for change in changes if change.worse]
    assert [(change.text, change.after[1]) for change in worse] == [("怎么给我退钱", "pay-failed")]
    assert total == 3
    assert "pay-failed" in said


@pytest.mark.parametrize("root", [".", "..", "../.."])
def test_a_revision_comes_back_whole_wherever_the_repository_begins(
    tmp_path: Path, root: str
) -> None:
    data = build(tmp_path / "shop" / "content")
    top = (data / root).resolve()
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-qm", "Begin")
    before = read_content(data).faqs
    path = write(data, "pay-failed", "改过的答案。")
    write(data, "refund-new", "新的一篇。")
    found = read_content(comparing.checkout(data, "HEAD", tmp_path / "before"))
    assert [Draft.of(faq) for faq in found.faqs.values()] == [
        Draft.of(faq) for faq in before.values()
    ]
    assert "改过的答案" in path.read_text(encoding="utf-8")


def test_diff_runs_where_the_content_is_a_part_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Begin")
    (tmp_path / "asked.txt").write_text("付不了款\n我要退钱\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XIAOHU_DATA", raising=False)
    monkeypatch.setenv("XIAOHU_VAR", str(tmp_path / "var"))
    done = CliRunner().invoke(main, ["diff", "--asked", "asked.txt"])
    assert (done.exit_code, done.stdout) == (0, "2 个问题，答案都没有变。\n"), done.output


def test_what_git_cannot_give_is_told_with_the_mend(tmp_path: Path) -> None:
    data = build(tmp_path)
    with pytest.raises(NoRevision, match="不在 git 仓库里"):
        comparing.checkout(data, "HEAD", tmp_path / "nothing")
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-qm", "Begin", "--allow-empty")
    with pytest.raises(NoRevision, match=r"没有.*data.*这个文件夹；用 --against"):
        comparing.checkout(data, "HEAD", tmp_path / "nothing")
    for wrong in ("no-such-revision", "--output=x"):
        with pytest.raises(NoRevision, match=f"不认识版本「{wrong}」；用 git log"):
            comparing.checkout(data, wrong, tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


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


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_export_and_import_lose_nothing(data: Path, tmp_path: Path, ending: str) -> None:
    asked = (
        "分号；在里面",
        'a;b "c"',
        '"引号开头',
        "#井号",
        "- 减号",
        "冒号: 空格",
        "yes",
        "2026-11-20",
    )
    answer = '=1+1 "引号", 逗号; 分号\n\n- 第一步\n- 第二步'
    odd = Draft.of(read_content(data).faqs["pay-failed"])
    odd = replace(odd, id="odd", question="=SUM(A1) 怎么读", similar=asked, answer=answer)
    (data / odd.name).write_text(compose(odd), encoding="utf-8")
    before = read_content(data)
    assert before.problems == ()
    table = tmp_path / f"all.{ending}"
    done = CliRunner().invoke(main, ["--data", str(data), "export", str(table)])
    assert done.exit_code == 0, done.output
    same = importing.bring_in(data, table, TODAY)
    assert (len(same.same), same.changed, same.errors) == (3, [], [])
    for path in data.glob("faq/*/*.md"):
        path.unlink()
    done = CliRunner().invoke(main, ["--data", str(data), "import", "--no-rank", str(table)])
    assert done.exit_code == 0, done.output
    assert read_content(data).faqs == before.faqs


def test_the_shipped_content_goes_through_a_table_unchanged(tmp_path: Path) -> None:
    content = read_content(ROOT / "data")
    titles = {part.id: part.title for part in content.categories}
    table = tmp_path / "all.xlsx"
    exchange.write_table(content.faqs.values(), titles, table)
    found = importing.bring_in(ROOT / "data", table, TODAY, write=False)
    assert (len(found.same), found.changed, found.errors) == (len(content.faqs), [], [])


def test_errors_come_by_row_and_good_rows_go_in(data: Path, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["问题", "相似问法", "答案", "分类"])
    book.active.append(
        ["优惠券怎么用", "抵用券在哪；红包券怎么花;券用不了", "在付款页选。", "支付与转账"]
    )
    book.active.append(["", "甲", "乙", "支付与转账"])
    book.active.append([None, None, None, None])
    book.active.append(["问", "甲", "请看 {{ nothing }}。", "退款与扣款争议"])
    book.active.append(["问", "甲", "答。", "没有的分类"])
    table = tmp_path / "in.xlsx"
    book.save(table)
    done = CliRunner().invoke(main, ["--data", str(data), "import", "--no-rank", str(table)])
    assert done.exit_code == 1
    assert [line.split("：")[0] for line in done.output.splitlines()[:3]] == [
        "第 3 行",
        "第 5 行",
        "第 6 行",
    ]
    content = read_content(data)
    (new,) = [faq for faq in content.faqs.values() if faq.question == "优惠券怎么用"]
    assert new.similar == ("抵用券在哪", "红包券怎么花", "券用不了")
    assert new.category == "payment"
    assert content.problems == ()


def fill(table: Path, *rows: dict[str, str]) -> Path:
    """Write rows as a table of editors; what they leave out is a good FAQ of its own."""
    usual = {
        "分类": "支付与转账",
        "答案": "在付款页选。",
        "关键词": "优惠券",
        "相关问题": "pay-failed",
    }
    full = [
        {
            "问题": f"第{number}种优惠券怎么用",
            "相似问法": ";".join(f"{number}号券{what}" for what in ["在哪领", "用不了", "过期了"]),
            **usual,
            **row,
        }
        for number, row in enumerate(rows, 2)
    ]
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, sorted({name for row in full for name in row}))
        writer.writeheader()
        writer.writerows(full)
    return table


def test_a_row_is_judged_as_the_editor_page_judges_what_it_saves(
    data: Path, tmp_path: Path
) -> None:
    table = fill(
        tmp_path / "in.csv",
        {"答案": "请把您的短信验证码发给客服核对。"},
        {"答案": "请拨打 400-820-8820。"},
        {"相似问法": "我要退钱;券用不了"},
        {"相关问题": "no-such-faq"},
        {"id": "coupon-good", "相关问题": "pay-failed;coupon-next"},
        {"id": "coupon-next", "相关问题": "coupon-good"},
        {"id": "coupon-bad", "答案": "请打 13912345678。"},
        {"id": "coupon-leans", "相关问题": "coupon-bad"},
    )
    before = {path: path.read_bytes() for path in data.glob("faq/*/*.md")}
    found = importing.bring_in(data, table, TODAY)
    said = dict(found.errors)
    assert sorted(said) == [2, 3, 4, 5, 8, 9] == [row for row, _ in found.errors]
    for row, words_of_it in {
        2: "索要验证码",
        3: "400-820-8820",
        4: "我要退钱",
        5: "no-such-faq",
        9: "coupon-bad",
    }.items():
        assert words_of_it in said[row]
    assert found.added == ["coupon-good", "coupon-next"]
    content = read_content(data)
    assert content.problems == ()
    assert set(content.faqs) == {"pay-failed", "refund-how", "coupon-good", "coupon-next"}
    assert all(path.read_bytes() == raw for path, raw in before.items())


def test_a_question_moves_from_one_row_to_another_or_not_at_all(data: Path, tmp_path: Path) -> None:
    moved = {
        "id": "coupon",
        "问题": "优惠券怎么用",
        "相似问法": "退单流程;券用不了",
        "相关问题": "refund-how",
    }
    left = {"id": "refund-how", "问题": "怎么申请退款", "相似问法": "我要退钱", "分类": "refund"}
    bad = fill(tmp_path / "bad.csv", moved, {**left, "答案": "请打 13912345678。"})
    found = importing.bring_in(data, bad, TODAY)
    assert ([row for row, _ in found.errors], found.added, found.changed) == ([2, 3], [], [])
    good = fill(tmp_path / "good.csv", moved, {**left, "答案": "在交易记录里点退款。"})
    found = importing.bring_in(data, good, TODAY)
    assert (found.errors, found.added, found.changed) == ([], ["coupon"], ["refund-how"])


def test_a_changed_row_is_updated_today_and_an_old_table_changes_nothing(
    data: Path, tmp_path: Path
) -> None:
    table = tmp_path / "all.csv"
    exchange.write_table(read_content(data).faqs.values(), {}, table)
    text = table.read_text(encoding="utf-8-sig")
    table.write_text(text.replace("2026-11-21", "2026-10-01"), encoding="utf-8")
    assert len(importing.bring_in(data, table, TODAY).same) == 2
    table.write_text(text.replace("刷不过", "刷了没反应"), encoding="utf-8")
    found = importing.bring_in(data, table, TODAY)
    assert (found.changed, found.same) == (["pay-failed"], ["refund-how"])
    faqs = read_content(data).faqs
    assert faqs["pay-failed"].updated == TODAY
    assert faqs["refund-how"].updated == dt.date(2026, 11, 21)


def test_a_row_whose_question_another_faq_takes_is_refused(data: Path, tmp_path: Path) -> None:
    path = write(data, "refund-how")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("related:", "flow: human\nrelated:"), encoding="utf-8")
    table = fill(tmp_path / "in.csv", {"问题": "找真人"}, {"问题": "优惠券怎么用"})
    done = CliRunner().invoke(
        main,
        ["--data", str(data), "import", "--dry-run", str(table)],
        env={"XIAOHU_VAR": str(tmp_path / "var")},
    )
    first, second, _ = done.stdout.splitlines()
    assert first.startswith("第 2 行：客户问「找真人」会得到「怎么申请退款」")
    assert "新增 1" in second
    assert (done.exit_code, len(read_content(data).faqs)) == (1, 2)


def test_a_table_of_excel_in_china_is_read(data: Path, tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    text = "问题,相似问法,答案,分类\n支付失败怎么办,刷卡没反应,先看网络。,payment\n"
    table.write_bytes(text.encode("gb18030"))
    found = importing.bring_in(data, table, TODAY)
    assert found.changed == ["pay-failed"]
    assert read_content(data).faqs["pay-failed"].keywords == ()


def test_a_table_without_the_columns_is_refused(data: Path, tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text("编号,金额\n甲,乙\n", encoding="utf-8")
    with pytest.raises(BadTable, match="问题、答案"):
        importing.bring_in(data, table, TODAY)
    (tmp_path / "in.xlsx").write_bytes(b"no workbook")
    with pytest.raises(BadTable):
        importing.bring_in(data, tmp_path / "in.xlsx", TODAY)


def test_a_workbook_holds_formulas_as_text(data: Path, tmp_path: Path) -> None:
    write(data, "odd", "=1+1", question="=SUM(A1)")
    table = tmp_path / "all.xlsx"
    exchange.write_table(read_content(data).faqs.values(), {}, table)
    cells = [cell for row in load_workbook(table).active for cell in row]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
