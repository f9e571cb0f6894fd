"""200 broken files: every one refused with file and line, everything else live, nothing lost."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from search import Engine, Settings, open_engine
from search.documents import read_faq
from tests.faq.conftest import write

VARIABLES = frozenset({"hotline"})
TIMES = itertools.count(1_700_000_000, 10)
GOOD = """---
id: pay-failed
question: 支付失败怎么办
similar:
  - 付不了款
  - 刷不过
related: [refund-how]
updated: 2026-11-21
valid: {from: 2026-01-01, until: 2030-01-01}
---

先看交易记录，再重试。请拨打 {{ hotline }}。

1. 打开「交易记录」
"""
# What people do to files: by hand.
BY_HAND = [
    "",
    " ",
    "---",
    "---\n",
    "---\n---\n",
    "---\n---\n\n答。",
    "\x00",
    "id: pay-failed",
    "[]",
    "---\n[]\n---\n答。",
    "---\nid\n---\n答。",
    "---\n1\n---\n答。",
    "---\n: :\n---\n答。",
    "---\n- a\n---\n答。",
    "---\n&a *a\n---\n答。",
    *(
        GOOD.replace(old, new)
        for old, new in [
            ("---\nid", "id"),
            ("---\n\n先", "\n先"),
            ("---\n\n先", "--\n\n先"),
            ("id: pay-failed", "id: Pay"),
            ("id: pay-failed", "id:"),
            ("id: pay-failed", "id: [a]"),
            ("id: pay-failed", "id: other"),
            ("id: pay-failed", "id: 1"),
            ("id: pay-failed\n", ""),
            ("id: pay-failed", "id: pay-failed\nid: pay-failed"),
            ("id: pay-failed", "id: 'pay-failed"),
            ("question: 支付失败怎么办", "question:"),
            ("question: 支付失败怎么办", "question: [a]"),
            ("question: 支付失败怎么办\n", ""),
            ("question: 支付失败怎么办", "question: 2026"),
            ("question: 支付失败怎么办", "question: yes"),
            ("question: 支付失败怎么办", 'question: "支付'),
            ("question: 支付失败怎么办", "question: 支付: 失败"),
            ("question: 支付失败怎么办", "question: @支付"),
            ("question: 支付失败怎么办", "question: {a: b}"),
            ("question:", "object: 提现\nquestion:"),
            ("question:", "aspect: '2'\nquestion:"),
            ("question:", "facets: [time]\nquestion:"),
            ("question:", "facets: {多久: 看页面}\nquestion:"),
            ("question:", "facets: {time: }\nquestion:"),
            ("similar:\n", "similar: 付不了款\n"),
            ("  - 付不了款", "  付不了款"),
            ("  - 付不了款", "\t- 付不了款"),
            ("  - 刷不过", "  - 付不了款"),
            ("  - 刷不过", "  - 支付失败怎么办"),
            ("  - 刷不过", "  - 12345"),
            ("  - 刷不过", "  - {a: b}"),
            ("  - 刷不过", "  -"),
            ("  - 刷不过", "  - [a]"),
            ("  - 刷不过", "  - ''"),
            ("  - 刷不过", "  - *刷"),
            ("  - 刷不过", "  - !!python/object:os.x {}"),
            ("related: [refund-how]", "related: [refund-how"),
            ("related: [refund-how]", "related: refund-how"),
            ("related: [refund-how]", "related: [pay-failed]"),
            ("related: [refund-how]", "related: [1]"),
            ("related: [refund-how]", "relatd: []"),
            ("related: [refund-how]", "related: {a: b}"),
            ("updated: 2026-11-21", "updated: yesterday"),
            ("updated: 2026-11-21", "updated: 2026-13-40"),
            ("updated: 2026-11-21", "updated:"),
            ("updated: 2026-11-21", "updated: '2026-11-21'"),
            ("updated: 2026-11-21", "updated: 20261121"),
            ("updated: 2026-11-21\n", ""),
            ("updated: 2026-11-21", "updated: 2026-11-21 10:00:00"),
            ("updated: 2026-11-21", "updated: 2026-11-21\nflow: nothing"),
            ("updated: 2026-11-21", "updated: 2026-11-21\nflow: [refund]"),
            ("updated: 2026-11-21", "updated: 2026-11-21\nurgent: maybe"),
            ("updated: 2026-11-21", "updated: 2026-11-21\nurgent: 1"),
            ("updated: 2026-11-21", "updated: 2026-11-21\ncategory: refund"),
            ("updated: 2026-11-21", "updated: 2026-11-21\n作者: 小陈"),
            ("updated: 2026-11-21", "updated: 2026-11-21\nkeywords: 失败"),
            ("updated: 2026-11-21", "updated: 2026-11-21\nkeywords: [1]"),
            ("{from: 2026-01-01, until: 2030-01-01}", "{from: 2030-01-01, until: 2026-01-01}"),
            ("{from: 2026-01-01, until: 2030-01-01}", "always"),
            ("{from: 2026-01-01, until: 2030-01-01}", "{from: soon}"),
            ("{from: 2026-01-01, until: 2030-01-01}", "[2026-01-01]"),
            ("{{ hotline }}", "{{ phone }}"),
            ("先看交易记录", "# 先看"),
            ("先看交易记录", "- 先看"),
            ("先看交易记录", "1. 先看"),
            ("先看交易记录", "![图](a.png)"),
            ("先看交易记录，再重试。请拨打 {{ hotline }}。\n\n1. 打开「交易记录」\n", ""),
        ]
    ),
]
COUNT = 200 - len(BY_HAND)


class Kitchen:
    """One engine whose one file is broken again and again."""

    def __init__(self, data: Path, index: Path) -> None:
        self.path = write(data, "pay-failed")
        self.save(GOOD.encode())
        self.engine: Engine = open_engine(Settings(data, index))
        self.other = data / "faq" / "refund" / "refund-how.md"
        self.sent = 0

    def save(self, raw: bytes, path: Path | None = None) -> None:
        target = path or self.path
        target.write_bytes(raw)
        # Long enough ago to be settled, and never the same moment twice.
        moment = next(TIMES)
        os.utime(target, (moment, moment))

    def refuses(self, raw: bytes) -> None:
        """Save a broken file together with a good change of another, and look at both."""
        self.sent += 1
        text = self.other.read_text(encoding="utf-8").rsplit("\n第", 1)[0].rstrip("\n")
        self.save(f"{text}\n\n第{self.sent}版。\n".encode(), self.other)
        self.save(raw)
        assert self.engine.refresh()
        found = [problem for problem in self.engine.problems if problem.path == self.path]
        assert found, raw
        lines = raw.count(b"\n") + raw.count(b"\r") + 2
        for problem in found:
            assert 1 <= problem.line <= lines
            assert problem.reason
            assert problem.fix
        assert self.engine.faq("pay-failed").answer.startswith("先看交易记录")
        assert self.engine.rank("付不了款").hits[0].id == "pay-failed"
        assert self.engine.faq("refund-how").answer.endswith(f"第{self.sent}版。")


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Kitchen:
    from tests.faq.conftest import build

    folder = tmp_path_factory.mktemp("broken")
    return Kitchen(build(folder), folder / "index")


@pytest.mark.parametrize("text", BY_HAND, ids=range(len(BY_HAND)))
def test_what_people_do_is_refused(kitchen: Kitchen, text: str) -> None:
    kitchen.refuses(text.encode())


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Cut, double, swap or overwrite a piece of the good file, as bytes."""
    raw = GOOD.encode()
    start = draw(st.integers(0, len(raw)))
    end = draw(st.integers(start, min(len(raw), start + 80)))
    piece = draw(
        st.one_of(
            st.just(b""),
            st.binary(max_size=6),
            st.text("-:[]{}#&*!|>'\"%@` \n\t", max_size=6).map(str.encode),
            st.just(raw[start:end] * 2),
        )
    )
    return raw[:start] + piece + raw[end:]


@settings(
    max_examples=COUNT,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.filter_too_much,
        HealthCheck.too_slow,
    ],
)
@given(raw=damaged())
@example(raw=b"\xff\xfe\x00")
def test_what_chance_does_is_refused(kitchen: Kitchen, raw: bytes) -> None:
    try:
        faq, _ = read_faq(kitchen.path, raw.decode("utf-8"), VARIABLES)
    except UnicodeDecodeError:
        faq = None
    assume(faq is None)
    kitchen.refuses(raw)


def test_fixed_it_is_live_again(kitchen: Kitchen) -> None:
    kitchen.save(GOOD.replace("先看交易记录", "请看交易记录").encode())
    kitchen.engine.refresh()
    assert kitchen.engine.problems == ()
    assert kitchen.engine.faq("pay-failed").answer.startswith("请看交易记录")
