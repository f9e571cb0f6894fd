"""The real content's engine, opened once, and a small content folder to break."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from search import Engine, Settings, open_engine
from tests.thorough import LONG

ROOT = Path(__file__).resolve().parents[2]
# Both environments run these tests, since web and bot both search. What happens to files and on the
# command line is the same in both, and costs more than the rest: web's runs it.
if sys.version_info < (3, 12) and not LONG:
    collect_ignore = ["test_bad_files.py", "test_command.py", "test_killed.py"]


@pytest.fixture(scope="session")
def engine() -> Engine:
    return open_engine(Settings(data=ROOT / "data", index=ROOT / "var" / "index"))


FAQ = """---
id: {id}
question: {question}
similar: {similar}
keywords: {keywords}
related: []
updated: 2026-11-21
---

先看交易记录，再重试。

1. 打开「交易记录」
"""

WriteFaq = Callable[..., Path]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder with the real lexicon's shape and two small FAQs."""
    return lay_out(tmp_path / "data")


def lay_out(data: Path) -> Path:
    """Write that folder."""
    (data / "faq" / "payment").mkdir(parents=True)
    (data / "faq" / "refund").mkdir()
    for name in ("variables.yml", "categories.yml"):
        shutil.copy(ROOT / "data" / name, data / name)
    lexicon = data / "lexicon"
    lexicon.mkdir()
    (lexicon / "words.txt").write_text("转人工 9000\n", encoding="utf-8")
    (lexicon / "synonyms.yml").write_text("groups:\n  - [转账, 打钱]\n", encoding="utf-8")
    (lexicon / "typos.yml").write_text("typos:\n  退宽: 退款\n", encoding="utf-8")
    (lexicon / "readings.yml").write_text("readings:\n  还款: huan kuan\n", encoding="utf-8")
    (lexicon / "human.yml").write_text("phrases: [转人工, 找真人]\n", encoding="utf-8")
    (lexicon / "asides.yml").write_text(
        "wallets: [支付宝, 花呗]\nopeners: [请问, 小狐]\nclosers: [谢谢]\nalone: [请问]\n",
        encoding="utf-8",
    )
    (lexicon / "smalltalk.yml").write_text(
        "topics:\n  - {id: greet, title: 问候, messages: [你好, 您好啊, 早上好]}\n",
        encoding="utf-8",
    )
    (lexicon / "beyond.yml").write_text(
        "topics:\n"
        "  - {id: weather, title: 天气, messages: [明天下雨吗, 今天多少度, 要带伞吗]}\n"
        "  - {id: loan, title: 借款, messages: [怎么借钱, 贷款利息多少, 额度怎么提高]}\n",
        encoding="utf-8",
    )
    write_faq(
        data, "payment/pay-failed", "支付失败怎么办", ["付不了款", "付钱老是不成功", "刷不过"]
    )
    write_faq(data, "refund/refund-how", "怎么申请退款", ["我要退钱", "钱怎么退回来", "退款入口"])
    return data


def write_faq(
    data: Path, name: str, question: str, similar: list[str], keywords: tuple[str, ...] = ()
) -> Path:
    path = data / "faq" / f"{name}.md"
    text = FAQ.format(id=path.stem, question=question, similar=similar, keywords=list(keywords))
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def settings(content: Path, tmp_path: Path) -> Settings:
    return Settings(data=content, index=tmp_path / "index")
