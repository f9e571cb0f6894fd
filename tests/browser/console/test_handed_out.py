"""Cases that are handed out: each rings at one agent, may be passed on, and comes back to them."""

from __future__ import annotations

import time

from playwright.sync_api import Page, expect

from tests.browser.cast import assemble, conversation_of, in_hands
from tests.browser.conftest import Opening, Site, ask_human, close, reply
from tests.browser.console.test_lead import handing as handing
from tests.product import PATIENCE


def offered(*desks: Page) -> Page:
    """Wait until a case is offered, and return the desk at which."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for desk in desks:
            if desk.locator(".offer").is_visible():
                return desk
        desks[0].wait_for_timeout(100)
    raise AssertionError("it was offered to nobody")


def take(desk: Page) -> None:
    desk.locator(".offer").get_by_role("button", name="接入").click()
    desk.locator("#talk .composer").wait_for()


def test_one_passes_on_the_other_takes_and_who_comes_back_rings_where_they_were(
    handing: Site, visitor: Opening
) -> None:
    cast = assemble(handing, visitor)
    desks = {cast.anna: "安娜", cast.zhou: "老周"}
    ask_human(cast.xiaolin)
    passing = offered(*desks)
    taking = next(desk for desk in desks if desk is not passing)
    expect(taking.locator(".offer")).to_be_hidden()
    passing.locator(".offer").get_by_role("button", name="让给下一位").click()
    assert offered(taking) is taking
    expect(passing.locator(".offer")).to_be_hidden()
    take(taking)
    # whoever is longest without a new case is next
    ask_human(cast.ajie)
    assert offered(*desks) is passing
    take(passing)
    xiaolin, ajie = conversation_of(cast.xiaolin), conversation_of(cast.ajie)
    both = sorted(((xiaolin, desks[taking]), (ajie, desks[passing])))
    assert in_hands(handing) == both
    reply(taking, "小林您好")
    reply(passing, "阿杰您好")
    expect(cast.xiaolin.locator("xiaohu-chat .message.agent")).to_contain_text(["小林您好"])
    expect(cast.ajie.locator("xiaohu-chat .message.agent")).to_contain_text(["阿杰您好"])

    close(taking)
    assert in_hands(handing) == [(ajie, desks[passing])]
    cast.xiaolin.get_by_role("button", name="重新打开").click()
    assert offered(*desks) is taking
    take(taking)
    assert in_hands(handing) == both
    close(taking)
    close(passing)
    assert in_hands(handing) == []
