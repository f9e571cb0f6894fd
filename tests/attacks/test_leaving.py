"""Links that leave the site: the host is named first, and what is not listed can't be opened."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from web.desk.links import Places
from web.helpcenter import articles

OWN = "https://help.example"
PLACES = Places("help.example", ("bank.example",))


@pytest.fixture(scope="module")
def site(build: Any) -> Flask:
    app: Flask = build(base_url=OWN, hosts=("help.example", "bank.example"))
    return app


def page(site: Flask, address: str) -> str:
    answer = site.test_client().get(f"/verify/leaving?to={quote(address, safe='')}", base_url=OWN)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def onward(text: str) -> list[str]:
    return re.findall(r'id="onward" href="([^"]+)"', text)


def test_the_page_names_the_host_and_opens_nothing_by_itself(site: Flask) -> None:
    told = page(site, "https://WWW.bank.example/a?b=1&c=2")
    assert '<b dir="ltr" id="host">www.bank.example</b>' in told
    assert onward(told) == ["https://WWW.bank.example/a?b=1&amp;c=2"]
    assert "http-equiv" not in told
    assert 'content="noindex"' in told


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "https://bank.example.evil.example/",
        "https://bank.example@evil.example/",
        "https://bank.example\\@evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "https://bank.example\t.evil.example/",
        "https://bank.example .evil.example/",
        "https://b\u0430nk.example/",
        "https://xn--bnk-7cd.example/",
        "https://bank.example:8443/",
        "ftp://bank.example/",
        "javascript:alert(1)//bank.example",
        "javascript://bank.example/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "",
    ],
)
def test_nobody_can_send_customers_elsewhere_over_our_page(site: Flask, address: str) -> None:
    told = page(site, address)
    assert "这个网址打不开" in told
    assert onward(told) == []
    assert "<script>alert" not in told


def test_a_listed_address_stays_an_address(site: Flask) -> None:
    told = page(site, 'https://bank.example/"><script>alert(1)</script>')
    assert "<script>alert" not in told
    assert onward(told) == ["https://bank.example/&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"]


def test_a_page_of_ours_is_not_called_another(site: Flask) -> None:
    told = page(site, f"{OWN}/faq/pay-failed")
    assert "这是本站的页面" in told
    assert onward(told) == [f"{OWN}/faq/pay-failed"]


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("[银行](https://bank.example/a?b=1)", "https%3A%2F%2Fbank.example%2Fa%3Fb%3D1"),
        ("<https://www.bank.example/>", "https%3A%2F%2Fwww.bank.example%2F"),
    ],
)
def test_an_articles_link_leads_over_the_page(markdown: str, shown: str) -> None:
    made = str(articles.render(markdown, {}, places=PLACES))
    assert re.findall(r'href="([^"]+)"', made) == [f"/verify/leaving?to={shown}"]


def test_an_articles_link_to_a_stranger_is_text_with_its_target_in_sight() -> None:
    for source, text in (
        ("请看[**官网**](https://evil.example/a)。", "官网</strong>（https://evil.example/a）。"),
        ("请看<https://evil.example/a>。", "请看https://evil.example/a。"),
        ("请看[官网](//evil.example)。", "请看官网（//evil.example）。"),
    ):
        made = str(articles.render(source, {}, places=PLACES))
        assert "href" not in made
        assert text in made


def test_our_own_pages_are_reached_at_once() -> None:
    for target in ("/faq/a", f"{OWN}/faq/a", "#top"):
        made = str(articles.render(f"[看]({target})", {}, places=PLACES))
        assert f'href="{target}"' in made
