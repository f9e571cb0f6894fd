"""A field of an FAQ is declared once: read, written, exported, imported, shown and kept."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from faq import exchange, importing
from faq.folder import Folder
from faq.writing import Draft, compose
from search.content import read_content
from search.documents import read_faq
from search.fields import DECLARED
from tests.faq.conftest import ROOT
from tests.faq.test_flows import FLOW
from web.editor import desk
from web.editor.bodies import DraftBody

TODAY = dt.date(2026, 11, 22)
NAME = "faq/payment/pay-failed.md"
WRITTEN = """---
# 由客服组维护
id: pay-failed   # 不要改
category: payment
question: 支付失败怎么办
similar:
  # 口语
  - 付不了款  # 最常见
  - "刷不过"
  - 钱给不出去
x-owner: {name: 小陈, since: 2026-01-02}
keywords: [失败, 'b: c']
valid: {from: 2026-01-01}  # 活动
updated: 2026-11-21
# 完
---

先看交易记录，再重试。
"""
# A value of each kind that is not what a file says without the field.
OTHERS = {
    "text": "换一种说法: yes",
    "line": "还有这个",
    "texts": ("yes", "1", "带 # 的", "a: b", "普通的话"),
    "flag": True,
    "flow": "refund",
    "word": "refund_how",
    "facets": (("cost", "不收费: 一分也不"), ("how_long", "yes")),
    "date": dt.date(2026, 12, 1),
    "body": "第一段。\n\n1. 一步\n2. 两步",
}


def everything() -> Draft:
    said = {
        item.attribute: OTHERS[item.kind]
        for item in DECLARED
        if item.kind not in ("id", "category")
    }
    return Draft(id="pay-failed", category="payment", **said)


def parsed(text: str) -> Draft:
    faq, problems = read_faq(Path(NAME), text, frozenset())
    assert faq is not None, problems
    return Draft.of(faq)


@pytest.mark.parametrize("before", [None, WRITTEN], ids=["new", "over a file"])
def test_every_field_that_is_written_is_read_again(before: str | None) -> None:
    assert parsed(compose(everything(), before)) == everything()


def test_a_save_that_changes_nothing_leaves_every_byte() -> None:
    assert compose(parsed(WRITTEN), WRITTEN) == WRITTEN
    for faq in read_content(ROOT / "data").faqs.values():
        text = faq.path.read_text(encoding="utf-8")
        assert compose(Draft.of(faq), text) == text


def test_a_save_keeps_comments_order_quotes_and_the_fields_of_others() -> None:
    draft = parsed(WRITTEN)
    similar = ("付不了款", "扫码付不上", "刷不过")
    text = compose(replace(draft, similar=similar, urgent=True).dated(TODAY), WRITTEN)
    assert text == WRITTEN.replace("  - 钱给不出去\n", "").replace(
        '  - "刷不过"', '  - 扫码付不上\n  - "刷不过"'
    ).replace("2026-11-21\n# 完", "2026-11-22\n# 完\nurgent: true")


def test_a_file_that_is_bad_is_written_anew() -> None:
    bad = WRITTEN.replace("x-owner", "owner")
    assert "owner" not in compose(parsed(WRITTEN), bad)


def test_the_table_of_all_faqs_holds_every_field_and_gives_it_back(
    data: Path, tmp_path: Path
) -> None:
    related = replace(everything(), related=("refund-how",), object="pay", aspect=None)
    (data / "flows").mkdir()
    (data / "flows" / f"{related.flow}.yml").write_text(FLOW, encoding="utf-8")
    (data / NAME).write_text(compose(related), encoding="utf-8")
    faqs = Folder.read(data).content.faqs
    titles = {part.id: part.title for part in Folder.read(data).content.categories}
    for suffix in (".xlsx", ".csv"):
        table = tmp_path / f"all{suffix}"
        exchange.write_table(faqs.values(), titles, table)
        assert sorted(importing.bring_in(data, table, TODAY).same) == ["pay-failed", "refund-how"]
        (data / NAME).unlink()
        found = importing.bring_in(data, table, TODAY)
        assert found.added == ["pay-failed"], found.errors
        assert Draft.of(Folder.read(data).content.faqs["pay-failed"]) == related


def test_every_field_has_a_name_on_the_page_and_in_the_table() -> None:
    assert all(desk.labels().values())
    assert len(set(exchange.columns().values())) == len(exchange.columns()) == len(DECLARED)


def test_what_the_page_is_given_is_what_it_may_send() -> None:
    sent = desk.fields(everything()) | {"id": "pay-failed", "category": "payment"}
    assert DraftBody(**sent).draft(TODAY) == everything().dated(TODAY)


def test_a_page_that_does_not_know_a_field_deletes_none() -> None:
    sent = DraftBody(id="pay-failed", category="payment", question="新的标题", answer="新的答案。")
    draft = sent.draft(TODAY, everything())
    assert draft == replace(everything(), question="新的标题", answer="新的答案。", updated=TODAY)


ADDED = """
import datetime as dt
from dataclasses import replace
from pathlib import Path

from faq import exchange
from faq.writing import Draft, compose
from search.documents import read_faq
from web.editor import desk
from web.editor.bodies import DraftBody

path = Path("faq/payment/pay-failed.md")
text = Path("written.md").read_text(encoding="utf-8")
faq, problems = read_faq(path, text, frozenset())
assert problems == [], problems
assert faq.invented == "商户", faq
sent = DraftBody(id="pay-failed", category="payment", question="新的标题", similar=["付不了款"],
                 answer="新的答案。")
saved = compose(sent.draft(dt.date(2026, 11, 22), faq), text)
assert "invented: 商户" in saved, saved
assert "invented: 个人" in compose(replace(Draft.of(faq), invented="个人"), text)
assert exchange.columns()["invented"] == "给谁看"
shown = {item["name"]: item["value"] for item in desk.further_fields(faq)}
assert shown["invented"] == "商户"
assert desk.labels()["invented"] == "给谁看"
print("kept")
"""


def test_a_new_field_needs_one_line_and_its_name(tmp_path: Path) -> None:
    for folder in ("search", "safety", "learning", "dialogue", "flows", "faq", "tracing", "web"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    table = tmp_path / "search" / "fields.py"
    line = '    urgent: bool = _said("flag", False)\n'
    text = table.read_text(encoding="utf-8")
    assert line in text
    added = line + '    invented: str | None = _said("line", None)\n'
    table.write_text(text.replace(line, added), encoding="utf-8")
    names = tmp_path / "faq" / "words.yml"
    text = names.read_text(encoding="utf-8")
    text = text.replace("\nfields:\n", "\nfields:\n  invented: 给谁看\n")
    names.write_text(text, encoding="utf-8")
    written = WRITTEN.replace("x-owner", "invented: 商户\nx-owner")
    (tmp_path / "written.md").write_text(written, encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-c", ADDED]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.stdout == "kept\n", done.stderr


def test_a_draft_without_an_answer_ends_as_a_file_does() -> None:
    text = compose(Draft(id="pay-failed", category="payment", question="支付失败怎么办"))
    assert text.endswith("---\n")
    assert not text.endswith("\n\n")
