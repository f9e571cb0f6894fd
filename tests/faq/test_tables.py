"""Tables as people have them: any encoding, separator and heads, merged and far empty cells."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from openpyxl import Workbook

from faq.exchange import read_table

ROWS = "分类,问,回复\n会员卡,能退卡吗？,开卡七天内全额退。\n,卡能转吗,可以转。\n"
FOUND = [("会员卡", "能退卡吗？", "开卡七天内全额退。"), ("会员卡", "卡能转吗", "可以转。")]


def found(path: Path) -> list[tuple[str, str, str]]:
    rows = read_table(path).rows()
    return [(row.get("category", ""), row["question"], row["answer"]) for _, row in rows]


@pytest.mark.parametrize("separator", [",", "\t", ";", "；"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_text_in_any_encoding_and_with_any_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(ROWS.replace(",", separator).encode(encoding))
    assert found(path) == FOUND


def test_a_workbook_with_titles_merged_and_far_empty_cells_on_its_second_sheet(
    tmp_path: Path,
) -> None:
    book = Workbook()
    book.active.title = "说明"
    sheet = book.create_sheet("口径")
    sheet.append(["轻燕常见问题汇总（内部使用）"])
    sheet.merge_cells("A1:E1")
    sheet.append(["业务", "常见问题", "电话话术", "在线话术", "更新人"])
    sheet.append(["会员卡", "能退卡吗？", "您好，能退。", "开卡七天内全额退。", "小何"])
    sheet.append([None, "卡能转吗", "可以转。", "同左", None])
    sheet.append([])
    sheet.append(["以上共两条，有变动找小何改"])
    sheet.merge_cells("A3:A4")
    sheet["XFD1048576"].number_format = "0.00"
    path = tmp_path / "table.xlsx"
    book.save(path)
    begun = time.process_time()
    assert found(path) == FOUND
    assert time.process_time() - begun < 10


def test_without_heads_the_columns_are_told_by_what_is_in_them(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(ROWS.split("\n", 1)[1], encoding="utf-8")
    assert [row[1:] for row in found(path)] == [row[1:] for row in FOUND]
    assert read_table(path).guessed
