"""Beyond what it can do at once, web says no at once, and to nobody whom a person serves."""

from __future__ import annotations

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from tests.web.conftest import Colleague, Customer, csrf
from web.admission import Busy, Gate
from web.assistant.client import FAILURES, Bot, BotDown


def refused(response) -> int:
    """Check that a response is the polite no; returns when to come again."""
    assert response.status_code == 503
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["type"].endswith(":busy")
    assert response.get_json()["retry_after"] == int(response.headers["Retry-After"])
    return int(response.headers["Retry-After"])


def test_a_gate_lets_so_many_in_and_counts_them_out_again():
    gate = Gate("turns", 2)
    with gate.passing(), gate.passing():
        with pytest.raises(Busy):
            gate.enter()
        with gate.passing(reserve=1):
            assert gate.inside == 3
    assert (gate.inside, gate.refused) == (0, 1)


def test_a_stream_counts_from_its_beginning_to_its_end_however_it_ends():
    gate = Gate("streams", 1)
    never_begun = gate.during(iter("abc"))
    with pytest.raises(Busy):
        gate.during(iter("abc"))
    never_begun.close()
    never_begun.close()
    assert list(gate.during(iter("abc"))) == ["a", "b", "c"]

    def breaks():
        yield "a"
        raise OSError("gone")

    broken = gate.during(breaks())
    assert next(broken) == "a"
    with pytest.raises(OSError, match="gone"):
        next(broken)
    assert gate.inside == 0


@pytest.fixture
def full(bot, make):
    """An app that does two turns at once, and is doing them."""
    app = make(max_turns=2, bot_timeout=60)
    customers = [Customer(_at(app, number)) for number in range(4)]
    over = threading.Event()

    def answer(body: dict[str, str]) -> list[dict[str, str]]:
        if body["message"] == "扣了两次钱":
            over.wait(60)
        return [{"text": "好的"}]

    bot.replies = answer
    with ThreadPoolExecutor(2) as threads:
        working = [threads.submit(lambda one=one: one.post("扣了两次钱")) for one in customers[:2]]
        gate = app.extensions["services"].admission.turns
        while gate.inside < 2:
            time.sleep(0.01)
        yield app, customers[2:]
        over.set()
        assert [one.result().status_code for one in working] == [201, 201]
    assert gate.inside == 0


def _at(app, number):
    """A browser at an address, and in a range, of its own: one alone never takes all turns."""
    client = app.test_client()
    client.environ_base = {**client.environ_base, "REMOTE_ADDR": f"198.51.{number}.7"}
    return client


def test_beyond_the_limit_of_turns_nothing_is_stored_and_the_no_is_quick(full):
    app, (xiaolin, _) = full
    before = xiaolin.read()["events"]
    began = time.perf_counter()
    response = xiaolin.post("怎么退款", client_id="client-0009")
    took = time.perf_counter() - began
    assert refused(response) >= 1
    assert took < 5  # some ms; the two turns are not over before this test
    refused(app.test_client().post("/api/v1/conversations", json={"channel": "help"}))
    assert xiaolin.read()["events"] == before
    assert app.test_client().get("/livez").status_code == 200


def test_the_way_to_a_person_and_words_to_one_are_always_taken(full):
    app, (xiaolin, ajie) = full
    assert xiaolin.post("转人工", "/human").status_code == 201
    anna = Colleague(app, "anna", "安娜")
    joined = ajie.client.post(f"{ajie.base}/queue", json={}, headers=ajie.headers)
    assert joined.status_code == 200, joined.get_json()
    assert anna.post(f"/conversations/{ajie.id}/claim").status_code == 200
    assert ajie.post("在吗").status_code == 201


def test_streams_beyond_the_limit_are_refused_and_agents_are_not(make):
    app = make(max_streams=1)
    xiaolin, ajie = Customer(app.test_client()), Customer(app.test_client())
    first = xiaolin.client.get(f"{xiaolin.base}/stream", headers=xiaolin.headers)
    assert first.status_code == 200
    refused(ajie.client.get(f"{ajie.base}/stream", headers=ajie.headers))
    anna = Colleague(app, "anna", "安娜")
    assert anna.get("/stream").status_code == 200
    assert ajie.say("扣了两次钱")["events"]
    first.close()
    assert ajie.client.get(f"{ajie.base}/stream", headers=ajie.headers).status_code == 200


def test_uploads_and_sign_ins_have_limits_of_their_own(make):
    app = make(max_uploads=1, max_signins=1)
    admission = app.extensions["services"].admission
    xiaolin = Customer(app.test_client())
    raw = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(raw, "PNG")

    def upload():
        path = f"{xiaolin.base}/attachments?client_id=picture-0001"
        headers = {**xiaolin.headers, "Content-Type": "image/png"}
        return xiaolin.client.post(path, data=raw.getvalue(), headers=headers)

    with admission.uploads.passing():
        refused(upload())
    assert upload().status_code == 201
    with admission.sign_ins.passing():
        client = app.test_client()
        token = csrf(client.get("/desk/login").get_data(as_text=True))
        form = {"name": "anna", "password": "wrong", "csrf_token": token}
        answer = client.post("/desk/login", data=form)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_a_bot_is_not_blamed_for_this_processs_own_lateness(bot):
    late = [0.0]
    client = Bot(bot.url, 1.0, late=lambda: late[0])

    for number in range(FAILURES + 1):
        bot.pause = 1.5
        asked = len(bot.asked)

        def hurry(asked: int = asked) -> None:
            while len(bot.asked) == asked:
                time.sleep(0.01)
            late[0] += 1.0
            bot.pause = 0.0

        thread = threading.Thread(target=hurry)
        thread.start()
        assert client.send("小林", "你好", {}, number) == [{"text": "好的"}]
        thread.join()
    client.close()


def test_a_late_bot_is_still_blamed_for_its_own(bot):
    client = Bot(bot.url, 0.2)
    bot.pause = 0.5
    for number in range(FAILURES):
        with pytest.raises(BotDown):
            client.send("小林", "你好", {}, number)
    asked = len(bot.asked)
    with pytest.raises(BotDown):
        client.send("小林", "你好", {}, 9)
    assert len(bot.asked) == asked
    client.close()
