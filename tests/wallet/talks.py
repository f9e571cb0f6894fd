"""Talks of the sandbox's customers with the real bot."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conversations.talk import Talk, buttons_of, text_of
from tests.product import Customer, Product
from tests.wallet.conftest import Sandbox, identity


class Opened(Talk):
    """A talk of a customer of the sandbox."""

    who = ""


Opening = Callable[..., Opened]


@pytest.fixture
def talk_as(product: Product, served: Sandbox) -> Opening:
    """Give a function that opens a talk as somebody in the situation of a sandbox customer."""

    def open_talk(like: str, name: str = "小林") -> Opened:
        customer = served.newcomer(like)
        talk = Opened(Customer(product.url, "app", identity(customer, name)))
        talk.who = customer
        return talk

    served.breaks("")
    return open_talk


def titles(talk: Talk) -> list[str]:
    return [title for title, _ in buttons_of(talk.last)]


def press_starting(talk: Talk, piece: str) -> str:
    title = next((one for one in titles(talk) if piece in one), None)
    assert title, talk.told(f"没有含“{piece}”的按钮")
    return text_of(talk.press(title))


def chosen(transaction: str, talk: Opened) -> str:
    """Write what the app passes for a transaction of the customer's."""
    return "/wallet" + json.dumps({"transaction": transaction + talk.who[-7:]})


def show(talk: Talk) -> str:
    return "\n".join(talk.lines)
