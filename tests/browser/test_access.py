"""What keeps pages usable for everybody: names, labels, one heading, contrast, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opening, Site, claim, close, sign_in

# Walks the page and the chat's shadow root; returns a line for every fault.
AUDIT = r"""
() => {
  const faults = [];
  const all = (root) => [...root.querySelectorAll("*")]
    .flatMap((node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
  const seen = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const nodes = all(document).filter(seen);
  const words = (node) => (node.textContent || "").trim().slice(0, 20);
  const tag = (node) => `${node.localName}.${node.className} ${words(node)}`;
  const field = "input:not([type=hidden]), textarea";
  const nameOf = (node) => (node.getAttribute("aria-label") || node.textContent ||
    node.title || node.labels?.[0]?.textContent || "").trim();
  for (const node of nodes) {
    if (node.matches(`button, a[href], select, ${field}`) && !nameOf(node))
      faults.push(`no name: ${tag(node)}`);
    if (node.localName === "img" && !node.hasAttribute("alt")) faults.push(`no alt: ${node.src}`);
    if (node.matches(field) && parseFloat(getComputedStyle(node).fontSize) < 16)
      faults.push(`input below 16 px: ${tag(node)}`);
    const controls = node.getAttribute("aria-controls");
    if (controls && !node.getRootNode().getElementById(controls))
      faults.push(`aria-controls points nowhere: ${tag(node)}`);
  }
  if (nodes.filter((node) => node.localName === "h1").length !== 1)
    faults.push("not one h1");
  if (!document.documentElement.lang) faults.push("no language");
  if (document.documentElement.scrollWidth > innerWidth) faults.push("scrolls sideways");
  const rgb = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const light = ({ r, g, b }) => [r, g, b].map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.assignedSlot || at.parentElement || at.getRootNode().host) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color.a > 0.9) return color;
    }
    return rgb(getComputedStyle(document.documentElement).colorScheme.includes("dark") &&
      matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(18,18,18)" : "rgb(255,255,255)");
  };
  for (const node of nodes) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    const style = getComputedStyle(node);
    if (!own || node.disabled || style.clipPath !== "none" || node.closest("noscript")) continue;
    const [one, two] = [light(rgb(style.color)), light(ground(node))].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (one + 0.05) / (two + 0.05);
    if (ratio < (large ? 3 : 4.5)) faults.push(`contrast ${ratio.toFixed(2)}: ${tag(node)}`);
  }
  return faults;
}
"""
PAGES = ["/", "/category/security", "/faq/fraud-money-sent", "/faq/pay-failed", "/nothing",
         "/search?q=扣了两次钱", "/search?q=今天天气怎么样", "/cases", "/desk/login"]  # fmt: skip


def faults(page: Page) -> list[str]:
    return page.evaluate(AUDIT)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [True, False])
def test_every_page_can_be_named_read_and_fits(
    site: Site, visitor: Opening, scheme: str, phone: bool
) -> None:
    page = visitor(phone=phone, color_scheme=scheme).new_page()
    found = {}
    for path in PAGES:
        page.goto(site.url + path)
        if found_here := faults(page):
            found[path] = found_here
    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chat_and_the_desk_can_be_named_and_read(
    site: Site, visitor: Opening, scheme: str
) -> None:
    page = visitor(phone=True, color_scheme=scheme).new_page()
    page.goto(f"{site.url}/app")
    page.fill("xiaohu-chat textarea", "付款失败，密码是hunter2024")
    page.press("xiaohu-chat textarea", "Enter")
    page.locator("xiaohu-chat .article").wait_for()
    assert faults(page) == []
    page.locator("xiaohu-chat .human").click()
    page.locator("xiaohu-chat .ways [data-way=chat]").wait_for()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.locator("xiaohu-chat .menu-open").click()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="没解决").click()
    page.locator("xiaohu-chat .queue").wait_for()
    assert faults(page) == []
    desk = visitor(color_scheme=scheme).new_page()
    sign_in(desk, site, "zhou")
    claim(desk, page)
    desk.locator("#talk .message").first.wait_for()
    assert faults(desk) == []
    desk.keyboard.press("/")
    expect(desk.get_by_role("combobox", name="搜索常用回复和解答")).to_be_focused()
    desk.locator("#canned-list [role=option]").first.wait_for()
    assert faults(desk) == []
    desk.keyboard.press("Escape")
    desk.get_by_role("button", name="转接", exact=True).click()
    assert faults(desk) == []
    desk.keyboard.press("Escape")
    close(desk)
    page.locator("xiaohu-chat .after").wait_for()
    page.locator("xiaohu-chat .stars label").last.click()
    assert faults(page) == []


def test_the_chat_is_a_log_that_speaks_only_of_what_is_new_and_keeps_the_focus(
    site: Site, foreign: str, visitor: Opening
) -> None:
    page = visitor(phone=True).new_page()
    page.goto(foreign)
    page.locator("xiaohu-chat .launcher").focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="小狐客服")
    panel.wait_for()
    assert panel.get_attribute("aria-modal") == "true"
    log = page.get_by_role("log", name="与小狐客服的对话")
    log.locator(".message").first.wait_for()
    page.fill("xiaohu-chat textarea", "付款失败")
    page.press("xiaohu-chat textarea", "Enter")
    page.locator("xiaohu-chat .article").wait_for()
    assert log.get_attribute("aria-live") == "polite"
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.localName") == "xiaohu-chat"
    page.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    focused = page.evaluate("document.activeElement.shadowRoot.activeElement.className")
    assert focused == "launcher"
