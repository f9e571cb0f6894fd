"""Whatever is asked of any operation of the document, no answer is a fault of ours."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.attacks.conftest import visitor
from tests.attacks.fuzz import Fuzz

CASES = 400  # `make fuzz` asks 10,000


def test_no_request_makes_a_fault_of_ours(build: Callable[..., Flask]) -> None:
    app = build()
    fuzz = Fuzz(app)
    fuzz.run(CASES)
    assert fuzz.faults == []
    assert sum(fuzz.got.values()) == CASES
    assert {200, 201, 404, 422} <= set(fuzz.got), "it reaches what lies behind the forms"
    assert visitor(app).say("还在吗")["message"]
