"""Articles by page and by API: embargoed and expired ones are not there, renamed ones lead on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from search import Settings as Search
from search import open_engine
from tests.search.conftest import lay_out, write_faq
from web.app import create_app
from web.settings import ROOT, Settings

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    here = tmp_path_factory.mktemp("articles")
    data = lay_out(here / "content")
    for faq_id, more in (
        ("gift-early", "valid: {from: 2027-01-15}"),
        ("gift-late", "valid: {until: 2026-11-21}"),
        ("gift-now", "formerly: [gift-before]"),
    ):
        path = write_faq(data, f"payment/{faq_id}", f"礼品卡怎么用（{faq_id}）", [f"{faq_id} 礼品"])
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("related: []", f"related: []\n{more}"), encoding="utf-8")
    engine = open_engine(Search(data, here / "index"), today=lambda: TODAY)
    settings = Settings(data=ROOT / "data", var=here / "var", secret_key="k")
    app = create_app(replace(settings, bot_url="http://127.0.0.1:1"), engine)
    yield app.test_client()
    app.extensions["services"].close()


@pytest.mark.parametrize("hidden", ["gift-early", "gift-late"])
def test_an_embargoed_or_expired_one_is_nowhere(client: FlaskClient, hidden: str) -> None:
    assert client.get(f"/faq/{hidden}").status_code == 404
    assert client.get(f"/api/v1/faqs/{hidden}").status_code == 404
    vote = client.post(f"/api/v1/faqs/{hidden}/feedback", json={"helpful": True})
    assert vote.status_code == 404
    for path in ("suggestions", "faqs"):
        assert hidden not in client.get(f"/api/v1/{path}?q=礼品").text
    assert hidden not in client.get("/search?q=礼品").text
    assert hidden not in client.get("/sitemap.xml").text


def test_an_address_from_before_leads_to_the_article(client: FlaskClient) -> None:
    answer = client.get("/faq/gift-before")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/faq/gift-now")
    assert client.get("/faq/gift-now").status_code == 200
    assert client.get("/api/v1/faqs/gift-before").json["id"] == "gift-now"


def test_what_is_valid_is_suggested(client: FlaskClient) -> None:
    found = client.get("/api/v1/suggestions?q=礼品").json["suggestions"]
    assert [item["id"] for item in found] == ["gift-now"]
