"""Numbers that a deployment lists can be tapped; amounts and foreign numbers cannot."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from web.dialling import numbers
from web.helpcenter.articles import render

DATA = Path(__file__).parents[2] / "data"
KNOWN = yaml.safe_load((DATA / "variables.yml").read_text(encoding="utf-8"))
SET = {**KNOWN, "hotline": "400-820-0000"}


def called(markdown: str) -> list[str]:
    return re.findall(r'href="tel:([^"]+)"', render(markdown, SET))


def test_the_listed_numbers_are_those_of_the_variables() -> None:
    assert set(numbers(KNOWN)) >= {"110", "120", "96110", "12315", "12356"}
    assert "4008200000" in numbers(SET)


def test_listed_numbers_in_an_answer_can_be_called() -> None:
    text = "马上拨打110，再打{{ antifraud }}；热线 {{ hotline }}，或 400 820 0000。"
    assert called(text) == ["110", "96110", "4008200000", "4008200000"]


def test_what_only_looks_like_a_number_to_call_stays_text() -> None:
    for text in ("打折后付110元", "订单 9611012", "限额 120", "¥12315", "`96110`", "打 95000 试试"):
        assert called(text) == []
    assert called("[拨打 96110](/faq/fraud-report)") == []
