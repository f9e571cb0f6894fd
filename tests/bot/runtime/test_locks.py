"""How long a message waits for the one before it."""

from __future__ import annotations

import asyncio


def test_the_second_of_two_quick_messages_waits_in_short_steps(run, monkeypatch):
    from rasa.core import lock_store

    from bot.runtime.locks import WAIT_SECONDS, open_locks

    waits: list[float] = []
    sleep = asyncio.sleep

    async def counted(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    monkeypatch.setattr(lock_store.asyncio, "sleep", counted)
    locks, order = open_locks(), []

    async def hold(name: str, turns: int) -> None:
        async with locks.lock("小林"):
            for _ in range(turns):
                await sleep(0)
            order.append(name)

    async def both() -> None:
        await asyncio.gather(hold("first", 5), hold("second", 0))

    run(both())
    assert order == ["first", "second"]
    assert WAIT_SECONDS == 0.02
    assert set(waits) == {WAIT_SECONDS}


def test_two_quick_messages_are_both_answered_in_order(talk, run):
    from bot.runtime.assistant import answer
    from bot.runtime.message import Message

    async def both():
        return await asyncio.gather(
            answer(talk.agent, Message("小林", "记住 退款", {})),
            answer(talk.agent, Message("小林", "想起", {})),
        )

    first, second = run(both())
    assert [first[0]["text"], second[0]["text"]] == ["记住了：退款", "退款"]


def test_a_redis_url_is_understood_whole():
    from bot.runtime.locks import open_locks

    locks = open_locks("redis://bot:p%40ss@redis.example:7000/3")
    given = locks.red.connection_pool.connection_kwargs
    asked = {name: given[name] for name in ("host", "port", "db", "username", "password")}
    assert asked == {
        "host": "redis.example", "port": 7000, "db": 3, "username": "bot", "password": "p@ss",
    }  # fmt: skip
    assert locks.key_prefix.startswith("xiaohubot:")
