"""Every way through a flow is looked at, and a draft is told as a customer would read it."""

from __future__ import annotations

from pathlib import Path

from flows import talk, walking
from flows.reading import read_flow, read_steps
from tests.product import ROOT

DATA = ROOT / "data"
SHARED = read_steps(DATA / "steps.yml", (DATA / "steps.yml").read_bytes())
HEAD = "name: 风筝\nfaq: refund-how\nsteps:\n"


def flow(steps: str):
    return read_flow(Path("kite.yml"), (HEAD + steps).encode(), SHARED)


def shipped(name: str):
    path = DATA / "flows" / f"{name}.yml"
    return read_flow(path, path.read_bytes(), SHARED)


def test_the_shipped_flows_have_no_way_that_goes_wrong() -> None:
    for path in sorted((DATA / "flows").glob("*.yml")):
        found = walking.ways(shipped(path.stem))
        assert (found.never, found.stuck, found.rounds) == ((), (), ()), path
        assert found.whole
        assert found.shortest >= 1


def test_how_long_the_ways_are_and_how_they_end() -> None:
    found = walking.ways(shipped("pay_failed"))
    assert (found.shortest, found.longest) == (1, 10)
    assert found.ends.keys() == {"solved", "later", "human/unsolved"}
    assert found.ends["later"] == ("pay_notice", "later")


def test_a_step_that_no_way_asks_is_found() -> None:
    found = walking.ways(
        flow(
            "  - collect: kite_a\n    utter: 断了吗？\n    buttons:\n"
            "      - {title: 断了, value: broken, action: human}\n"
            "      - {title: 好了, value: solved}\n"
            "  - collect: kite_b\n    utter: 线多长？\n    expects: free\n"
            "    buttons: [{title: 跳过, value: skip}]\n  - action: human\n"
        )
    )
    assert [step.slot for step in found.never] == ["kite_b"]


def test_an_answer_that_asks_the_same_again_is_found() -> None:
    found = walking.ways(
        flow(
            "  - collect: kite_a\n    utter: 断了吗？\n    buttons:\n"
            "      - {title: 不知道, value: unknown, next: kite_a}\n"
            "      - {title: 好了, value: solved}\n  - action: human\n"
        )
    )
    assert [(step.slot, value) for step, value in found.rounds] == [("kite_a", "unknown")]
    assert found.stuck == ()


def said(found: talk.Talk) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in found.told]


def test_a_draft_is_told_by_buttons_and_by_typed_words() -> None:
    found = talk.tell(
        shipped("pay_failed"),
        "pay-failed",
        [{"value": "done"}, {"text": "钱不够了"}],
        str.lower,
        announced=False,
    )
    assert said(found)[0] == ("faq", "pay-failed")
    assert ("mine", "网络没问题，还是不行") in said(found)
    assert said(found)[-2] == ("faq", "pay-failed-balance")
    assert found.asking is not None
    assert found.asking.slot == "pay_retry"
    assert ("tried", "检查网络") in found.card


def test_without_a_notice_its_step_is_told_and_not_asked() -> None:
    answers = [{"value": value} for value in ("done", "done", "done")]
    quiet = talk.tell(shipped("pay_failed"), "pay-failed", answers, str.lower, announced=False)
    assert ("said", "官方公告我替您查了：现在没有维护或故障的公告。") in said(quiet)
    assert quiet.asking is not None
    assert quiet.asking.slot == "pay_account"
    told = talk.tell(shipped("pay_failed"), "pay-failed", answers, str.lower, announced=True)
    assert told.asking is not None
    assert told.asking.slot == "pay_notice"


def test_an_faq_that_says_an_answer_begins_further_on() -> None:
    found = talk.tell(shipped("pay_failed"), "pay-failed-balance", [], str.lower, announced=False)
    assert found.asking is not None
    assert found.asking.slot == "pay_retry"


def test_what_the_flow_does_not_list_is_asked_again() -> None:
    found = talk.tell(
        shipped("refund"), "refund-how", [{"value": "skip"}, {"text": "蓝色"}], str, announced=False
    )
    assert said(found)[-2][0] == "missed"
    assert found.asking is not None
    assert found.asking.slot == "refund_reason"


def test_answers_that_no_longer_fit_are_dropped() -> None:
    found = talk.tell(
        shipped("refund"),
        "refund-how",
        [{"value": "skip"}, {"value": "gone"}],
        str,
        announced=False,
    )
    assert found.taken == 1
