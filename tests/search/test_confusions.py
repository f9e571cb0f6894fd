"""Every way of asking judged as if it had never been listed."""

from __future__ import annotations

from search import Settings, open_engine
from search.confusions import judge_unseen
from tests.search.conftest import write_faq

RENT = ["房租怎么交", "交房租在哪里点", "房租从哪里付", "想交这个月的房租", "房租可以在这里交吗"]


def test_a_question_in_the_wrong_file_is_named_with_the_faq_that_takes_it(
    settings: Settings,
) -> None:
    write_faq(settings.data, "payment/rent", "怎么交房租", RENT[:4])
    write_faq(settings.data, "payment/lost", "手机丢了怎么办", ["手机掉了", "手机被偷", RENT[4]])
    engine = open_engine(settings)
    found = {one.text: one for one in judge_unseen(engine.generation)}
    assert (found[RENT[4]].faq, found[RENT[4]].taker) == ("lost", "rent")
    assert found[RENT[0]].taker == "rent"
    assert all(0 <= one.share <= 1 for one in found.values())


def test_every_row_of_an_faq_is_judged_once(settings: Settings) -> None:
    engine = open_engine(settings)
    told: list[tuple[int, int]] = []
    found = list(judge_unseen(engine.generation, lambda done, total: told.append((done, total))))
    listed = [row.text for row in engine.generation.rows if row.kind == "faq"]
    assert sorted(one.text for one in found) == sorted(listed)
    assert [done for done, _ in told] == list(range(told[0][1]))
