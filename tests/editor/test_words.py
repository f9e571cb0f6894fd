"""The bot's words on their page: tried on the customer's phone before they are saved."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from web.desk.hours import Hours

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_sentence_is_read_on_the_phone_while_it_is_written(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/words")
    page.get_by_role("link", name="没有答案时的话").click()
    box = page.locator(".word textarea").first
    before = (office.data / "phrases" / "unanswered.yml").read_text(encoding="utf-8")
    expect(page.locator("#save")).to_be_enabled()  # the script listens
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


def test_the_phone_beside_says_that_it_tries_until_it_has_an_answer(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/words/lexicon/synonyms.yml")
    page.route("**/synonyms.yml/try", lambda route: None)  # never answered
    page.locator("#line").fill("提现要手续费吗")
    page.locator("#line").press("Enter")
    expect(page.locator("#log")).to_have_text("正在试…")


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


def test_a_lead_edits_hours_by_fields_live_with_nights_days_off_and_days_worked_instead(
    office, enter
) -> None:
    page = enter("zhou", "desk")
    page.goto(f"{office.url}/console/board")
    page.get_by_role("link", name="服务时间").click()
    chat = page.locator("fieldset", has=page.locator("legend", has_text="在线客服"))
    for day in ("周六", "周日"):
        chat.get_by_label(day).uncheck()
    chat.get_by_label("从几点").fill("21:00")
    chat.get_by_label("到几点").fill("02:00")
    expect(chat).to_contain_text("到第二天")
    expect(chat).to_contain_text("不开的日子：周六、周日")
    page.get_by_role("button", name="＋ 加节假日").click()
    page.get_by_label("第一天").fill("2027-10-01")
    page.get_by_label("最后一天").fill("2027-10-07")
    page.get_by_role("button", name="＋ 加调休").click()
    page.get_by_label("哪一天").fill("2027-10-09")
    page.get_by_label("照星期几").select_option(label="周三")
    # 9 October 2027 is a Saturday, worked like a Wednesday: its night is tried before it is saved
    page.locator("#line").fill("2027-10-10T01:00")
    page.get_by_role("button", name="看", exact=True).click()
    expect(page.locator("#log")).to_contain_text("在线客服：开着")
    page.get_by_role("button", name="保存并上线").click()
    expect(page.locator("#said")).to_contain_text("已保存")
    text = (office.data / "hours.yml").read_text(encoding="utf-8")
    assert '{mon-fri: "21:00-02:00"}' in text
    assert "holidays: [2027-10-01..2027-10-07]" in text
    assert "workdays: {2027-10-09: wed}" in text
    assert "# How busy the lines are, on working days." in text  # comments stay
    hours = Hours.read(office.data / "hours.yml")
    assert hours.is_open("chat", datetime(2027, 10, 10, 1, tzinfo=SHANGHAI))
    assert not hours.is_open("chat", datetime(2027, 10, 4, 22, tzinfo=SHANGHAI))
    page.goto(f"{office.url}/editor/versions?file=hours.yml")
    expect(page.locator("main")).to_contain_text("老周")
    assert page.errors == []


def test_a_span_without_an_end_is_not_saved_and_an_editor_may_edit_hours_too(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/words")
    page.get_by_role("link", name="服务时间").click()
    before = (office.data / "hours.yml").read_text(encoding="utf-8")
    call = page.locator("fieldset", has=page.locator("legend", has_text="回电"))
    call.get_by_role("button", name="＋ 加一段").click()
    call.get_by_label("从几点").last.fill("19:00")
    expect(page.locator("#findings")).to_contain_text("营业时间里的「19:00-」不是时间段")
    page.get_by_role("button", name="保存并上线").click()
    expect(page.locator("#state")).to_contain_text("没有保存")
    assert (office.data / "hours.yml").read_text(encoding="utf-8") == before
