"""Makes spans, each below the one that is under way where it begins."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Protocol

from tracing.context import HEADER, Context, below, root
from tracing.sender import Sender
from tracing.settings import Traces
from tracing.spans import Kind, Span

_UNDER_WAY: ContextVar[Span | None] = ContextVar("span under way", default=None)


class Keeper(Protocol):
    """Whoever takes spans that are over."""

    def keep(self, span: Span) -> None:
        """Take one."""

    def close(self) -> None:
        """Take no more."""


class Tracer:
    """Gives spans that are over to their keeper; without one nothing is made at all.

    share: of the traces that begin here. draw: random bytes. now: nanoseconds since 1970.
    """

    def __init__(
        self,
        keeper: Keeper | None = None,
        share: float = 1.0,
        draw: Callable[[int], bytes] = os.urandom,
        now: Callable[[], int] = time.time_ns,
    ) -> None:
        self._keeper = keeper
        self._share = share
        self._draw = draw
        self._now = now

    @property
    def on(self) -> bool:
        """Whether spans are made."""
        return self._keeper is not None

    @contextmanager
    def span(self, name: str, kind: Kind, parent: Context | None = None) -> Iterator[Span | None]:
        """Make a span of what is done within; see `begin`."""
        if not self.on:
            yield None
            return
        span, token = self.begin(name, kind, parent)
        try:
            yield span
        except BaseException as error:
            span.failed = True
            span.note(error__type=type(error).__name__)
            raise
        finally:
            self.end(span, token)

    def begin(
        self, name: str, kind: Kind, parent: Context | None = None
    ) -> tuple[Span, Token[Span | None]]:
        """Begin a span, to be ended in the same place.

        parent: of another process; else the span that is under way here, else it begins a trace.
        """
        around = _UNDER_WAY.get()
        above = parent or (around.context if around is not None else None)
        context = below(above, self._draw) if above else root(self._draw, self._share)
        span = Span(name, kind, context, above.span if above else "", self._now())
        return span, _UNDER_WAY.set(span)

    def end(self, span: Span, token: Token[Span | None]) -> None:
        """End a span, and keep it where its trace is told."""
        _UNDER_WAY.reset(token)
        span.ended = max(self._now(), span.began)
        if self._keeper is not None and span.context.sampled:
            self._keeper.keep(span)

    def brought(self) -> dict[str, str]:
        """Return the headers by which another process puts its spans below the one under way."""
        around = _UNDER_WAY.get()
        return {HEADER: around.context.written()} if self.on and around is not None else {}

    def close(self) -> None:
        """Send what is left, and make no more."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.close()


def open_tracer(traces: Traces, service: str) -> Tracer:
    """Return what makes spans for the collector, or none where there is none."""
    if not traces.endpoint:
        return Tracer()
    return Tracer(Sender(traces.endpoint, traces.headers, service), traces.share)
