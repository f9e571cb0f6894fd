"""faq check reads the guided flows, and tells what is wrong in Chinese with its line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from faq import checking, flows, statements, words
from faq.findings import Finding
from flows.reading import read_flow, read_steps
from search.content import read_content
from search.errors import BadContent, Problem
from search.reasons import parts
from tests.faq.conftest import ROOT
from tests.faq.provoking import NO_YAML
from tests.faq.test_problem_words import codes
from tests.flows.test_reading import GOOD, PATH, SHARED, STEPS

TODAY = dt.date(2026, 11, 29)
FLOW = """\
name: 退款
faq: refund-how
steps:
  - collect: refund_done
    utter: 退款到了吗？
    buttons:
      - {title: 到了, value: solved}
      - {title: 没到, value: "no", action: human}
  - action: human
"""
MANY = "".join(f"  - collect: time{number}\n" for number in range(41))
# What is written otherwise in a good flow, so that every message of the reader is heard.
ODD = (
    ("desk: 包裹丢了", "desks: 包裹丢了"),
    ("name: 包裹", "name: 2026"),
    ("name: 包裹\n", ""),
    ("    utter: 包裹怎么了？\n", ""),
    ("still: lost", "still: gone"),
    ("problem:", "colour:"),
    ('"包裹：{value}"', "包裹"),
    ("{name: parcel, title: 找包裹}", "parcel"),
    ('value: "no"}', 'value: "no", result: done}'),
    ("card:\n", "card: []\n    known_by: time\n    cards:\n"),
    ("next: parcel_again", "next: nowhere"),
    ("next: parcel_again, ", ""),
    ('value: "no"', "value: no"),
    ("value: lost,", ""),
    ("value: lost, answer", 'value: lost, payload: "/x", answer'),
    ("value: lost, answer", "value: lost, result: done, action: human, answer"),
    ("value: solved}", "value: solved, action: human}"),
    ("action: human_urgent", "action: sing"),
    ("action: human_urgent", "action: human, link: fraud"),
    ("link: fraud", "link: parcel"),
    ("  - action: human\n", ""),
    ("  - action: human\n", "  - sing: human\n"),
    ("  - action: human\n", "  - action: human\n  - action: human\n"),
    ("parcel_state: broken", "parcel_state: burnt"),
    ("parcel_state: broken", "parcel_place: broken"),
    ("parcel_state: broken", "parcel_state: broken, next: nowhere"),
    ("{parcel_state: broken}", "parcel_state"),
    ("causes:\n", "causes: []\nresponses: []\nhasty: soon\ncause:\n"),
    ("causes:\n", "responses: {spoken: 您好}\ncauses:\n"),
    ("    closing: true", "    closing: always"),
    ("    closing: true", "    expects: amount"),
    ("    optional: true", "    optional: true\n    expects: free"),
    ("    optional: true", "    optional: true\n    action: announcements"),
    ("  - collect: time\n", "  - collect: Place\n"),
    ("  - collect: time\n", "  - collect: place\n    utter: 哪里？\n"),
    ("  - collect: time\n", "  - collect: place\n    utter: 哪里？\n    buttons: []\n"),
    ("  - collect: time\n", "  - collect: place\n    utter: 哪里？\n    buttons: [a]\n"),
    ("collect: parcel_again", "collect: parcel_state"),
    ("  - collect: time\n", "  - time\n"),
    ("  - collect: time\n    closing: true\n", "  - time\n"),
    ("  - collect: time\n", MANY),
    ("examples: [没收到]", "examples: 没收到"),
    ("examples: [没收到]", "examples: [true]"),
    ("steps:", "steps: {}\nstep:"),
    ("faq: parcel-lost", "faq: parcel-lost\nfaq: x"),
    ("    buttons:\n      - {title: 找到了, value: solved}\n      - {title: 没有", "    buttons:\n      - {title: 没有, next: parcel_again"),  # noqa: E501
    ("desk: 包裹丢了", f"desk: {'[' * 14}{']' * 14}"),
)  # fmt: skip


def provoked() -> Iterator[Problem]:
    for old, new in ODD:
        assert old in GOOD, old
        yield from refused(PATH, GOOD.replace(old, new).encode())
    yield from refused(Path("human.yml"), GOOD.encode())
    for raw in (*NO_YAML, b"", b"- a\n"):
        yield from refused(PATH, raw)
    for text in ("time: 1\n", STEPS.replace("expects: time", "expects: amount"), "a: {}\n"):
        try:
            read_steps(Path("steps.yml"), text.encode())
        except BadContent as error:
            yield from error.problems


def refused(path: Path, raw: bytes) -> tuple[Problem, ...]:
    with pytest.raises(BadContent) as caught:
        read_flow(path, raw, SHARED)
    return caught.value.problems


def test_what_is_wrong_with_a_flow_is_told_in_chinese() -> None:
    english = re.compile(r"[A-Za-z']+ [a-z]+|Error")
    for problem in provoked():
        why, fix = words.translate(problem.reason, problem.fix)
        for text in (why, fix):
            assert re.search(r"[\u4e00-\u9fff]", text), problem
            assert not english.search(text), (problem, text)
        assert why != problem.reason, problem


def test_every_reason_of_the_reader_is_among_the_provoked() -> None:
    heard = {parts(problem.reason)[0] for problem in provoked()}
    known = {code for path in (ROOT / "flows").glob("*.py") for code in codes(path)}
    assert len(known) > 20
    assert known - heard == set()


@pytest.fixture
def data(data: Path) -> Path:
    """The folder of every test, and one flow."""
    (data / "flows").mkdir()
    (data / "flows" / "refund.yml").write_text(FLOW, encoding="utf-8")
    return data


def check(data: Path) -> list[Finding]:
    return [item for item in checking.check(data, TODAY) if "flows" in item.path.parts]


def test_a_good_flow_only_wants_an_faq_that_starts_it(data: Path) -> None:
    assert [(item.rule, item.severity) for item in check(data)] == [("flow-unstarted", "warning")]
    path = data / "faq" / "refund" / "refund-how.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("related:", "flow: refund\nrelated:"), encoding="utf-8")
    assert check(data) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "rule", "said"),
    [
        ("faq: refund-how", "faq: no-such", 2, "flow-faq", "no-such"),
        ("action: human}", "link: no_such}", 8, "flow-link", "no_such"),
        ("退款到了吗？", "请把短信验证码发给我", 4, "forbidden-ask", "验证码"),
        ("title: 没到", "title: 把支付密码发给我", 4, "forbidden-ask", "密码"),
        ("退款到了吗？", "退款到了吗？{{ nowhere }}", 4, "flow-variable", "nowhere"),
        ("  - action: human\n", "", 4, "schema", "最后一步"),
        ("name: 退款", "titel: 退款", 1, "schema", "titel"),
    ],
)
def test_a_bad_flow_is_an_error_with_its_line(
    data: Path, old: str, new: str, line: int, rule: str, said: str
) -> None:
    text = FLOW.replace(old, new)
    assert text != FLOW
    (data / "flows" / "refund.yml").write_text(text, encoding="utf-8")
    found = [item for item in check(data) if item.severity == "error"]
    assert (line, rule) in [(item.line, item.rule) for item in found], found
    assert any(said in item.why for item in found)


def test_an_faq_that_starts_no_flow_there_is_told_and_still_served(data: Path) -> None:
    path = data / "faq" / "refund" / "refund-how.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("related:", "flow: refunds\nrelated:"), encoding="utf-8")
    [found] = [item for item in checking.check(data, TODAY) if "refunds" in item.why]
    assert (found.severity, found.field) == ("error", "flow")
    assert path.read_text(encoding="utf-8").splitlines()[found.line - 1] == "flow: refunds"


def test_the_shipped_flows_pass() -> None:
    shipped = [item for item in checking.check(ROOT / "data", TODAY) if item.path.suffix == ".yml"]
    assert shipped == []


def test_a_question_for_what_was_told_already_is_found_and_known_by_fixes_it() -> None:
    text = FLOW.replace(
        "  - action: human\n",
        "  - collect: refund_when\n    utter: 是什么时候付的？\n    expects: free\n"
        "    buttons: [{title: 跳过, value: skip}]\n  - action: human\n",
    )
    content = read_content(ROOT / "data")

    def rules(written: str) -> list[tuple[str, int]]:
        found = flows.judge(ROOT / "data", content, "flows/refund.yml", written, None)
        return [(one.rule, one.line) for one in found if one.rule == "flow-known"]

    assert rules(FLOW) == []
    assert rules(text) == [("flow-known", 9)]
    assert rules(text.replace("    expects", "    known_by: [[time]]\n    expects")) == []


def test_a_draft_of_a_flow_is_judged_with_its_places() -> None:
    forbidden = statements.forbidden_asks(ROOT / "data")
    content = read_content(ROOT / "data")
    text = FLOW.replace("退款到了吗？", "请把验证码发给我。").replace("refund-how", "no-such")
    found = flows.judge(ROOT / "data", content, "flows/refund.yml", text, forbidden)
    assert {(one.rule, one.line, one.severity) for one in found} >= {
        ("flow-faq", 2, "error"),
        ("forbidden-ask", 4, "error"),
    }
    broken = flows.judge(ROOT / "data", content, "flows/refund.yml", "name: 退款\n", forbidden)
    assert broken
    assert {one.severity for one in broken} == {"error"}


def test_shared_steps_that_break_a_flow_are_told_with_the_flow() -> None:
    text = (ROOT / "data" / "steps.yml").read_text(encoding="utf-8")
    content = read_content(ROOT / "data")
    gone = text[: text.index("error_text:")] + text[text.index("time:") :]
    found = flows.judge(ROOT / "data", content, "steps.yml", gone, None)
    assert {one.rule for one in found} == {"steps-flow"}
    assert flows.judge(ROOT / "data", content, "steps.yml", text, None) == []
