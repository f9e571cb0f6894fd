"""From every state of every flow: a human in one message, and no secret kept that was typed."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversations.conftest import announcing
from tests.conversations.states import State, Way, find_ways, states
from tests.conversations.talk import Talk, asked_slot, name_of, text_of
from tests.product import Customer, Product

ALL = list(states())
WORDS = ("转人工", "人工", "轉人工", "找真人", "活人", "转人共")
# What is said before the flow begins, to be found on the card again: a detail that the flow does
# not ask for itself.
MENTIONED = {
    "amount": ("总共是315元", "315"),
    "order_number": ("单号是2026111522001498765432101234", "2026111522001498765432101234"),
    "error_text": ("错误码是E50217", "E50217"),
}


@pytest.fixture(scope="module", autouse=True)
def notice(content: Path) -> Iterator[None]:
    """One announcement, so that the payment flow asks about it."""
    with announcing(content, [("支付系统维护", "部分付款可能失败，正在处理。")]):
        yield


@pytest.fixture(scope="module")
def ways(product: Product, notice: None) -> dict[State, Way]:
    return find_ways(product.url)


def reach(state: State, product: Product, ways: dict[State, Way], first: str = "") -> Talk:
    """Bring a fresh conversation into a state."""
    assert state in ways, f"{state} 走不到"
    talk = Talk(Customer(product.url))
    if first:
        talk.say(first)
    ways[state].walk(talk)
    assert asked_slot(talk.last) == state.slot, talk.told(f"没有走到 {state}")
    return talk


def test_every_state_can_be_reached(ways: dict[State, Way]) -> None:
    assert [str(state) for state in ALL if state not in ways] == []


@pytest.fixture(scope="module")
def typed_in_all(product: Product) -> Iterator[list[str]]:
    """Gather what was typed by mistake in all states; in the end it must lie in no file."""
    gathered: list[str] = []
    yield gathered
    assert kept_anywhere(product.folder, gathered) == []


@pytest.mark.parametrize(
    ("state", "word"), list(zip(ALL, itertools.cycle(WORDS), strict=False)), ids=str
)
def test_a_secret_is_hidden_the_flow_goes_on_and_a_human_comes_who_knows_the_story(
    state: State, word: str, product: Product, ways: dict[State, Way], typed_in_all: list[str]
) -> None:
    asked = {other.slot for other in ALL if other.flow == state.flow}
    detail = next(detail for detail in MENTIONED if detail not in asked)
    said, kept = MENTIONED[detail]
    talk = reach(state, product, ways, said)
    typed = secrets(ALL.index(state))
    # three digits are found everywhere by chance; the longer ones must be nowhere
    long = [secret for _, secret in typed if len(secret) > 4]
    typed_in_all += long
    for text, _ in typed:
        events = talk.say(text)
        assert "secret_masked" in map(name_of, events), talk.told("没有提示已隐藏")
        assert "隐藏" in text_of(events), talk.told("没有说明原因")
        assert asked_slot(events) == state.slot, talk.told("没有接着问这一步")
        assert talk.owner == "bot", talk.told("不该换人接待")
        shown = json.dumps(talk.customer.events(), ensure_ascii=False)
        assert text not in shown, talk.told(f"“{text}”没有隐藏")

    events = talk.say(word)  # in one message
    (escalated,) = [event["data"] for event in events if event["type"] == "escalated"] or [None]
    assert escalated, talk.told("没有转人工")
    assert talk.owner == "queue", talk.told("不在排队")
    card = escalated["card"]
    assert card.get("topic") == escalated["topic"] == state.flow, talk.told("卡片没有主题")
    assert kept in card.get(detail, ""), talk.told(f"卡片上没有先前说的{kept}")
    assert ways[state].title in [entry["text"] for entry in card["asked"]], talk.told(
        "没有记下所问"
    )
    assert escalated["urgent"] is (state.flow == "fraud"), talk.told("加急不对")
    shown = json.dumps(talk.customer.events(), ensure_ascii=False)
    assert [secret for secret in long if secret in shown] == [], talk.told("没有隐藏")


def secrets(number: int) -> list[tuple[str, str]]:
    """Make what customers type by mistake, each time another: (message, the secret in it)."""
    password, code = f"Ginkgo{number:03}zq", f"6047{number:04}"
    card = with_check_digit(f"453914{number:09}")
    cvv = f"{700 + number}"
    return [
        (f"密码是{password}", password),
        (f"验证码 {code}", code),
        (card, card),
        (f"CVV {cvv}", cvv),
    ]


def with_check_digit(digits: str) -> str:
    """Complete a card number by Luhn's rule."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    return digits + str(-sum(value - 9 * (value > 9) for value in doubled) % 10)


def kept_anywhere(folder: Path, secrets: list[str]) -> list[str]:
    """List files of the product's own (databases, logs) that hold one of the secrets."""
    return [
        f"{path.name}: {secret}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
        for content in [path.read_bytes()]
        for secret in secrets
        if secret.encode() in content or secret.encode("utf-16-le") in content
    ]
