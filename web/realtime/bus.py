"""The bus: says that a topic has news. What the news is, is read from the database.

So a lost word costs a few seconds (streams re-read by themselves) and never a message.
"""

from __future__ import annotations

import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)
CHANNEL = "xiaohu:news"
LONGEST_PAUSE = 5.0  # seconds between attempts to reach Redis
MOST_UNSAID = 10_000  # words that wait for Redis; more are dropped, as if lost on the way
AT_ONCE = 500
# Streams that end together come again spread over this time, so that a process that has just
# begun is not asked for all of them at once: ms each, and ms at least and at most.
EACH, SOONEST, LATEST = 3, 500, 10_000


class Subscription:
    """News of some topics since the last wait. Use as a context manager.

    A topic that ends in * stands for all that begin so.
    """

    __slots__ = ("_bus", "_lock", "_news", "_ready", "starts", "topics")

    def __init__(self, bus: Bus, topics: tuple[str, ...]) -> None:
        self._bus = bus
        self.topics = frozenset(topic for topic in topics if not topic.endswith("*"))
        self.starts = tuple(topic[:-1] for topic in topics if topic.endswith("*"))
        self._news: set[str] = set()
        self._ready = threading.Event()
        self._lock = threading.Lock()

    def wait(self, timeout: float) -> frozenset[str]:
        """Wait at most `timeout` seconds and return the topics that have news (none: empty)."""
        self._ready.wait(timeout)
        with self._lock:
            news, self._news = frozenset(self._news), set()
            self._ready.clear()
        return news

    @property
    def over(self) -> bool:
        """Tell whether the process stops, and streams have to end; their readers come again."""
        return self._bus.over

    @property
    def again(self) -> int:
        """Draw after how many ms the reader of a stream that is over should come again."""
        return self._bus.again()

    def wake(self) -> None:
        """End a wait."""
        self._ready.set()

    def tell(self, topic: str) -> None:
        """Note news of a topic."""
        with self._lock:
            self._news.add(topic)
            self._ready.set()

    def __enter__(self) -> Self:
        self._bus.add(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bus.remove(self)


class Bus:
    """The bus within one process."""

    def __init__(self, below: Callable[[int], int] = secrets.randbelow) -> None:
        """below: draws a number from 0 up to, and without, its argument."""
        self.over = False
        self._ended = 0
        self._below = below
        self._subscriptions: set[Subscription] = set()
        # A word finds its listeners by its topic: thousands of others are not asked.
        self._by_topic: dict[str, set[Subscription]] = {}
        self._by_start: set[Subscription] = set()
        self._lock = threading.Lock()

    def subscribe(self, *topics: str) -> Subscription:
        """Listen to topics."""
        return Subscription(self, topics)

    def publish(self, topic: str) -> None:
        """Say that a topic has news."""
        self.tell_here(topic)

    def tell_here(self, topic: str) -> None:
        """Say that a topic has news to this process alone."""
        with self._lock:
            listeners = list(self._by_topic.get(topic, ()))
            listeners += [one for one in self._by_start if topic.startswith(one.starts)]
        for listener in listeners:
            listener.tell(topic)

    def add(self, subscription: Subscription) -> None:
        """Start telling a subscription."""
        with self._lock:
            self._subscriptions.add(subscription)
            for topic in subscription.topics:
                self._by_topic.setdefault(topic, set()).add(subscription)
            if subscription.starts:
                self._by_start.add(subscription)

    def remove(self, subscription: Subscription) -> None:
        """Stop telling a subscription."""
        with self._lock:
            self._subscriptions.discard(subscription)
            self._by_start.discard(subscription)
            for topic in subscription.topics:
                if listeners := self._by_topic.get(topic):
                    listeners.discard(subscription)
                    if not listeners:
                        del self._by_topic[topic]

    def end_streams(self) -> None:
        """Have every stream of this process end at once."""
        self.over = True
        with self._lock:
            listeners = list(self._subscriptions)
        self._ended = len(listeners)
        for listener in listeners:
            listener.wake()

    def again(self) -> int:
        """Draw after how many ms the reader of one of the ended streams should come again."""
        return SOONEST + self._below(min(LATEST - SOONEST, EACH * self._ended) + 1)

    def is_up(self) -> bool:
        """Tell whether news reaches every process."""
        return True

    def close(self) -> None:
        """Stop listening."""


class RedisBus(Bus):
    """The bus between processes. Without Redis it still serves its own process."""

    def __init__(self, client: redis.Redis, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__()
        self._client = client
        self._sleep = sleep
        self._closed = False
        self._unsaid: queue.Queue[str] = queue.Queue(MOST_UNSAID)
        for work in (self._listen, self._speak):
            threading.Thread(target=work, name="bus", daemon=True).start()

    def publish(self, topic: str) -> None:
        """Say to every process that a topic has news; nobody waits for Redis here."""
        self.tell_here(topic)
        with suppress(queue.Full):
            self._unsaid.put_nowait(topic)

    def is_up(self) -> bool:
        """Tell whether Redis answers."""
        try:
            return bool(self._client.ping())
        except redis.RedisError:
            return False

    def close(self) -> None:
        """Stop listening."""
        self._closed = True

    def _speak(self) -> None:
        quiet_until = 0.0
        while not self._closed:
            try:
                topics = [self._unsaid.get(timeout=1.0)]
            except queue.Empty:
                continue
            with suppress(queue.Empty):
                while len(topics) < AT_ONCE:
                    topics.append(self._unsaid.get_nowait())
            if time.monotonic() < quiet_until:
                continue  # what is not said now is old when Redis is back
            try:
                with self._client.pipeline(transaction=False) as saying:
                    for topic in dict.fromkeys(topics):
                        saying.publish(CHANNEL, topic)
                    saying.execute()
            except (redis.RedisError, OSError) as error:
                quiet_until = time.monotonic() + 1.0
                log.warning("bus: not told to other processes: %s", type(error).__name__)

    def _listen(self) -> None:
        pause = 0.1
        while not self._closed:
            try:
                with self._client.pubsub(  # type: ignore[no-untyped-call]
                    ignore_subscribe_messages=True
                ) as channel:
                    channel.subscribe(CHANNEL)
                    while not self._closed:
                        message = channel.get_message(timeout=1.0)
                        pause = 0.1
                        if message is not None:
                            self.tell_here(message["data"].decode())
            except (redis.RedisError, OSError, ValueError) as error:
                if not self._closed:
                    log.warning("bus: Redis is away: %s", type(error).__name__)
                    self._sleep(pause)
                    pause = min(LONGEST_PAUSE, pause * 2)


def tell(bus: Bus, conversation_id: str, *, desk: bool = False, moved: bool = False) -> None:
    """Spread the news of a conversation.

    desk: agents care too. moved: its owner changed, and with it other customers' places.
    """
    bus.publish(f"conversation:{conversation_id}")
    if desk or moved:
        bus.publish("desk")
    if moved:
        bus.publish("queue")


def tell_typing(bus: Bus, conversation_id: str, side: str, *, on: bool) -> None:
    """Spread that a side ("customer" or "agent") types, or has stopped; kept nowhere."""
    bus.publish(f"typing:{conversation_id}:{side}:{'on' if on else 'off'}")


def open_bus(redis_url: str) -> Bus:
    """Open the bus of a Redis URL, or of this process alone when it is empty."""
    if not redis_url:
        return Bus()
    client = redis.Redis.from_url(
        redis_url, socket_connect_timeout=1, socket_timeout=5, retry=Retry(NoBackoff(), 0)
    )
    return RedisBus(client)
