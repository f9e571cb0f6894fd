"""The bot's words on their page: tried on the customer's phone before they are saved."""

from __future__ import annotations

from playwright.sync_api import expect


def test_a_sentence_is_read_on_the_phone_while_it_is_written(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/words")
    page.get_by_role("link", name="没有答案时的话").click()
    box = page.locator(".word textarea").first
    before = (office.data / "phrases" / "unanswered.yml").read_text(encoding="utf-8")
    box.click()
    expect(page.locator("#keys")).to_contain_text("转人工")
    box.fill("这个我说不准。急事请拨打 {{ police }}。")
    expect(page.locator("#log")).to_contain_text("这个我说不准。急事请拨打 110。")
    assert (office.data / "phrases" / "unanswered.yml").read_text(encoding="utf-8") == before
    box.fill("请把验证码发给我。")
    expect(page.locator("#findings")).to_contain_text("验证码")
    assert page.errors == []


def test_a_synonym_is_tried_with_a_customers_words_before_it_is_saved(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/words/lexicon/synonyms.yml")
    box = page.locator(".word textarea").first
    box.fill(f"提现、呜哩哇啦\n{box.input_value()}")
    page.locator("#line").fill("呜哩哇啦要手续费吗")
    page.locator("#line").press("Enter")
    expect(page.locator("#log")).to_contain_text("换成标准说法：提现")
    expect(page.locator("#log")).to_contain_text("没改以前")
    assert page.errors == []


def test_golden_questions_that_nobody_touched_are_not_called_changed(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/words/faq/golden.jsonl")
    page.get_by_role("button", name="全部问一遍").click()
    rows = (office.data / "faq" / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    expect(page.locator("#log")).to_contain_text(f"{len(rows)} 句标准问题，")
    expect(page.locator("#same")).to_be_visible()
    assert page.errors == []


def test_whoever_may_not_change_a_file_may_not_try_it(office) -> None:
    client = office.sign_in("chen")
    sent = {"message": "我不想活了"}
    assert client.post("/editor/api/safety/safety/life.yml/try", json=sent).status_code == 403
    answer = client.post("/editor/api/words/lexicon/acts.yml/try", json={"message": "谢谢"})
    assert answer.json()["told"][0] == {"kind": "mine", "html": "", "text": "谢谢"}
