"""Two who save at the same moment, or one who presses three times: the site goes on answering."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from playwright.sync_api import expect

from tests.product import PATIENCE, PLAIN

AT_MOST = 3.0  # seconds for /livez, or half of what was done meanwhile on a busy machine


@dataclass
class Pulse:
    """How long /livez took, asked without a pause."""

    seconds: list[float] = field(default_factory=list)


@contextmanager
def beating(url: str) -> Iterator[Pulse]:
    """Ask /livez all the while, and see that every answer came in time."""
    pulse, over = Pulse(), threading.Event()

    def ask() -> None:
        with httpx.Client(trust_env=False, timeout=PATIENCE, verify=PLAIN) as client:
            while not over.wait(0.02):
                begun = time.monotonic()
                assert client.get(f"{url}/livez").status_code == 200
                pulse.seconds.append(time.monotonic() - begun)

    begun = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        try:
            yield pulse
        finally:
            over.set()
        asking.result(PATIENCE)
    assert pulse.seconds
    assert max(pulse.seconds) < max(AT_MOST, (time.monotonic() - begun) / 2)


def draft(client: httpx.Client, category: str, faq_id: str, answer: str) -> dict[str, object]:
    """Write what the page would send for an FAQ as it stands, with another answer."""
    stored = client.get(f"/editor/api/faqs/{category}/{faq_id}").json()
    limits = {name: stored["fields"][name] or None for name in ("valid_from", "valid_until")}
    sent = {**stored["fields"], **limits, "answer": answer, "version": stored["version"]}
    return sent | {"id": faq_id, "category": category, "flow": sent["flow"] or None}


def save(client: httpx.Client, sent: dict[str, object]) -> httpx.Response:
    return client.put(f"/editor/api/faqs/{sent['id']}", json=sent)


def together(*works: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """Begin all at the same moment."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], httpx.Response]) -> httpx.Response:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        running: list[Future[httpx.Response]] = [pool.submit(run, work) for work in works]
        return [one.result(90) for one in running]


def test_two_save_different_ones_at_once_and_both_are_live(office) -> None:
    chen, wu = office.sign_in("chen"), office.sign_in("wu")
    first = draft(chen, "fee", "fee-transfer", "小陈写的：转账的费用以页面显示为准。")
    second = draft(wu, "payment", "utility-bill-how", "小吴写的：在「生活缴费」里交。")
    with beating(office.url):
        answers = together(lambda: save(chen, first), lambda: save(wu, second))
    assert [answer.status_code for answer in answers] == [200, 200], [a.text for a in answers]
    for sent in (first, second):
        live = office.get(f"/api/v1/faqs/{sent['id']}").json()
        assert live["answer"] == sent["answer"]
    for client, sent, who in ((chen, first, "小陈"), (wu, second, "小吴")):
        path = f"/editor/api/faqs/{sent['category']}/{sent['id']}/versions"
        assert client.get(path).json()["versions"][0]["who"] == who


def test_two_save_the_same_one_at_once_and_the_second_is_told(office) -> None:
    chen, wu = office.sign_in("chen"), office.sign_in("wu")
    sent = [draft(who, "account", "password-strong", f"{who} 的。") for who in (chen, wu)]
    for one, name in zip(sent, ("小陈", "小吴"), strict=True):
        one["answer"] = f"{name}写的：密码要长一些。"
    with beating(office.url):
        answers = together(lambda: save(chen, sent[0]), lambda: save(wu, sent[1]))
    assert sorted(answer.status_code for answer in answers) == [200, 409], [a.text for a in answers]
    won = next(place for place, answer in enumerate(answers) if answer.status_code == 200)
    told = answers[1 - won].json()
    assert told["type"].endswith("changed-meanwhile")
    assert str(sent[won]["answer"]) in told["now"]
    live = office.get("/api/v1/faqs/password-strong").json()["answer"]
    assert live == sent[won]["answer"]


def test_a_save_that_waits_for_a_lock_holds_up_nobody_and_is_refused_in_the_end(office) -> None:
    chen = office.sign_in("chen")
    sent = draft(chen, "fee", "fee-withdraw", "提现的费用以页面显示为准。")
    with (office.var / "editing.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with beating(office.url) as pulse:
            refused = save(chen, sent)
    assert refused.status_code == 503
    assert refused.json()["type"].endswith("busy")
    assert int(refused.headers["Retry-After"]) > 0
    assert len(pulse.seconds) > 20
    assert save(chen, sent).status_code == 200


def test_three_presses_of_ctrl_s_end_in_one_saved_state(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/faq/phone-busy")
    page.wait_for_selector("#tried ol li")
    page.fill("#answer", "第一次按下时写的。")
    with beating(office.url):
        for _ in range(3):
            page.keyboard.press("Control+s")
            page.wait_for_timeout(60)
        expect(page.locator("#state")).to_have_class("good")
    expect(page.locator("#clash")).to_be_hidden()
    live = office.get("/api/v1/faqs/phone-busy").json()["answer"]
    assert live == "第一次按下时写的。"
    expect(page.locator("#versions li", has_text="小陈")).to_have_count(1)


def test_what_is_typed_while_a_save_runs_is_saved_by_the_next_press(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/faq/withdraw-how")
    page.wait_for_selector("#tried ol li")
    page.fill("#answer", "先写的一句。")
    page.keyboard.press("Control+s")
    page.fill("#answer", "后写的一句。")
    page.keyboard.press("Control+s")
    expect(page.locator("#state")).to_have_class("good")
    live = office.get("/api/v1/faqs/withdraw-how").json()["answer"]
    assert live == "后写的一句。"


def test_what_is_typed_into_words_while_a_save_runs_is_unsaved_still_and_saved_next(
    office, enter
) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/words/phrases/dialogue.yml")
    boxes = page.locator(".word textarea")
    expect(page.locator("#differ-title")).to_be_visible()
    with (office.var / "editing.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        boxes.nth(0).fill("先写的一句话。")
        page.keyboard.press("Control+s")
        expect(page.locator("#state")).to_contain_text("正在保存")
        boxes.nth(1).fill("后写的一句话。")
    expect(page.locator("#state")).to_contain_text("有没保存的修改")
    page.keyboard.press("Control+s")
    expect(page.locator("#said")).to_contain_text("已保存")
    text = (office.data / "phrases" / "dialogue.yml").read_text(encoding="utf-8")
    assert "先写的一句话。" in text
    assert "后写的一句话。" in text


def test_nothing_that_an_editor_does_stops_the_loop(office) -> None:
    chen = office.sign_in("chen")
    begun = len(office.log.read_text(encoding="utf-8"))
    sent = draft(chen, "refund", "refund-time", "退款到账的时间以页面显示为准。")
    for path in ("/editor", "/editor/report", "/editor/deleted", "/editor/announcements"):
        assert chen.get(path).status_code == 200
    assert chen.post("/editor/api/judge", json=sent).status_code == 200
    assert chen.post("/editor/api/try", json={"text": "退款多久到", "draft": sent}).is_success
    assert chen.post("/editor/api/neighbours", json=sent).is_success
    kept = save(chen, sent).json()["version"]
    rolled = chen.get("/editor/api/faqs/refund/refund-time/versions").json()["versions"][-1]
    body = {"revision": rolled["revision"], "version": kept}
    assert chen.post("/editor/api/faqs/refund/refund-time/rollback", json=body).is_success
    told = office.log.read_text(encoding="utf-8")[begun:]
    assert "appears to be blocked" not in told, told[-3000:]
