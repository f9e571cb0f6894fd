"""Pictures in articles and answers: found by digest, sized, harmless, or told in words."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import ExifTags, Image

from faq.kinds import FORBIDDEN
from search import Settings as Search
from search import open_engine
from tests.search.conftest import lay_out, write_faq
from web.app import create_app
from web.settings import ROOT, Settings

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="360" height="300"><title>示意图</title>'
    "<style>.a{fill:red}</style><rect class='a' width='9' height='9'/></svg>"
)
ANSWER = """先打开记录。

1. 找到「交易记录」。
   ![示意图：找到「交易记录」](open.svg)
2. 点开那一笔。
   ![一笔交易的截图](shot.jpg)
3. 没有了。
   ![图不见了](gone.svg) ![坏的](bad.svg)
"""


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = lay_out(tmp_path_factory.mktemp("pictures") / "content")
    path = write_faq(data, "payment/pictured", "怎么看交易记录", ["记录在哪儿看"])
    head = path.read_text(encoding="utf-8").split("\n---\n")[0]
    path.write_text(f"{head}\n---\n\n{ANSWER}", encoding="utf-8")
    shutil.copytree(ROOT / "data", data, dirs_exist_ok=True, ignore=_of_others)
    shutil.copy(ROOT / "data" / FORBIDDEN, data / FORBIDDEN)
    folder = data / "pictures"
    folder.mkdir()
    (folder / "open.svg").write_text(SVG, encoding="utf-8")
    (folder / "bad.svg").write_text(SVG.replace("<rect", "<script/><rect"), encoding="utf-8")
    image = Image.new("RGB", (1000, 600), "orange")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # held on its side
    exif[ExifTags.Base.ImageDescription] = "where-xiaolin-lives"
    image.save(folder / "shot.jpg", exif=exif)
    return data


def _of_others(folder: str, names: list[str]) -> list[str]:
    """Leave out the shipped articles, pictures and what the small content has of its own."""
    own = {"faq", "voices", "lexicon", "pictures", "variables.yml", "categories.yml"}
    return [name for name in names if name in own]


@pytest.fixture(scope="module")
def client(content: Path) -> Iterator[FlaskClient]:
    engine = open_engine(Search(content, content.parent / "index"))
    settings = Settings(
        data=content, var=content.parent / "var", secret_key="k", bot_url="http://127.0.0.1:1"
    )
    app = create_app(settings, engine)
    yield app.test_client()
    app.extensions["services"].close()


def shown(page: str) -> dict[str, dict[str, str]]:
    """Give the attributes of every picture by its words."""
    tags = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<img[^>]*>", page)]
    return {tag["alt"]: tag for tag in tags if tag.get("alt")}


def test_an_article_shows_its_pictures_with_room_kept_and_loads_them_late(
    client: FlaskClient,
) -> None:
    page = client.get("/faq/pictured").text
    found = shown(page)
    drawing, shot = found["示意图：找到「交易记录」"], found["一笔交易的截图"]
    assert (drawing["width"], drawing["height"]) == ("360", "300")
    assert (shot["width"], shot["height"]) == ("600", "1000")  # upright
    assert {drawing["loading"], shot["loading"]} == {"lazy"}
    assert " 480w" in shot["srcset"]
    assert " 600w" in shot["srcset"]
    assert 'type="image/webp"' in page
    # What is not there, or not harmless, is said in its words.
    assert "图不见了" in page
    assert "坏的" in page
    assert "bad.svg" not in page
    assert "shot.jpg" not in client.get("/search?q=记录在哪儿看").text.split("<main")[0]


def test_a_drawing_is_kept_for_good_and_can_do_nothing(client: FlaskClient) -> None:
    address = shown(client.get("/faq/pictured").text)["示意图：找到「交易记录」"]["src"]
    answer = client.get(address)
    assert answer.content_type.startswith("image/svg+xml")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    old = re.sub(r"/pictures/\w+/", "/pictures/another/", address)
    assert client.get(old).headers["Cache-Control"] == "no-cache"
    for path in ("/pictures/x/bad.svg", "/pictures/x/gone.svg", "/pictures/x/shot.jpg"):
        assert client.get(path).status_code == 404


def test_a_photo_is_made_anew_in_each_width_without_what_the_camera_noted(
    client: FlaskClient, content: Path
) -> None:
    assert b"xiaolin" in (content / "pictures" / "shot.jpg").read_bytes()
    page = client.get("/faq/pictured").text
    found = set(re.findall(r"/pictures/\w+/shot\.jpg/(\d+)\.(webp|jpg)", page))
    assert found == {(width, form) for width in ("480", "600") for form in ("webp", "jpg")}
    for address in set(re.findall(r"/pictures/\w+/shot\.jpg/\d+\.\w+", page)):
        answer = client.get(address)
        assert answer.content_type == ("image/webp" if address.endswith("webp") else "image/jpeg")
        assert b"xiaolin" not in answer.data
        image = Image.open(io.BytesIO(answer.data))
        assert image.width == int(re.search(r"(\d+)\.\w+$", address)[1])
        assert image.height > image.width
        assert not image.getexif()
    address = address.rsplit("/", 1)[0]
    for other in ("481.webp", "1440.webp", "480.gif"):  # only what is named is ever made
        assert client.get(f"{address}/{other}").status_code == 404


def test_the_chat_gets_addresses_and_sizes_and_plain_texts_get_the_words(
    client: FlaskClient,
) -> None:
    text = client.get("/api/v1/faqs/pictured").json["answer"]
    assert re.search(r"!\[示意图：[^\]]+\]\(/pictures/[a-z]+/open\.svg#360x300\)", text)
    assert re.search(r"\(/pictures/[a-z]+/shot\.jpg/480\.webp#600x1000-600\)", text)
    assert "[图不见了] [坏的]" in text
    opened = client.post("/api/v1/conversations", json={"channel": "app"}).json
    base = f"/api/v1/conversations/{opened['id']}"
    headers = {"Authorization": f"Bearer {opened['token']}"}
    sent = {"text": "怎么看交易记录", "client_id": "c1c1c1c1"}
    events = client.post(f"{base}/messages", json=sent, headers=headers).json["events"]
    (said,) = [event["data"]["text"] for event in events if event["data"].get("faq_id")]
    assert said == text
    transcript = client.get(f"{base}/transcript", headers=headers).text
    assert "[示意图：找到「交易记录」]" in transcript
    assert "/pictures/" not in transcript
