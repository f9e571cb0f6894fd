"""The help center's pages: without JavaScript, by keyboard, by vote."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opening, Site


def test_without_javascript_a_visitor_searches_reads_votes_and_finds_a_human(
    site: Site, visitor: Opening
) -> None:
    page = visitor(java_script_enabled=False).new_page()
    page.goto(site.url)
    page.fill("#q-hero", "退款多久到账")
    page.press("#q-hero", "Enter")
    expect(page.locator("h1")).to_contain_text("退款多久到账")
    opened = page.locator(".results .opened h2 a")
    question = opened.inner_text()
    opened.click()
    expect(page.locator("article h1")).to_have_text(question)
    expect(page.locator("a[href='/app']").first).to_be_visible()
    page.get_by_role("button", name="没帮助").click()
    expect(page.locator("#feedback")).to_contain_text("可以直接找人工客服")


def test_suggestions_are_walked_by_arrows_chosen_by_enter_and_closed_by_escape(
    site: Site, visitor: Opening
) -> None:
    page = visitor().new_page()
    page.goto(site.url)
    page.keyboard.press("/")
    box = page.locator("#q-hero")
    expect(box).to_be_focused()
    page.keyboard.type("退款")
    options = page.locator("#s-hero [role=option]")
    options.nth(1).wait_for()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    options.first.wait_for()
    chosen = options.first.inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("article h1")).to_have_text(chosen)
    page.keyboard.press("Control+k")
    expect(page.locator("#q-top")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.locator("#q-top")).to_have_value("a/b")


def test_every_suggestion_leads_to_the_article_that_it_stands_for(
    site: Site, visitor: Opening
) -> None:
    page = visitor(phone=True).new_page()
    told = page.request.get(f"{site.url}/api/v1/suggestions?q=支付失败").json()["suggestions"]
    assert len(told) > 1
    for at, suggestion in enumerate(told):
        page.goto(site.url)
        page.fill("#q-hero", "支付失败")
        option = page.locator("#s-hero [role=option]").nth(at)
        expect(option).to_have_text(suggestion["text"])
        option.click()
        faq = page.request.get(f"{site.url}/api/v1/faqs/{suggestion['id']}").json()
        expect(page.locator("article h1")).to_contain_text(faq["question"])


def test_not_helpful_offers_a_human_and_sends_one_vote_with_its_reason(
    site: Site, visitor: Opening
) -> None:
    page = visitor().new_page()
    votes: list[dict] = []
    page.on(
        "request",
        lambda request: (
            votes.append(request.post_data_json) if request.url.endswith("/feedback") else None
        ),
    )
    page.goto(f"{site.url}/faq/pay-failed")
    page.get_by_role("button", name="没帮助").click()
    expect(page.locator("#feedback a.button")).to_have_text("转人工客服")
    page.get_by_role("button", name="照做了，没解决").click()
    page.get_by_text("已经记下了").wait_for()
    page.locator("#feedback a.button").click()
    page.locator("xiaohu-chat .ways [data-way=chat]").click()
    page.locator("xiaohu-chat .queue").wait_for()
    assert votes == [{"helpful": False, "reason": "no_effect"}]
    page.get_by_role("button", name="取消排队").click()
    page.get_by_text("已取消排队").wait_for()


def test_an_urgent_article_opens_with_what_to_do_now_and_a_human(
    site: Site, visitor: Opening
) -> None:
    page = visitor(phone=True).new_page()
    page.goto(f"{site.url}/faq/fraud-money-sent")
    now = page.get_by_role("note", name="现在就做")
    expect(now).to_be_in_viewport()
    expect(now.get_by_role("link", name="转人工客服")).to_be_in_viewport()


def test_a_search_that_nothing_answers_says_so_and_offers_a_human(
    site: Site, visitor: Opening
) -> None:
    page = visitor().new_page()
    page.goto(f"{site.url}/search?q=今天天气怎么样")
    expect(page.get_by_text("没有找到")).to_be_visible()
    assert page.locator(".list li").count() <= 3
    expect(page.get_by_role("link", name="找人工客服")).to_be_visible()


def test_crawlers_get_structured_data_a_canonical_address_and_every_page(
    site: Site, visitor: Opening
) -> None:
    page = visitor().new_page()
    page.goto(f"{site.url}/faq/pay-failed?from=mail")
    assert page.locator("link[rel=canonical]").get_attribute("href") == f"{site.url}/faq/pay-failed"
    told = page.evaluate(
        "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"
    )
    assert told["@type"] == "FAQPage"
    assert told["mainEntity"][0]["name"] == "支付失败怎么办"
    listed = page.request.get(f"{site.url}/sitemap.xml").text()
    assert listed.count("<loc>") >= 1 + 8 + 110
    assert page.request.get(f"{site.url}/faq/nothing-of-that-name").status == 404
