"""What customers may see today, under which ids: embargoed, expired and renamed FAQs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from search import Engine, Settings, UnknownFaq, open_engine
from tests.search.conftest import write_faq

TODAY = dt.date(2026, 11, 22)


def dated(path: Path, limits: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("related: []", f"related: []\nvalid: {limits}"), encoding="utf-8")


@pytest.fixture
def engine(settings: Settings) -> Engine:
    for faq_id, limits in (
        ("gift-early", "{from: 2027-01-15}"),
        ("gift-late", "{until: 2026-11-21}"),
        ("gift-now", "{from: 2026-11-22, until: 2026-11-22}"),
    ):
        path = write_faq(settings.data, f"payment/{faq_id}", f"礼品卡怎么用（{faq_id}）", ["礼品"])
        dated(path, limits)
    renamed = write_faq(settings.data, "refund/refund-apply", "怎么要回货款", ["讨回货款"])
    text = renamed.read_text(encoding="utf-8")
    text = text.replace("related: []", "related: []\nformerly: [refund-old, refund-older]")
    renamed.write_text(text, encoding="utf-8")
    return open_engine(settings, today=lambda: TODAY)


def test_only_what_is_valid_today_is_shown_and_suggested(engine: Engine) -> None:
    assert engine.shown("gift-now").id == "gift-now"
    for hidden in ("gift-early", "gift-late"):
        assert engine.faq(hidden).id == hidden  # editors see it all the same
        with pytest.raises(UnknownFaq):
            engine.shown(hidden)
    assert [item.faq_id for item in engine.suggest("礼品", limit=1)] == ["gift-now"]
    assert [item.faq_id for item in engine.suggest("礼品卡")] == ["gift-now"]


def test_an_id_that_an_faq_had_before_leads_to_it(engine: Engine) -> None:
    for old in ("refund-old", "refund-older", "refund-apply"):
        assert engine.faq(old).id == engine.shown(old).id == "refund-apply"
    with pytest.raises(UnknownFaq):
        engine.shown("refund-never")
