"""`faq confusions`: who takes whose questions, in the editors' words."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from faq import confusing
from faq.__main__ import main
from search.confusions import Unseen

JUDGED = [
    Unseen("怎么退款", "refund-how", "refund-how", 0.99),
    Unseen("退款在哪点", "refund-how", "refund-how", 0.7),
    Unseen("付款失败退不退", "refund-how", "pay-failed", 0.95),
    Unseen("付不了", "pay-failed", "pay-failed", 0.9),
    Unseen("付款后想退", "pay-failed", "refund-how", 0.5),
    Unseen("付了想退", "pay-failed", "refund-how", 0.6),
]


def test_the_faq_that_loses_most_comes_first_with_its_takers() -> None:
    first, second = confusing.standings(JUDGED)
    assert (first.faq, first.right, first.total) == ("pay-failed", 1, 3)
    assert first.takers == (("refund-how", 2),)
    assert (second.faq, second.right, second.total) == ("refund-how", 2, 3)


def test_only_what_another_takes_surely_is_named() -> None:
    assert [one.text for one in confusing.taken(JUDGED)] == ["付款失败退不退"]


def test_the_command_tells_it_in_words_and_as_json(data: Path, tmp_path: Path) -> None:
    arguments = ["--data", str(data), "confusions"]
    run = CliRunner(env={"XIAOHU_VAR": str(tmp_path)})
    shown = run.invoke(main, arguments)
    assert shown.exit_code == 0, shown.output
    assert "支付失败怎么办" in shown.output
    told = run.invoke(main, [*arguments, "--json"])
    found = json.loads(told.stdout)
    assert {part["faq"] for part in found["faqs"]} >= {"pay-failed", "refund-how"}
