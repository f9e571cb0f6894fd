"""A turn that would not end is given up, and the customer gets an answer all the same."""

from __future__ import annotations

import asyncio
import re
import signal
import threading
import time

import pytest

APOLOGY = {"text": "抱歉，刚才没能办成。", "buttons": [{"title": "转人工", "payload": "/human"}]}


def told(replies):
    return [{key: reply.get(key) for key in ("text", "buttons")} for reply in replies]


@pytest.mark.parametrize("said", ["卡住", "睡着"])
def test_what_never_ends_is_answered_with_the_apology_and_a_human(talk, said):
    talk.say("记住 退款")
    began = time.monotonic()
    assert told(talk.replies(said, patience=0.3)) == [APOLOGY]
    assert time.monotonic() - began < 60
    assert talk.say("想起") == ["退款"]


def test_a_turn_in_circles_is_ended_with_the_apology_and_a_human(talk, caplog):
    assert told(talk.replies("绕圈"))[-1] == APOLOGY
    assert [one.getMessage() for one in caplog.records if one.name == "bot.runtime.assistant"] == [
        "a turn was given up after 10 actions"
    ]
    assert talk.say("想起") == ["绕圈"]


def test_others_are_answered_while_one_waits(talk, run):
    from bot.runtime.assistant import answer
    from bot.runtime.message import Message

    async def both():
        slow = asyncio.ensure_future(answer(talk.agent, Message("阿杰", "睡着", {}), 5))
        await asyncio.sleep(0.1)
        quick = await answer(talk.agent, Message("小林", "记住 退款", {}))
        assert not slow.done()
        return quick, await slow

    quick, slow = run(both())
    assert quick[0]["text"] == "记住了：退款"
    assert told(slow) == [APOLOGY]


def test_a_pattern_that_explodes_is_cut_short(run):
    from bot.runtime.watch import TurnTooLong, within

    async def explode():
        return re.match("(a+)+$", "a" * 60 + "b")

    began = time.monotonic()
    with pytest.raises(TurnTooLong):
        run(within(0.3, explode()))
    assert time.monotonic() - began < 60


def test_a_turn_in_time_gives_what_it_gives_and_leaves_alarms_as_they_were(run):
    from bot.runtime.watch import within

    async def work():
        await asyncio.sleep(0)
        return "好"

    async def fail():
        await asyncio.sleep(0)
        raise KeyError

    before, timer = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0]
    assert run(within(1, work())) == "好"
    with pytest.raises(KeyError):
        run(within(1, fail()))
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == pytest.approx(timer, abs=1)


def test_outside_of_the_main_thread_pauses_are_bounded():
    from bot.runtime.watch import TurnTooLong, within

    ended = []

    def work():
        try:
            asyncio.run(within(0.2, asyncio.sleep(60)))
        except TurnTooLong:
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(5)
    assert ended == [True]
