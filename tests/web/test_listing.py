"""The editors' list: by pages, looked through as a whole."""

from __future__ import annotations

import datetime as dt

from tests.product import ROOT
from tests.web.conftest import csrf
from web.desk import agents
from web.editor import listing
from web.services import utc_now

TODAY = dt.date(2026, 11, 30)


def ids(leaf: listing.Leaf) -> list[str]:
    return [row.faq.id for _, _, rows in leaf.parts for row in rows]


def test_a_long_list_comes_by_pages_with_each_faq_once(engine, monkeypatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 25)
    categories = engine.generation.content.categories
    first = listing.leaf(categories, {}, TODAY, listing.Asked())
    every = [
        one
        for page in range(1, first.pages + 1)
        for one in ids(listing.leaf(categories, {}, TODAY, listing.Asked(page=page)))
    ]
    assert first.paged
    assert every == [faq.id for part in categories for faq in part.faqs]
    beyond = listing.leaf(categories, {}, TODAY, listing.Asked(page=99))
    assert (beyond.page, ids(beyond)[-1]) == (first.pages, every[-1])


def test_what_is_looked_for_is_found_on_whatever_page_it_was(engine, monkeypatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 5)
    categories = engine.generation.content.categories
    found = listing.leaf(categories, {}, TODAY, listing.Asked("WRONG-transfer"))
    assert ids(found) == ["wrong-transfer"]
    assert (found.fits, found.pages) == (1, 1)
    troubled = listing.leaf(categories, {"refund-how": ()}, TODAY, listing.Asked(troubled=True))
    assert ids(troubled) == ["refund-how"]
    assert listing.leaf(categories, {}, TODAY, listing.Asked("no such")).parts == ()


def test_the_page_looks_through_all_and_says_where_there_is_nothing(app) -> None:
    with app.extensions["database"].write() as session:
        agents.add(session, "chen", "小陈", "chen-password", utc_now(), "editor")
    client = app.test_client()
    sent = {"name": "chen", "password": "chen-password"}
    sent["csrf_token"] = csrf(client.get("/editor/login").text)
    assert client.post("/editor/login", data=sent).status_code == 303
    whole = client.get("/editor").text
    assert whole.count("data-words=") == len(list((ROOT / "data" / "faq").glob("*/*.md")))
    assert "翻页" not in whole
    found = client.get("/editor?q=怎么申请退款&page=x").text
    assert found.count("data-words=") == 1
    assert "没有这样的问答" in client.get("/editor?q=no-such-faq&page=-3").text
