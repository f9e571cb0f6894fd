"""Pictures: what is wrong with one is told with its file and fix; drawings are what they say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from dialogue.parts import sentences_of, steps_of
from faq.__main__ import main
from faq.checking import check
from faq.pictures import drawing, drawn, screens
from search import pictures
from search.errors import BadContent
from search.snippet import plain
from tests.faq.conftest import ROOT, write

TODAY = dt.date(2026, 11, 22)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">{}</svg>'
ANSWER = "先看记录。\n\n1. 点开「交易记录」。\n   ![示意图：点开「交易记录」]({})"


def put(data: Path, name: str, content: bytes | str) -> Path:
    path = data / "pictures" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def photo(data: Path, name: str, form: str) -> Path:
    path = put(data, name, b"")
    Image.new("RGB", (40, 30), "orange").save(path, form)
    return path


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.svg", SVG.format("<script>alert(1)</script>"), "picture-active"),
        ("a.svg", SVG.format('<rect onload="x()"/>'), "picture-active"),
        ("a.svg", SVG.format('<image href="https://evil.example/a.png"/>'), "picture-active"),
        ("a.svg", SVG.format('<use href="https://evil.example/a.svg#b"/>'), "picture-active"),
        ("a.svg", SVG.format("<style>@import 'https://evil.example/a'</style>"), "picture-active"),
        ("a.svg", SVG.format("<foreignObject><p>x</p></foreignObject>"), "picture-active"),
        ("a.svg", '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;"), "picture-active"),
        ("a.svg", "no drawing", "picture-kind"),
        ("a.svg", SVG.format(" " * 60_000), "picture-heavy"),
        ("a.webp", b"no picture at all", "picture-kind"),
        ("A picture.png", b"", "picture-named"),
        ("a.tiff", b"II*", "picture-named"),
    ],
)
def test_a_file_that_is_not_shown_is_told_with_its_fix(
    data: Path, name: str, content: bytes | str, rule: str
) -> None:
    path = put(data, name, content)
    (found,) = [item for item in check(data, TODAY) if item.path == path]
    assert (found.rule, found.severity) == (rule, "error")
    assert name in found.why or "KB" in found.why
    assert found.fix


def test_a_picture_that_is_missing_unused_or_without_words_is_told(data: Path) -> None:
    spare = photo(data, "spare.png", "PNG")
    photo(data, "there.webp", "WEBP")
    article = write(data, "pay-failed", ANSWER.format("there.webp"))
    assert [(item.path, item.rule) for item in check(data, TODAY)] == [(spare, "picture-unused")]
    write(data, "pay-failed", "先看。\n\n![](gone.webp)\n\n![外](https://evil.example/a.png)")
    found = {item.rule: item for item in check(data, TODAY) if item.path == article}
    assert {"picture-missing", "picture-unnamed", "picture-elsewhere"} <= set(found)
    assert {item.severity for item in found.values()} == {"error"}
    lines = article.read_text(encoding="utf-8").splitlines()
    assert "gone.webp" in lines[found["picture-missing"].line - 1]


def test_a_photo_named_as_another_kind_is_told(data: Path) -> None:
    path = photo(data, "wrong.png", "JPEG")
    assert [item.rule for item in check(data, TODAY) if item.path == path] == ["picture-kind"]


def test_words_and_steps_are_read_without_their_pictures() -> None:
    answer = ANSWER.format("a.svg")
    assert steps_of(answer) == ["点开「交易记录」。"]
    assert sentences_of(answer) == ["先看记录。", "点开「交易记录」。"]
    assert "示意图" not in plain(answer)
    assert pictures.in_words(answer).endswith("[示意图：点开「交易记录」]")


def test_the_shipped_drawings_are_what_their_descriptions_say() -> None:
    assert list(drawn.check(ROOT / "data")) == []
    found = drawn.descriptions(ROOT / "data")
    assert len(found) >= 40
    for path in found:
        text = path.with_suffix(".svg").read_text(encoding="utf-8")
        assert ">示意图</text>" in text
        assert "以您手机上的页面为准" in text


def test_a_changed_description_is_told_until_it_is_drawn(data: Path) -> None:
    described = "title: 找到记录\nbar: 钱包\nparts:\n  - row: 交易记录\n    tap: 1\nsteps: [点它]\n"
    path = put(data, "open.yml", described)
    write(data, "pay-failed", ANSWER.format("open.svg"))
    found = {item.path: item.rule for item in check(data, TODAY)}
    assert found[path.with_suffix(".svg")] == "picture-changed"
    run = CliRunner()
    assert run.invoke(main, ["--data", str(data), "pictures", "draw"]).exit_code == 0
    assert check(data, TODAY) == []
    path.write_text(described.replace("交易记录", "全部记录"), encoding="utf-8")
    (changed,) = check(data, TODAY)
    assert changed.rule == "picture-changed"
    assert "pictures draw" in changed.fix


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ("title: 甲\nbar: 乙\nparts:\n  - lever: 丙\nsteps: []\n", "lever"),
        ("title: 甲\nbar: 乙\nparts:\n  - row: 丙\n    tap: 2\nsteps: [点它]\n", "taps"),
        (f"title: 甲\nbar: 乙\nparts:\n  - row: {'很长' * 9}\nsteps: []\n", "放不下"),
        ("bar: 乙\nparts: [blank]\n", "title"),
    ],
)
def test_a_description_that_cannot_be_drawn_is_told(data: Path, described: str, said: str) -> None:
    path = put(data, "bad.yml", described)
    found = [item for item in check(data, TODAY) if item.path == path]
    assert found
    assert said in "".join(item.why for item in found)


def test_words_that_mean_something_to_xml_are_drawn_as_they_are() -> None:
    raw = b"title: a<b & c\nbar: 1 < 2\nparts:\n  - row: R&D\nsteps: []\n"
    made = drawing.draw(screens.read(Path("x.yml"), raw))
    assert "R&amp;D" in made
    assert "a&lt;b" in made
    with pytest.raises(BadContent):
        screens.read(Path("x.yml"), b"[]")


def test_articles_with_steps_and_no_picture_are_listed(data: Path) -> None:
    write(data, "refund-how", "先看。\n\n1. 一步。\n2. 两步。")
    done = CliRunner().invoke(main, ["--data", str(data), "pictures", "missing"])
    assert "refund/refund-how" in done.output
    assert "pay-failed" not in done.output
