"""Rules of the house in every state that the flows can be in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
NOTICE = {"id": "n", "title": "银行通道维护", "text": "今晚部分银行卡暂时不能付款。"}
QUESTION, ITS_FAQ = "怎么扫码支付", "scan-pay-how"


def required() -> list[tuple[str, str]]:
    """Every (form, slot) that the flows name."""
    found = []
    for path in sorted((ROOT / "data" / "flows").glob("*.yml")):
        steps = yaml.safe_load(path.read_text("utf-8"))["steps"]
        found += [(f"{path.stem}_form", step["collect"]) for step in steps if "collect" in step]
    return found


def starts(form: str) -> list[str]:
    """The payloads that start a form: its flow, and each FAQ of that flow."""
    flow = form.removesuffix("_form")
    faqs = []
    for path in sorted((ROOT / "data" / "faq").glob("*/*.md")):
        matter = yaml.safe_load(path.read_text("utf-8").split("---")[1])
        if matter.get("flow") == flow:
            faqs.append('/faq{"faq": "%s"}' % matter["id"])  # noqa: UP031 - braces
    return [f"/{flow}", *faqs]


@pytest.fixture(scope="session")
def walks(assistant: Any, loop: Any) -> dict[tuple[str, str], list[str]]:
    """State → the shortest messages that lead there, found by pressing every button."""
    from tests.actions.conftest import Customer

    found: dict[tuple[str, str], list[str]] = {}
    for form in dict.fromkeys(form for form, _ in required()):
        waiting = [[payload] for payload in starts(form)]
        while waiting:
            path = waiting.pop(0)
            customer = Customer(assistant, loop)
            customer.world["announcements"] = [NOTICE]
            reply = customer.say(*path)
            state = customer.state
            if state[0] != form or state in found:
                continue
            found[state] = path
            mine = [payload for payload in reply.payloads if payload.startswith("/reply")]
            waiting += [[*path, payload] for payload in dict.fromkeys(mine)]
    return found


@pytest.fixture
def at(walks: Any, new_customer: Callable[[], Any]) -> Callable[..., Any]:
    """Bring a customer to a state."""

    def bring(form: str, slot: str) -> Any:
        customer = new_customer()
        customer.world["announcements"] = [NOTICE]
        customer.say(*walks[form, slot])
        assert customer.state == (form, slot)
        return customer

    return bring


def each(*but: str) -> pytest.MarkDecorator:
    """Parametrise by every state but those of these forms and slots."""
    found = [state for state in required() if not set(state) & set(but)]
    return pytest.mark.parametrize(("form", "slot"), found, ids=lambda value: value)


states = each()


def test_every_state_of_the_flows_is_reached_by_buttons(walks: Any) -> None:
    assert set(walks) == set(required())


@states
@pytest.mark.parametrize("wish", ["/human", "转人工", "轉人工", "别问了，给我转人工", "我要找活人"])
def test_a_human_is_one_message_away(at: Any, form: str, slot: str, wish: str) -> None:
    customer = at(form, slot)
    command = customer.say(wish).command("escalate")
    assert command is not None
    assert command["topic"] == form.removesuffix("_form")
    assert command["reason"] in ("asked", "urgent")
    assert command["urgent"] is (form == "fraud_form")
    assert customer.state == (None, None)


@states
def test_another_question_is_answered_and_the_step_asked_again(
    at: Any, form: str, slot: str
) -> None:
    customer = at(form, slot)
    reply = customer.say(QUESTION)
    assert reply.faqs == [ITS_FAQ]
    assert customer.state == (form, slot)
    assert any("reply" in payload or payload == "/human" for payload in reply.payloads)


@states
def test_a_secret_is_explained_and_never_taken_for_an_answer(at: Any, form: str, slot: str) -> None:
    customer = at(form, slot)
    reply = customer.say("密码是［已隐藏］")
    assert "自动隐藏" in reply.text
    assert reply.command("escalate") is None
    assert customer.state == (form, slot)


@states
def test_fraud_takes_the_fast_lane_from_anywhere(at: Any, form: str, slot: str) -> None:
    customer = at(form, slot)
    reply = customer.say("我被骗了，钱转给骗子了")
    urgent = reply.command("escalate")
    assert "马上转人工" in reply.titles or (urgent and urgent["urgent"])


# The fast lane does not wait; at an announcement, waiting is an answer.
@each("fraud_form", "pay_notice")
def test_waiting_is_granted_without_asking_again(at: Any, form: str, slot: str) -> None:
    customer = at(form, slot)
    reply = customer.say("等一下")
    assert not reply.buttons
    assert reply.command("escalate") is None
    assert customer.say("转人工").command("escalate") is not None


@states
def test_leaving_ends_the_flow(at: Any, form: str, slot: str) -> None:
    customer = at(form, slot)
    reply = customer.say("算了")
    assert customer.state == (None, None)
    assert "/human" in reply.payloads


@states
def test_two_unclear_replies_lead_to_the_offer_of_a_human(at: Any, form: str, slot: str) -> None:
    customer = at(form, slot)
    first = customer.say("嘟噜嘟噜嘟噜")
    if customer.state != (form, slot):
        return  # a free question takes any text, the fast lane goes to a human at once
    assert first.command("escalate") is None
    second = customer.say("哔哩啪啦")
    assert "/human" in second.payloads or customer.state != (form, slot)


@states
def test_the_titles_of_buttons_are_understood_when_typed(
    at: Any, new_customer: Any, walks: Any, form: str, slot: str
) -> None:
    pressed = new_customer()
    pressed.world["announcements"] = [NOTICE]
    buttons = [b for b in pressed.say(*walks[form, slot]).buttons if '"slot"' in b["payload"]]
    for button in buttons:
        typed, clicked = at(form, slot), at(form, slot)
        written = typed.say(button["title"])
        done = clicked.say(button["payload"])
        assert typed.state == clicked.state, button
        assert written.text == done.text, button
