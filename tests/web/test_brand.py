"""What pages say of the company stands in its content folder, nowhere in the program."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from faq import brand
from search import Settings as SearchSettings
from search import open_engine
from search.content import read_content
from web.app import create_app
from web.settings import Settings
from web.widget.face import face_of
from web.world import greeting

ROOT = Path(__file__).resolve().parents[2]
LAUNDRY = ROOT / "companies" / "yunkuang"
PAGES = ("/", "/cases", "/complaint", "/app", "/search?q=羽绒服", "/nothing", "/widget/x/words.js")
# What draws the face of the chat.
FACED = ("/widget.js", "/widget/x/words.js")
# Rooms whose words are still the wallet's own: what the bot says and does, and what is secret.
NOT_YET = ("web/desk/masking/rules.yml",)


@pytest.fixture(scope="module")
def laundry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, Path]]:
    """The product with the other company's folder, and that folder to edit."""
    folder = tmp_path_factory.mktemp("laundry")
    data = folder / "data"
    shutil.copytree(LAUNDRY, data)
    settings = Settings(data=data, var=folder / "var", secret_key="s" * 32)
    engine = open_engine(SearchSettings(data=data, index=folder / "var" / "index"))
    app = create_app(settings, engine)
    app.testing = True
    yield app.test_client(), data
    app.extensions["services"].close()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_names_this_company_and_no_other(
    laundry: tuple[FlaskClient, Path], page: str
) -> None:
    text = laundry[0].get(page).get_data(as_text=True)
    theirs = brand.read_folder(ROOT / "data")
    assert theirs.short not in text
    assert "云筐洗衣" in text


def test_the_search_box_gives_an_example_of_this_companys_own(
    laundry: tuple[FlaskClient, Path],
) -> None:
    client, data = laundry
    first = brand.read_folder(data).lists["hot"][0]
    text = client.get("/").get_data(as_text=True)
    assert f'placeholder="例如：{read_content(data).faqs[first].question}"' in text


@pytest.mark.parametrize("script", FACED)
def test_the_chat_wears_no_other_companys_face(
    laundry: tuple[FlaskClient, Path], script: str
) -> None:
    drawn = face_of(ROOT / "data" / "brand" / "logo.svg").shapes
    text = laundry[0].get(script).get_data(as_text=True)
    assert not any(attributes.get("d", "no path") in text for _, attributes in drawn)


def test_a_page_leads_to_no_faq_that_is_not_there(laundry: tuple[FlaskClient, Path]) -> None:
    client, data = laundry
    known = read_content(data).faqs
    for page in ("/", "/complaint", "/nothing"):
        text = client.get(page).get_data(as_text=True)
        assert set(re.findall(r'href="/faq/([\w-]+)"', text)) <= set(known)


def test_an_edited_brand_is_live(laundry: tuple[FlaskClient, Path]) -> None:
    client, data = laundry
    (data / "brand").mkdir()
    (data / "brand" / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>云筐</title>'
        '<path d="M1 2h3v4z"/></svg>',
        encoding="utf-8",
    )
    (data / "brand.yml").write_text(
        "name: 云筐\ncenter: 云筐帮助中心\nlogo: brand/logo.svg\n"
        'colours: {light: "#205080", dark: "#90c0f0"}\n'
        "home: {hot: [xi-xie-duo-shao-qian, no-such-faq]}\n",
        encoding="utf-8",
    )
    laundry[0].application.extensions["services"].brand._looked = float("-inf")
    home = client.get("/").get_data(as_text=True)
    assert "云筐<em>帮助中心</em>" in home
    assert '<li><a href="/faq/xi-xie-duo-shao-qian">洗鞋多少钱</a></li>' in home
    assert "no-such-faq" not in home
    assert "--accent: #205080" in client.get("/brand.css").get_data(as_text=True)
    logo = client.get("/favicon.svg")
    assert "云筐" in logo.get_data(as_text=True)
    for script in FACED:
        assert "M1 2h3v4z" in client.get(script).get_data(as_text=True)
    assert logo.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_bot_is_told_the_companys_greeting(laundry: tuple[FlaskClient, Path]) -> None:
    brand_now = brand.read_folder(LAUNDRY)
    assert brand_now.greeting is not None
    assert "云筐洗衣客服" in brand_now.greeting
    told = greeting(brand_now)
    assert told is not None
    assert told["buttons"][-1] == {"title": "转人工", "payload": "/human"}
    known = read_content(LAUNDRY).faqs
    for button in told["buttons"][:-1]:
        assert json.loads(button["payload"].removeprefix("/faq"))["faq"] in known
    assert greeting(brand.plain()) is None


def test_a_bad_brand_keeps_the_last_good_one(laundry: tuple[FlaskClient, Path]) -> None:
    client, data = laundry
    before = client.get("/").get_data(as_text=True)
    (data / "brand.yml").write_text("colours: red\n", encoding="utf-8")
    client.application.extensions["services"].brand._looked = float("-inf")
    assert client.get("/").get_data(as_text=True) == before


def test_no_code_or_template_names_the_company_or_an_faq_that_ships() -> None:
    theirs = brand.read_folder(ROOT / "data")
    ids = [name for name in read_content(ROOT / "data").faqs if "-" in name]
    # An id in quotes or in an address; words such as network-error are no ids.
    named = re.compile(rf"""["'/](?:{"|".join(map(re.escape, ids))})["'?#]""")
    wrong = []
    for top in (
        "web",
        "search",
        "faq",
        "dialogue",
        "safety",
        "learning",
        "tracing",
        "start",
        "actions",
        "bot",
    ):
        for path in (ROOT / top).rglob("*"):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix not in (".py", ".html", ".js", ".txt", ".css", ".yml", ".json"):
                continue
            if name.startswith(NOT_YET) or "inert" in path.parts:
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if theirs.short in line or named.search(line):
                    wrong.append(f"{name}:{number}: {line.strip()[:80]}")
    assert wrong == []
