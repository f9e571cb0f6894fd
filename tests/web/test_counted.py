"""The editors' report of many questions is counted beside the chats, in a process of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from search import day_here
from web.aside import Aside, Failed
from web.desk import asked
from web.editor import counted
from web.offload import Overloaded

TODAY = datetime.now(UTC)
SPANS = [(day_here(TODAY) - timedelta(days=6), day_here(TODAY))]


def ask(app, *texts: str) -> None:
    with app.extensions["database"].write() as session:
        for text in texts:
            asked.record(session, text, "unknown", 0.0, None, TODAY, place="chat")


def report(app):
    web = app.extensions["services"]
    return counted.reports(web.settings, web.database, web.engine, SPANS, UTC)


def test_a_process_counts_as_a_thread_does(app, monkeypatch) -> None:
    ask(app, "数字人民币能用吗", "能用数字人民币吗", "怎么养鹦鹉")
    (here,) = report(app)
    assert (here.total, here.missed) == (3, 3)
    orders = []
    real = counted.aside.ask
    monkeypatch.setattr(counted, "FEW", 2)
    monkeypatch.setattr(
        counted.aside, "ask", lambda module, order: orders.append(module) or real(module, order)
    )
    assert report(app) == [here]
    assert orders == ["web.editor.counted"]


def test_what_opens_the_questions_stands_in_no_order_that_is_shown(app, monkeypatch) -> None:
    orders = []
    monkeypatch.setattr(counted, "FEW", -1)
    monkeypatch.setattr(counted.aside, "ask", lambda _, order: orders.append(order))
    report(app)
    assert app.config["SECRET_KEY"] in orders[0].secrets
    assert app.config["SECRET_KEY"] not in repr(orders[0])


def test_a_process_that_dies_or_takes_too_long_is_told_as_such() -> None:
    with pytest.raises(Failed, match="ended with 1"):
        Aside().ask("web.nothing", 1)
    with pytest.raises(Failed, match="no answer"):
        Aside(clock=0.01).ask("web.editor.counted", 1)


def test_who_comes_when_enough_wait_is_told_to_come_again() -> None:
    with pytest.raises(Overloaded):
        Aside(at_once=1, waiting=-1).ask("web.editor.counted", 1)
