"""Content goes out to tables and comes in from them, nothing lost and every fault told."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from faq import exchange, importing
from faq.__main__ import main
from faq.errors import BadTable
from faq.writing import Draft, compose
from search.content import read_content
from tests.faq.conftest import ROOT, write

TODAY = dt.date(2026, 11, 22)


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
