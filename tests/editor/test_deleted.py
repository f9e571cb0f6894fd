"""Deleted FAQs are listed and come back, from git and from our own versions alike."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from faq.history import open_history
from faq.store import Store
from tests.desk_database import ledger
from tests.start.conftest import until
from web.editor import deleted

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
NAME = "faq/payment/coupon-lost.md"
TEXT = """---
id: coupon-lost
category: payment
question: 优惠券不见了怎么办
similar: [券没了]
updated: 2026-11-20
---

在「福利」里看看是不是过期了。
"""


BEFORE = {"GIT_AUTHOR_DATE": "2026-11-20T09:00:00+00:00"}  # what was written before NOW


def git(folder: Path, *arguments: str) -> None:
    command = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | BEFORE)


@pytest.fixture(params=["git", "alone"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Store]:
    data = tmp_path / "content" / "data"
    path = data / NAME
    path.parent.mkdir(parents=True)
    path.write_text(TEXT, encoding="utf-8")
    if request.param == "git":
        git(data.parent, "init", "-q")
        git(data, "add", ".")
        git(data, "commit", "-qm", "Begin")
    history = open_history(data, ledger(tmp_path))
    assert (history.git is not None) == (request.param == "git")
    return data, Store(data, tmp_path / "var", history)


def every(kept: tuple[Path, Store]) -> list[deleted.Deleted]:
    data, store = kept
    return deleted.every(data, store, frozenset())


def delete(store: Store) -> None:
    store.delete(NAME, store.read(NAME).version, "小陈", NOW)


def test_a_deleted_one_is_listed_with_what_it_held_last(kept: tuple[Path, Store]) -> None:
    data, store = kept
    assert every(kept) == []
    newer = TEXT.replace("是不是", "有没有")
    store.write(NAME, newer, store.read(NAME).version, "小吴", NOW, lambda text: None)
    delete(store)
    (found,) = every(kept)
    assert (found.id, found.category, found.who) == ("coupon-lost", "payment", "小陈")
    assert found.faq is not None
    assert found.faq.question == "优惠券不见了怎么办"
    assert store.text_of(NAME, found.revision) == newer
    assert deleted.one(data, store, "payment", "coupon-lost", frozenset()) == found
    store.write(NAME, newer, "", "小陈", NOW, lambda text: None)
    assert every(kept) == []
    assert deleted.one(data, store, "payment", "coupon-lost", frozenset()) is None


def test_one_that_went_to_another_category_is_not_deleted(kept: tuple[Path, Store]) -> None:
    data, store = kept
    delete(store)
    moved = data / "faq" / "fee" / "coupon-lost.md"
    moved.parent.mkdir()
    moved.write_text(TEXT.replace("payment", "fee"), encoding="utf-8")
    assert every(kept) == []


def test_a_deleted_one_comes_back_with_one_click(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/faq/social-media")
    title = page.input_value("#question")
    page.click("#delete")
    expect(page.locator("#sure-text")).to_contain_text("已删除的问答")
    page.click("#sure-yes")
    expect(page.locator("#said")).to_contain_text(f"已删除「{title}」")
    # Others that name it as related are live all the same.
    expect(page.locator("section.warn")).to_contain_text("相关问题已经不在")
    expect(page.locator("section.bad")).to_have_count(0)
    page.click("#said a")
    page.wait_for_url("**/editor/deleted")
    page.goto(f"{office.url}/editor/faq/social-media")
    assert page.url.endswith("/editor/deleted")
    row = page.locator(".gone > li", has_text=title)
    row.get_by_role("button", name="恢复").click()
    page.wait_for_url("**/editor/faq/social-media")
    expect(page.locator("#state.good")).to_contain_text("已恢复")
    assert office.get("/faq/social-media").status_code == 200
    gone = page.locator("#versions li", has_text="删除")
    expect(gone).to_have_count(1)
    expect(gone.get_by_role("button")).to_have_count(0)
    assert page.errors == []


def test_a_deleted_one_may_be_changed_before_it_comes_back(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/faq/video-why")
    page.click("#delete")
    page.click("#sure-yes")
    page.click("#said a")
    page.locator(".gone > li", has_text="video-why").get_by_text("改好再上线").click()
    expect(page.locator("#id")).to_have_value("video-why")
    page.fill("#answer", "视频客服的时间以 App 内显示为准。")
    page.click("#save")
    page.wait_for_url("**/editor/faq/video-why")
    answer = office.get("/api/v1/faqs/video-why").json()["answer"]
    assert answer.startswith("视频客服的时间以")


def test_one_that_a_flow_answers_with_or_another_links_to_is_not_deleted(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/faq/pay-failed-balance")
    page.click("#delete")
    page.click("#sure-yes")
    expect(page.locator("#state.bad")).to_contain_text("「支付失败」还会带客户到这一篇")
    assert office.get("/faq/pay-failed-balance").status_code == 200
    linking = office.data / "faq" / "video" / "video-why.md"
    text = linking.read_text(encoding="utf-8")
    linking.write_text(f"{text}\n见[表情](/faq/sticker-how#top)。\n", encoding="utf-8")
    linked = office.data / "faq" / "payment" / "sticker-how.md"
    linked.write_text(TEXT.replace("coupon-lost", "sticker-how"), encoding="utf-8")
    until(lambda: office.get("/faq/sticker-how").status_code == 200, "it is live")
    with contextlib.closing(office.sign_in("chen")) as client:
        version = client.get("/editor/api/faqs/payment/sticker-how").json()["version"]
        sent = {"version": version}
        told = client.request("DELETE", "/editor/api/faqs/payment/sticker-how", json=sent)
        assert told.status_code == 422
        assert "什么情况适合用视频客服" in told.json()["findings"][0]["why"]
        linking.write_text(text, encoding="utf-8")
        gone = client.request("DELETE", "/editor/api/faqs/payment/sticker-how", json=sent)
        assert gone.status_code == 200, gone.text
