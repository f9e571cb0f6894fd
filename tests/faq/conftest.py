"""A small content folder that editors break and fix."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = """---
id: {id}
question: {question}
similar:
{similar}
related: [{related}]
updated: 2026-11-21
---

{answer}
"""
ASKED = {
    "pay-failed": (
        "支付失败怎么办",
        [
            "付不了款",
            "付钱老是不成功",
            "刷不过",
            "买单没成功",
            "扫码付不上",
            "交易被拒绝",
            "结账报错了",
            "钱给不出去",
        ],
    ),
    "refund-how": (
        "怎么申请退款",
        [
            "我要退钱",
            "钱怎么退回来",
            "退款入口在哪",
            "买错了想退",
            "东西坏了要退费",
            "退单流程",
            "取消订单拿回钱",
            "哪里提交退货款",
        ],
    ),
}


def write(
    data: Path, faq_id: str, answer: str = "先看交易记录，再重试。", **changes: object
) -> Path:
    question, similar = ASKED.get(faq_id, (f"{faq_id} 是什么", []))
    question = str(changes.get("question", question))
    asked = list(changes.get("similar", similar))
    folder = str(changes.get("folder", "refund" if faq_id.startswith("refund") else "payment"))
    related = "pay-failed" if faq_id != "pay-failed" else "refund-how"
    path = data / "faq" / folder / f"{faq_id}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "\n".join(f"  - {text}" for text in asked)
    path.write_text(
        GOOD.format(id=faq_id, question=question, similar=lines, related=related, answer=answer),
        encoding="utf-8",
    )
    return path


def build(folder: Path) -> Path:
    data = folder / "data"
    lexicon = data / "lexicon"
    lexicon.mkdir(parents=True)
    for name in ("variables.yml", "categories.yml", "lexicon/forbidden_asks.yml"):
        shutil.copy(ROOT / "data" / name, data / name)
    (lexicon / "words.txt").write_text("转人工 9000\n", encoding="utf-8")
    (lexicon / "synonyms.yml").write_text("groups:\n  - [转账, 打钱]\n", encoding="utf-8")
    (lexicon / "typos.yml").write_text("typos:\n  退宽: 退款\n", encoding="utf-8")
    (lexicon / "readings.yml").write_text("readings: {}\n", encoding="utf-8")
    (lexicon / "human.yml").write_text("phrases: [转人工, 找真人]\n", encoding="utf-8")
    (lexicon / "asides.yml").write_text(
        "wallets: [支付宝, 花呗]\nopeners: [请问, 小狐]\nclosers: [谢谢]\nalone: [请问]\n",
        encoding="utf-8",
    )
    for name, text in (
        ("smalltalk", "{id: greet, title: 问候, messages: [你好, 您好啊, 早上好]}"),
        ("beyond", "{id: weather, title: 天气, messages: [明天下雨吗, 今天多少度, 要带伞吗]}"),
    ):
        (lexicon / f"{name}.yml").write_text(f"topics:\n  - {text}\n", encoding="utf-8")
    write(data, "pay-failed")
    write(data, "refund-how")
    return data


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return build(tmp_path)
