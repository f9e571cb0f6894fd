"""A new company's help center from a messy table, on the page."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

from openpyxl import Workbook
from playwright.sync_api import expect

from faq.company import found
from search.content import read_content

ROOT = Path(__file__).resolve().parents[2]


def table(path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    for row in (
        ["云筐洗衣客服口径（内部）"],
        [],
        ["归口", "客户怎么说的", "统一口径", "备注"],
        ["取送", "羽绒服洗一件多少钱", "<p>三十八元，<b>十件</b>起九折。</p>", ""],
        [None, "羽绒服洗坏了怎么赔", "按洗费的十倍赔。", "法务看过"],
        ["会员", "会员卡能停吗？", "不能停，可以转给家人。", ""],
        ["会员", "", "没有问题的一行", ""],
    ):
        sheet.append(row)
    sheet.column_dimensions["A"].width = 30
    book.save(path)
    return path


def test_a_messy_table_becomes_a_folder_that_is_served(office, enter, tmp_path: Path) -> None:
    page = enter("chen", accept_downloads=True)
    page.get_by_role("link", name="问答", exact=True).click()
    page.get_by_role("link", name="给另一家公司建").click()
    page.locator("#table").set_input_files(table(tmp_path / "口径表.xlsx"))
    expect(page.locator("#rows tr")).to_have_count(3)
    expect(page.locator("#guessed")).to_contain_text("猜的")
    expect(page.locator("#column-question")).to_have_value("B")
    expect(page.locator("#column-answer")).to_have_value("C")
    page.locator("#column-category").select_option("A")
    expect(page.locator("#counted")).to_contain_text("3 篇问答，2 个分类：取送、会员")
    expect(page.locator("#wrong")).to_contain_text("第 7 行")
    expect(page.locator("#rows")).to_contain_text("yu-rong-fu-xi-yi-jian-duo-shao")
    ask = page.get_by_label("羽绒服洗一件多少钱")
    expect(page.locator("#asks")).to_contain_text("羽绒服洗坏了怎么赔")
    ask.fill("洗个羽绒什么价\n羽绒的收费")
    page.locator("#make").click()
    expect(page.locator("#made")).to_contain_text("先写公司的名字")
    page.locator("#name").fill("云筐洗衣")
    with page.expect_download() as download:
        page.locator("#make").click()
    assert download.value.suggested_filename == "云筐洗衣.zip"
    with zipfile.ZipFile(download.value.path()) as file:
        file.extractall(tmp_path / "made")
    data = tmp_path / "made" / "云筐洗衣"
    content = read_content(data)
    assert content.problems == ()
    faq = next(faq for faq in content.faqs.values() if faq.question == "羽绒服洗一件多少钱")
    assert faq.similar == ("洗个羽绒什么价", "羽绒的收费")
    assert faq.answer == "三十八元，**十件**起九折。"
    assert "云筐洗衣" in (data / "brand.yml").read_text(encoding="utf-8")
    assert "小狐" not in (data / "fallback.yml").read_text(encoding="utf-8")
    with page.expect_download() as download:
        page.locator("#take-table").click()
    assert download.value.suggested_filename == "云筐洗衣.xlsx"
    download.value.save_as(tmp_path / "again.xlsx")
    again = found(tmp_path / "again.xlsx", tmp_path / "again", ROOT / "data", dt.date(2026, 11, 30))
    assert again.errors == []
    taken = {draft.question: draft for draft in again.drafts}
    assert taken["羽绒服洗一件多少钱"].similar == ("洗个羽绒什么价", "羽绒的收费")
    assert taken["羽绒服洗一件多少钱"].answer == "三十八元，**十件**起九折。"
    assert list(again.categories.values()) == ["取送", "会员"]
    assert page.errors == []


def test_what_is_no_table_is_told_and_nobody_else_may_send_one(office, tmp_path: Path) -> None:
    client = office.sign_in("chen")
    bad = client.post("/editor/api/company/preview", files={"table": ("../x.xlsx", b"PK\x03\x04")})
    assert bad.status_code == 422
    assert "/tmp" not in bad.text
    assert client.post("/editor/api/company/preview", data={"said": "{}"}).status_code == 422
    wrong = {"said": '{"columns": {"nothing": "A"}}'}
    files = {"table": ("a.csv", "问题,答案\n甲,乙\n".encode())}
    sent = client.post("/editor/api/company/make", data=wrong, files=files)
    assert sent.status_code == 422
    stranger = office.post("/editor/api/company/preview", files=files)
    assert stranger.status_code in (400, 401)
