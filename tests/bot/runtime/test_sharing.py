"""Several bots share one memory: whoever comes second goes on from where the first one left."""

from __future__ import annotations

import asyncio
import multiprocessing

import pytest


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/bot/tracker.db"


def answered(talk, text, event):
    from bot.runtime.assistant import answer
    from bot.runtime.message import Message

    return answer(talk.agent, Message("小林", text, {}, event))


def interrupted(talk, by, times=1):
    """Have another coroutine run to its end whenever this bot has just read the conversation."""
    memory = talk.agent.tracker_store
    read = memory.retrieve
    left = [times]

    async def retrieve(sender):
        found = await read(sender)
        if left[0] and sender == "小林":
            left[0] -= 1
            # a task of its own, so that it has its own event and key
            await asyncio.ensure_future(by())
        return found

    memory.retrieve = retrieve


def texts(replies):
    return [reply["text"] for reply in replies if "text" in reply]


def test_one_bot_goes_on_where_the_other_left(start, run, url) -> None:
    one, other = start(url), start(url)
    assert texts(run(answered(one, "订", 1))) == ["多大？"]
    assert texts(run(answered(other, "大的", 3))) == ["什么颜色？"]
    assert texts(run(answered(one, "红的", 5))) == ["订好了：大的，红的"]


@pytest.mark.parametrize("before", [None, "记住 转账"])
def test_two_bots_with_one_conversation_at_once_lose_neithers_turn(start, run, url, before) -> None:
    one, other = start(url), start(url)
    if before:
        run(answered(one, before, 1))
    interrupted(one, lambda: answered(other, "订", 3))
    # read before 订, kept after it: it is answered anew, as the form's first answer
    assert texts(run(answered(one, "大的", 5))) == ["什么颜色？"]
    assert texts(run(answered(other, "红的", 7))) == ["订好了：大的，红的"]
    assert texts(run(answered(other, "大的", 5))) == ["什么颜色？"]


def test_a_conversation_that_never_stands_still_keeps_nothing_half(start, run, url) -> None:
    from bot.runtime.replies import MovedMeanwhile

    one, other = start(url), start(url)
    numbers = iter(range(100, 200))

    async def go_on():
        number = next(numbers)
        await answered(other, f"记住 {number}", number)

    interrupted(one, go_on, times=99)
    with pytest.raises(MovedMeanwhile):
        run(answered(one, "记住 退款", 1))
    assert texts(run(answered(other, "想起", 300))) == ["103"]
    assert run(other.agent.tracker_store.begin("小林", 1, ())) is None


def test_many_bots_make_the_memory_at_once(tmp_path) -> None:
    from bot.runtime.memory import open_memory

    forked = multiprocessing.get_context("fork")  # what is imported need not be again
    for attempt in range(5):
        url = f"sqlite:///{tmp_path}/{attempt}/tracker.db"
        together = forked.Barrier(6)

        def begin(url=url, together=together):
            together.wait()
            open_memory(url).close()

        begun = [forked.Process(target=begin) for _ in range(6)]
        for process in begun:
            process.start()
        for process in begun:
            process.join()
        assert [process.exitcode for process in begun] == [0] * 6
