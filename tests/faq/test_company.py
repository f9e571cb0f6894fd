"""A company's own table becomes a content folder that is served as it stands."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from pathlib import Path

import pytest
from openpyxl import Workbook

from dialogue.phrases import Phrases
from faq import brand, company
from faq.errors import BadTable
from faq.exchange import said
from faq.markdown import from_cell
from faq.naming import Namer
from search.content import read_content

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 11, 29)


def made(table: Path, to: Path, **more: object) -> company.Founded:
    return company.found(table, to, ROOT / "data", TODAY, "云筐洗衣", **more)  # type: ignore[arg-type]


def csv(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "问答.csv"
    path.write_text(text, encoding="gb18030")
    return path


def test_an_old_excel_file_with_title_merged_cells_and_several_answers(tmp_path: Path) -> None:
    found = made(Path(__file__).with_name("tables") / "laundry.xls", tmp_path / "laundry")
    content = read_content(tmp_path / "laundry")
    assert content.problems == ()
    assert found.errors == []
    assert [(faq.id, faq.question, faq.answer) for faq in content.faqs.values()] == [
        ("yu-rong-fu-xi-yi-jian-duo-shao", "羽绒服洗一件多少钱", "38"),
        ("duo-jiu-lai-qu-yi-fu", "多久来取衣服？", "下单后两小时内上门取。"),
        ("xi-hao-le-zen-me-song-hui-lai", "洗好了怎么送回来", "师傅送。"),
    ]
    assert [part.title for part in content.categories] == ["取送", "价格"]


def test_every_bad_row_is_told_with_file_row_and_fix_and_the_others_go_in(tmp_path: Path) -> None:
    text = "类目,客户问题,标准答案\n取送,能上门吗,能。\n取送,,周一到周日都来。\n取送,下雨来吗,\n"
    text += "取送,能上门吗,能。\n取送,能上门吗,三公里外加两元。\n"
    found = made(csv(tmp_path, text), tmp_path / "to")
    assert found.written == ["neng-shang-men"]
    assert found.errors == [
        "问答.csv 第 3 行：有答案，没有问题；在「客户问题」列补上问题，或删掉这一行",
        "问答.csv 第 4 行：「下雨来吗」没有答案；在「标准答案」列补上答案，或删掉这一行",
    ]
    assert [note.split("：")[0] for note in found.notes] == [
        "问答.csv 第 5 行",
        "问答.csv 第 6 行",
    ]
    answer = read_content(tmp_path / "to").faqs["neng-shang-men"].answer
    assert answer == "能。\n\n三公里外加两元。"


def test_heads_that_nobody_could_guess_are_said(tmp_path: Path) -> None:
    table = csv(tmp_path, "甲,乙,丙\n下雨,照常来,天气\n停电,改天来,天气\n")
    with pytest.raises(BadTable, match="--column 问题="):
        made(table, tmp_path / "to")
    made(table, tmp_path / "to", said=said(["问题=甲", "答案=B", "分类=丙"]))
    faqs = read_content(tmp_path / "to").faqs
    assert {faq.question: faq.answer for faq in faqs.values()} == {
        "下雨": "照常来",
        "停电": "改天来",
    }
    with pytest.raises(BadTable, match="看到的列名：甲、乙、丙"):
        made(table, tmp_path / "other", said=said(["问题=丁丁", "答案=乙"]))


@pytest.mark.parametrize("head", ["客户问", "大家都在说"])
def test_a_row_of_heads_is_no_faq_although_nobody_knows_what_one_of_them_says(
    tmp_path: Path, head: str
) -> None:
    text = f"花店口径,,,,\n,,,,\n序号,类别,{head},电话话术,在线话术\n"
    text += "1,配送,多久能送到,两小时内。,\n"
    text += "2,,能指定时间送吗,可以。,可以，下单时选「指定时间」。\n3,售后,花蔫了能退吗,,能。\n"
    made(csv(tmp_path, text), tmp_path / "to")
    content = read_content(tmp_path / "to")
    assert {faq.question: faq.answer for faq in content.faqs.values()} == {
        "多久能送到": "两小时内。",
        "能指定时间送吗": "可以，下单时选「指定时间」。",
        "花蔫了能退吗": "能。",
    }
    assert [part.title for part in content.categories] == ["配送", "售后"]


def test_two_thousand_rows_and_a_far_empty_cell_take_seconds(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["问题", "答案"])
    for number in range(2000):
        sheet.append([f"第{number}号衣服怎么洗", f"水洗，{number} 度以下。\n1、翻面\n2、晾干"])
    sheet["XFD1048576"].number_format = "0.00"
    book.save(tmp_path / "many.xlsx")
    begun = time.process_time()
    found = made(tmp_path / "many.xlsx", tmp_path / "to", write=False)
    assert time.process_time() - begun < 30
    assert len(set(found.written)) == 2000


@pytest.mark.parametrize(
    ("cell", "markdown"),
    [
        ("<p>可以。</p><ul><li>羽绒服</li><li>大衣</li></ul>", "可以。\n\n- 羽绒服\n- 大衣"),
        ("<div>先<b>检查</b>口袋<br>再装袋</div>", "先**检查**口袋\n\n再装袋"),
        ("好<script>alert(1)</script>的&nbsp;&amp;谢谢", "好的 &谢谢"),
        ("<p>好<script>alert(1)</script>的&amp;谢谢</p>", "好的&谢谢"),
        ('见<a href="https://example.com/a">说明</a>', "见[说明](https://example.com/a)"),
        ('<a href="javascript:alert(1)">点我</a>', "点我"),
        ("分两步：\n1、翻面；\n2）晾干", "分两步：\n\n1. 翻面；\n2. 晾干"),
        ("①先刷 \r\n②再洗", "请按下面的说明办理：\n\n1. 先刷\n2. 再洗"),
        ("写 {{ name }} 即可", "写 ｛｛ name ｝｝ 即可"),
        ("1.5 元一件", "1.5 元一件"),
    ],
)
def test_a_cell_becomes_markdown(cell: str, markdown: str) -> None:
    assert from_cell(cell) == markdown


def test_ids_are_read_as_the_title_and_never_taken_twice() -> None:
    name = Namer()
    assert name("会员卡可以停卡（冻结）吗？", {}, "faq") == "hui-yuan-ka-ke-yi-ting-ka"
    assert name("WiFi密码", {"wifi-mi-ma": ""}, "faq") == "wifi-mi-ma-2"
    assert name("？？？", {}, "faq") == "faq"


def test_nothing_of_the_pattern_company_stays(tmp_path: Path) -> None:
    made(csv(tmp_path, "问,答\n能上门吗,能。\n"), tmp_path / "to")
    theirs = brand.read_folder(ROOT / "data")
    for path in (tmp_path / "to").rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert theirs.name not in text, path
            assert theirs.short not in text, path
    assert read_content(tmp_path / "to").lexicon.beyond == ()
    flows = {path.stem for path in (ROOT / "data" / "flows").glob("*.yml")}
    phrases = dict(Phrases.read(tmp_path / "to" / "phrases").items())
    assert set(phrases) == {name for name, _ in Phrases.read(ROOT / "data" / "phrases").items()}
    for name, phrase in phrases.items():
        leads = {button["payload"][1:].partition("{")[0] for button in phrase.buttons}
        assert not leads & {*flows, "faq"}, name
    assert [one["title"] for one in phrases["utter_noise"].buttons] == ["转人工"]


def test_a_folder_with_something_in_it_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "note.txt").write_text("我的", encoding="utf-8")
    with pytest.raises(BadTable, match="换一个空的文件夹"):
        made(csv(tmp_path, "问,答\n能上门吗,能。\n"), tmp_path / "to")


def test_the_command_tells_its_columns_and_fails_for_bad_rows(tmp_path: Path) -> None:
    table = csv(tmp_path, "常见问题,在线话术\n能上门吗,能。\n下雨来吗,\n")
    command = [sys.executable, "-W", "ignore", "-m", "faq", "new-company"]
    command += ["--from", str(table), "--to", str(tmp_path / "to")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1
    assert "问题 ← 常见问题，答案 ← 在线话术" in done.stderr
    assert "问答.csv 第 3 行" in done.stderr
    assert "写好了 1 篇问答" in done.stdout
