"""A flow's form and its file: what was not touched stays, what was typed comes back."""

from __future__ import annotations

import pytest

from faq import flowforms
from faq.errors import Refused
from flows.reading import read_flow, read_steps
from tests.faq.conftest import ROOT

DATA = ROOT / "data"
FLOWS = sorted(path.stem for path in (DATA / "flows").glob("*.yml"))
SHARED = read_steps(DATA / "steps.yml", (DATA / "steps.yml").read_bytes())


def text_of(name: str) -> str:
    return (DATA / "flows" / f"{name}.yml").read_text(encoding="utf-8")


def read(name: str, text: str):
    return read_flow(DATA / "flows" / f"{name}.yml", text.encode(), SHARED)


@pytest.mark.parametrize("name", FLOWS)
def test_a_form_that_nobody_touched_leaves_the_flow_as_it_was(name: str) -> None:
    text = text_of(name)
    again = flowforms.apply(text, flowforms.form_of(text))
    before, after = read(name, text), read(name, again)
    assert [vars(step) | {"line": 0} for step in map(plain, before.steps)] == [
        vars(step) | {"line": 0} for step in map(plain, after.steps)
    ]
    assert (before.faq, before.finish, before.causes.keys()) == (
        after.faq,
        after.finish,
        after.causes.keys(),
    )
    assert again.splitlines()[0] == text.splitlines()[0]  # the comment above


def plain(step):
    """A step whose parts compare by what they say."""

    class Plain:
        pass

    found = Plain()
    found.__dict__ = {
        key: {value: vars(choice) for value, choice in said.items()}
        if key == "choices"
        else [vars(one) for one in said]
        if key == "buttons"
        else said
        for key, said in vars(step).items()
    }
    return found


def test_words_buttons_links_and_steps_are_changed_and_the_rest_stays() -> None:
    text = text_of("refund")
    form = flowforms.form_of(text)
    form["steps"][1]["utter"] = "为什么想退：哪一种？"
    form["steps"][1]["buttons"][0] |= {"title": "东西坏了", "then": "action:human"}
    form["steps"][1]["buttons"][1] |= {"then": "link:fraud", "examples": ["付错、点错", "按错"]}
    moved = form["steps"].pop(2)
    form["steps"].insert(1, moved)
    button = form["steps"][1]["buttons"][0] | {
        "at": None,
        "value": "a1",
        "title": "忘了",
        "then": "",
    }
    form["steps"][1]["buttons"].append(button)
    flow = read("refund", flowforms.apply(text, form))
    assert [step.slot for step in flow.steps] == [
        "refund_order", "refund_merchant", "refund_reason", "refund_solved",
    ]  # fmt: skip
    reason = flow.steps[2]
    assert reason.utter == "为什么想退：哪一种？"
    assert reason.choices["quality"].titles == ("东西坏了",)
    assert reason.choices["quality"].end == "human/unsolved"
    assert "破损" in reason.choices["quality"].examples
    assert reason.choices["mistake"].end == "switch/fraud"
    assert reason.choices["mistake"].examples == ("付错", "点错", "按错")
    assert reason.card == {"problem": "退款原因：{value}"}
    assert flow.steps[1].choices["a1"].titles == ("忘了",)


def test_a_yes_and_a_no_keep_their_quotes() -> None:
    text = text_of("refund")
    form = flowforms.form_of(text)
    form["steps"][3]["buttons"][1]["title"] = "no"
    again = flowforms.apply(text, form)
    assert read("refund", again).steps[3].choices["no"].titles == ("no",)


def test_a_new_flow_can_be_read_at_once() -> None:
    text = flowforms.new("parcel_lost", "包裹：丢了", "refund-how", "解决了吗？", "好了", "没有")
    flow = read_flow(DATA / "flows" / "parcel_lost.yml", text.encode(), SHARED)
    assert (flow.title, flow.finish) == ("包裹：丢了", "human/unsolved")
    assert flow.steps[0].choices["no"].end == "human/unsolved"


@pytest.mark.parametrize("text", ["", "- a\n", "name: x\n", "name: [\n", "steps: [1]\n"])
def test_what_is_no_flow_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        flowforms.form_of(text)


def test_what_is_noted_known_and_said_already_is_written_as_fields() -> None:
    text = text_of("refund")
    form = flowforms.form_of(text)
    order, reason, merchant = form["steps"][:3]
    assert order["known_by"] == [["order_number"], ["time", "amount"]]
    assert (merchant["tried"], form["causes"][0]["value"]) == ("申请退款", "refused")
    order["card"] = {"order_number": "{value}"}
    order["known_by"] = [["order_number"], ["amount", "time", ""], []]
    order["told_by"] = ["refund-status", " "]
    reason |= {"tried": "说明原因", "notices": True}
    reason["buttons"][0]["result"] = "done"
    merchant["tried"] = ""
    merchant["buttons"][0]["result"] = ""
    form["responses"] = {"no_notice": "现在没有公告。"}
    form["causes"] += [
        {"faq": faq, "step": "refund_merchant", "value": "agreed", "next": "refund_solved"}
        for faq in ("refund-time", "")
    ]
    again = flowforms.apply(text, form)
    flow = read("refund", again)
    asked, why, how = flow.steps[:3]
    assert asked.card == {"order_number": "{value}"}
    assert asked.known_by == (("order_number",), ("amount", "time"))
    assert asked.told_by == ("refund-status",)
    assert (why.tried, why.title, why.before) == ("refund_reason", "说明原因", "announcements")
    assert (how.tried, how.card) == (None, {"problem": "申请进度：{value}"})
    assert flow.responses == {"no_notice": "现在没有公告。"}
    cause = flow.causes["refund-time"]
    assert (cause.slot, cause.value, cause.next) == ("refund_merchant", "agreed", "refund_solved")
    assert "refund-merchant-refused" in flow.causes


def test_what_is_taken_off_goes_and_what_an_older_page_does_not_send_stays() -> None:
    text = text_of("pay_failed")
    form = flowforms.form_of(text)
    for step in form["steps"]:
        for key in ("card", "tried", "known_by", "told_by", "notices"):
            step.pop(key)
    form.pop("causes")
    assert vars(plain(read("pay_failed", flowforms.apply(text, form)).steps[0])) == vars(
        plain(read("pay_failed", text).steps[0])
    )
    form = flowforms.form_of(text) | {"causes": [], "responses": {}}
    for step in form["steps"]:
        step |= {"card": {}, "tried": "", "known_by": [], "told_by": [], "notices": False}
        for button in step["buttons"]:
            button["result"] = ""
    flow = read("pay_failed", flowforms.apply(text, form))
    assert not flow.causes
    assert not flow.responses
    own = [step for step in flow.steps if step.slot not in SHARED]
    assert not any(step.card or step.tried or step.known_by or step.before for step in own)
