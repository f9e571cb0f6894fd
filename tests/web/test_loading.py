"""What a page costs on the wire: few files, compressed, kept for good, and nothing left out."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from web.pack import Pack, Unpackable

STATIC = Path(__file__).resolve().parents[2] / "web" / "widget" / "static"


def test_the_app_page_names_the_pack_and_what_may_change_and_needs_no_other_to_be_painted(client):
    page = client.get("/app").get_data(as_text=True)
    files = set(re.findall(r'(?:href|src|data-chat)="(/widget/[^"]+)"', page))
    assert {name.rsplit("/", 1)[1] for name in files} == {
        "chat.pack.js", "places.js", "words.js", "flow-words.js"
    }  # fmt: skip
    assert "<main" in page
    assert "stylesheet" not in page
    for name in files:
        assert client.get(name).status_code == 200


def test_the_app_page_lets_its_own_script_run_and_no_other(client):
    answer = client.get("/app")
    policy = answer.headers["Content-Security-Policy"]
    assert len(re.findall(r"(?:script|style)-src 'self' 'sha256-[\w+/=]+';", policy)) == 2
    assert "unsafe" not in policy
    assert "sha256" not in client.get("/").headers["Content-Security-Policy"]


def test_a_pack_holds_every_module_once_and_is_kept_for_good_compressed(client):
    name = re.search(r"/widget/\w+/chat\.pack\.js", client.get("/app").get_data(as_text=True))[0]
    plain = client.get(name)
    text = plain.get_data(as_text=True)
    for module in ("./session.js", "./contact-words.js", "./masking-words.js", "./kernel.js"):
        assert text.count(f"// {module}\n") == 1
    small = client.get(name, headers={"Accept-Encoding": "gzip, br"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "immutable" in small.headers["Cache-Control"]
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 2.5
    assert client.get("/widget/current/app.pack.js").status_code == 404


def test_answers_with_somebody_s_words_and_tokens_are_not_compressed(xiaolin):
    xiaolin.say("付款失败" * 200)
    answer = xiaolin.client.get(
        f"{xiaolin.base}/events", headers={**xiaolin.headers, "Accept-Encoding": "gzip"}
    )
    assert len(answer.data) > 1000
    assert "Content-Encoding" not in answer.headers


def test_a_page_of_the_help_center_is_compressed(client):
    small = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert "小狐" in gzip.decompress(small.data).decode()


def test_a_file_that_did_not_change_is_not_sent_again_compressed_or_not(client):
    first = client.get("/widget/current/chat.css", headers={"Accept-Encoding": "gzip"})
    again = client.get(
        "/widget/current/chat.css",
        headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]},
    )
    assert again.status_code == 304


def test_a_pack_leaves_out_comments_and_nothing_that_only_looks_like_one():
    text = """// What it is for.
/**
 * Say a * b / c.
 * @param {string} a
 */
export function say(a) {
  // why
  const there = /** @type {any} */ (a); // here
  /** @type {RegExp} */
  const slashes = /\\/\\//;
  return `//${there}${slashes}`;
}
"""
    packed = Pack({"./a.js": text}.__getitem__).text("./a.js")
    for gone in ("What it is for", "@param", "// why", "{RegExp}"):
        assert gone not in packed
    for kept in ("/** @type {any} */ (a); // here", "const slashes = /\\/\\//;", "`//${there}"):
        assert kept in packed
    whole = "export const text = `\n// no comment\n`;\n"
    assert "// no comment" in Pack({"./a.js": whole}.__getitem__).text("./a.js")


@pytest.mark.parametrize(
    "text",
    ["export default class {}\n", "export let count = 0;\n", 'import * as all from "./b.js";\n'],
)
def test_what_a_pack_cannot_mean_the_same_is_refused(text):
    with pytest.raises(Unpackable):
        Pack({"./a.js": text, "./b.js": ""}.__getitem__).text("./a.js")


def test_modules_that_import_each_other_are_refused():
    ring = {"./a.js": 'import { b } from "./b.js";\n', "./b.js": 'import { a } from "./a.js";\n'}
    with pytest.raises(Unpackable, match="imports itself"):
        Pack(ring.__getitem__).text("./a.js")


def test_a_pack_leaves_remarks_behind_and_texts_over_several_lines_alone():
    modules = {
        "./a.js": '// Why.\nimport { b } from "./b.js";\n/** Say it. */\nexport const a = b;\n',
        "./b.js": "export const b = `\n// words of a text\n`;\n",
    }
    text = Pack(modules.__getitem__).text("./a.js")
    assert "Why." not in text
    assert "Say it." not in text
    assert "const a = b;" in text
    assert "// words of a text" in text


def test_a_picture_is_enlarged_by_a_module_that_only_a_tap_loads(client):
    name = re.search(r"/widget/\w+/chat\.pack\.js", client.get("/app").get_data(as_text=True))[0]
    pack = client.get(name).get_data(as_text=True)
    assert 'import("./enlarged.js")' in pack
    assert "// ./enlarged.js" not in pack
    late = client.get(name.replace("chat.pack.js", "enlarged.js"))
    assert late.status_code == 200
    assert "immutable" in late.headers["Cache-Control"]
