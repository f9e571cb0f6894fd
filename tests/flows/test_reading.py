"""A flow's file: what it says is read, what is wrong is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.reading import read_flow, read_steps
from search.errors import BadContent

PATH = Path("parcel.yml")
GOOD = """\
name: 包裹
desk: 包裹丢了
faq: parcel-lost
causes:
  parcel-broken: {parcel_state: broken}
steps:
  - collect: parcel_state
    utter: 包裹怎么了？
    still: lost
    card:
      problem: "包裹：{value}"
      tried: {name: parcel, title: 找包裹}
    buttons:
      - {title: 找到了, value: solved}
      - {title: 丢了, value: lost, answer: parcel-lost, next: parcel_again, examples: [没收到]}
      - {title: 坏了, value: broken, action: human_urgent}
      - {title: 被骗了, value: cheated, link: fraud}
  - collect: parcel_again
    optional: true
    utter: 现在呢？
    buttons:
      - {title: 找到了, value: solved}
      - {title: 没有, value: "no"}
  - collect: time
    closing: true
  - action: human
"""
STEPS = """\
time:
  utter: 什么时候？
  expects: time
  card: {time: "{value}"}
  buttons: [{title: 跳过, value: skip}]
"""
SHARED = read_steps(Path("steps.yml"), STEPS.encode())


def problems(text: str) -> list[str]:
    try:
        read_flow(PATH, text.encode(), SHARED)
    except BadContent as error:
        return [f"{problem.line}: {problem.reason}" for problem in error.problems]
    return []


def test_a_file_says_all_that_a_flow_is() -> None:
    flow = read_flow(PATH, GOOD.encode(), SHARED)
    assert (flow.name, flow.title, flow.desk, flow.faq) == (
        "parcel", "包裹", "包裹丢了", "parcel-lost",
    )  # fmt: skip
    assert flow.finish == "human/unsolved"
    assert flow.links == {"fraud"}
    assert flow.faqs == {"parcel-lost", "parcel-broken"}
    state, again, time = flow.steps
    assert [button.payload for button in state.buttons][1] == (
        '/reply{"slot": "parcel_state", "value": "lost"}'
    )
    lost = state.choice("lost")
    assert (lost.answer, lost.next, lost.examples) == ("parcel-lost", "parcel_again", ("没收到",))
    assert state.choice("broken").end == "human/urgent"
    assert state.choice("cheated").end == "switch/fraud"
    assert (state.tried, state.title) == ("parcel", "找包裹")
    assert state.card == {"problem": "包裹：{value}"}
    assert again.optional
    assert (time.utter, time.expects, time.closing, time.free) == (
        "什么时候？",
        "time",
        True,
        False,
    )


def test_a_version_changes_with_the_file_and_with_the_shared_steps() -> None:
    one = read_flow(PATH, GOOD.encode(), SHARED, STEPS.encode())
    assert one.version == read_flow(PATH, GOOD.encode(), SHARED, STEPS.encode()).version
    other = GOOD.replace("包裹怎么了？", "包裹出了什么事？")
    assert one.version != read_flow(PATH, other.encode(), SHARED, STEPS.encode()).version
    assert one.version != read_flow(PATH, GOOD.encode(), SHARED, b"time: ...").version


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("desk: 包裹丢了", "desks: 包裹丢了", "2: unknown field 'desks'"),
        ("name: 包裹", "name: 2026", "1: name is 2026, not text"),
        ("name: 包裹\n", "", "1: name is missing"),
        ("faq: parcel-lost\n", "", "1: faq is missing"),
        ("    utter: 包裹怎么了？\n", "", "7: parcel_state has no words"),
        ("still: lost", "still: gone", "9: parcel_state has no value 'gone'"),
        ("problem:", "colour:", "11: the card has no field 'colour'"),
        ('"包裹：{value}"', "包裹", "11: problem does not say the answer"),
        ("next: parcel_again", "next: nowhere", "7: lost leads to 'nowhere', which is no step"),
        ("next: parcel_again, ", "", "18: nothing leads to parcel_again"),
        ('value: "no"', "value: no", "23: value is False, not text"),
        ("value: lost,", "value: lost, colour: red,", "15: unknown field 'colour'"),
        ("action: human_urgent", "action: sing", "16: action is 'sing'"),
        ("link: fraud", "link: parcel", "1: the flow links to itself"),
        ("  - action: human\n", "", "24: the last step leads nowhere"),
        ("parcel_state: broken", "parcel_state: burnt", "5: parcel_state has no value 'burnt'"),
        ("parcel_state: broken", "parcel_place: broken", "5: no step is called 'parcel_place'"),
        ("    closing: true", "    closing: always", "25: closing is 'always'"),
        ("  - collect: time\n", "  - collect: place\n", "24: place has no words"),
        ("collect: parcel_again", "collect: parcel_state", "18: parcel_state is asked twice"),
        ("faq: parcel-lost", "faq: parcel-lost\nfaq: x", "4: faq stands twice"),
        ("steps:", "steps: {}\nstep:", "6: steps is no list"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    found = problems(GOOD.replace(old, new, 1))
    assert problem in found, found


def test_answers_that_lead_round_and_round_are_a_dead_end() -> None:
    text = """\
name: 圈
faq: parcel-lost
steps:
  - collect: here
    utter: 这里？
    buttons: [{title: 去那里, value: there, next: there}]
  - collect: there
    utter: 那里？
    buttons: [{title: 去这里, value: here, next: here}]
  - action: human
"""
    assert problems(text) == [
        "4: from here no answer leads to an end",
        "7: from there no answer leads to an end",
    ]
    assert problems(text.replace(", next: here", "")) == []


@pytest.mark.parametrize("name", ["human", "reply", "Pay", "pay-failed", "1"])
def test_a_name_that_means_something_else_is_no_flow(name: str) -> None:
    with pytest.raises(BadContent, match="cannot be a flow's name"):
        read_flow(Path(f"{name}.yml"), GOOD.encode(), SHARED)


@pytest.mark.parametrize("raw", [b"", b"- a\n", b"a: [\n", b"\xff\xfe", b"a: &x [*x]\n"])
def test_what_is_no_mapping_is_refused(raw: bytes) -> None:
    with pytest.raises(BadContent):
        read_flow(PATH, raw, SHARED)


def test_the_example_of_the_handbook_is_a_flow() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "flows.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    flow = read_flow(Path("parcel.yml"), example.encode(), SHARED)
    assert [step.slot for step in flow.steps] == [
        "parcel_state", "parcel_number", "parcel_courier", "time",
    ]  # fmt: skip
