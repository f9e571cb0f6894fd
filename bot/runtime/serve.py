"""Serves the assistant on loopback: `python -m bot.runtime.serve --port 5005 --model var/models`.

GET /livez answers as soon as the process listens, GET /readyz once model and search are warm.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import datetime as dt
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.runtime.absent import FOR_LOCKS, LEFT_OUT, leave_out
from bot.runtime.models import NoModel, newest
from bot.runtime.quiet import keep_discreet, keep_offline
from bot.runtime.server import Channel
from bot.runtime.settings import BadSettings, BotSettings
from tracing.tracer import open_tracer

if TYPE_CHECKING:
    from rasa.core.agent import Agent

logger = logging.getLogger("bot.runtime")

CLEAN_UP_EVERY = 600.0  # seconds
GRACE = 5.0  # seconds that messages under way get when the bot stops


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code."""
    parser = argparse.ArgumentParser(prog="bot.runtime.serve", description=__doc__)
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (5005)")
    parser.add_argument("--model", type=Path, help="model file, or a folder with models")
    parser.add_argument("--actions", default="actions", help="package of the actions")
    options = parser.parse_args(arguments)
    keep_offline()
    keep_discreet()
    try:
        settings = _overridden(BotSettings.from_env(), options)
        newest(settings.model)
        asyncio.run(serve(settings, options.actions))
    except (BadSettings, NoModel, ImportError, OSError) as error:
        logger.error("cannot serve: %s", error)
        return 1
    except Exception:
        logger.exception("cannot serve")
        return 1
    return 0


async def serve(settings: BotSettings, package: str) -> None:
    """Listen, load the newest model, answer until a signal comes."""
    began = time.monotonic()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    tracer = open_tracer(settings.traces, "xiaohu-bot")
    channel = Channel(settings.secret, tracer)
    runner = web.AppRunner(channel.app(), access_log=None, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, settings.port)
        await site.start()
        loading = _load(settings, package)
        stopping = asyncio.create_task(stopped.wait())
        await asyncio.wait((loading, stopping), return_when=asyncio.FIRST_COMPLETED)
        if loading.done():
            await _answer_until(stopping, loading.result(), channel, settings, began)
    finally:
        channel.close()
        await runner.cleanup()
        tracer.close()


def _load(settings: BotSettings, package: str) -> asyncio.Future[Agent]:
    """Load in a thread, so that the server says meanwhile that it lives and is not ready.

    The thread is a daemon's: a bot told to stop while it loads need not load to the end.
    """
    loop = asyncio.get_running_loop()
    loaded: asyncio.Future[Agent] = loop.create_future()

    def load() -> None:
        try:
            agent = _load_now(settings, package)
        except BaseException as error:
            failure = error if isinstance(error, Exception) else RuntimeError(type(error).__name__)
            _tell(loop, loaded.set_exception, failure)
        else:
            _tell(loop, loaded.set_result, agent)

    threading.Thread(target=load, name="load", daemon=True).start()
    return loaded


def _tell(loop: asyncio.AbstractEventLoop, tell: Callable[[Any], None], what: Any) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed when the bot stopped meanwhile
        loop.call_soon_threadsafe(tell, what)


def _load_now(settings: BotSettings, package: str) -> Agent:
    leave_out(LEFT_OUT - FOR_LOCKS if settings.redis_url else LEFT_OUT)
    from bot.runtime.assistant import load_assistant, warm_up

    agent = load_assistant(newest(settings.model), settings, package)
    asyncio.run(warm_up(agent))
    return agent


async def _answer_until(
    stopping: asyncio.Future[Any],
    agent: Agent,
    channel: Channel,
    settings: BotSettings,
    began: float,
) -> None:
    from bot.runtime.assistant import answer

    forgetting = asyncio.ensure_future(_forget(agent, settings.keep_days))
    channel.open(lambda message: answer(agent, message), agent.tracker_store.prove)
    where = f"http://{settings.host}:{settings.port}"
    logger.info("ready on %s after %.1f s", where, time.monotonic() - began)
    try:
        await stopping
    finally:
        forgetting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await forgetting
    logger.info("stopping")


async def _forget(agent: Agent, keep_days: float) -> None:
    while True:
        try:
            gone = agent.tracker_store.forget(dt.timedelta(days=keep_days))
            if gone:
                logger.info("forgot %d conversations untouched for %g days", gone, keep_days)
        except Exception:
            logger.exception("clean-up failed; tried again later")
        await asyncio.sleep(CLEAN_UP_EVERY)


def _overridden(settings: BotSettings, options: argparse.Namespace) -> BotSettings:
    given = {name: getattr(options, name) for name in ("host", "port", "model")}
    changes = {name: value for name, value in given.items() if value is not None}
    return dataclasses.replace(settings, **changes)


if __name__ == "__main__":
    sys.exit(main())
