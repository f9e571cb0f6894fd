"""Where in a trace something happens, as the header `traceparent` of W3C says it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

HEADER = "traceparent"
_WRITTEN = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
TRACE, SPAN = 16, 8  # bytes
SAMPLED = 1
WHOLE = 1 << 64  # of what the last eight bytes of a trace's number can be


@dataclass(frozen=True, slots=True)
class Context:
    """A span among those of its trace. sampled: whether it is told to the collector."""

    trace: str
    span: str
    sampled: bool

    def written(self) -> str:
        """Write it as the header's value."""
        return f"00-{self.trace}-{self.span}-{SAMPLED if self.sampled else 0:02x}"


def read(header: str) -> Context | None:
    """Read the header's value; None where it is none."""
    found = _WRITTEN.fullmatch(header.strip())
    if found is None or not int(found[1], 16) or not int(found[2], 16):
        return None
    if header.startswith("00-") and found[4]:
        return None
    return Context(found[1], found[2], bool(int(found[3], 16) & SAMPLED))


def root(draw: Callable[[int], bytes], share: float) -> Context:
    """Begin a trace. draw: gives so many random bytes. share: of the traces that are told."""
    trace = draw(TRACE)
    told = int.from_bytes(trace[-8:], "big") < share * WHOLE
    return Context(trace.hex(), draw(SPAN).hex(), told)


def below(parent: Context, draw: Callable[[int], bytes]) -> Context:
    """Begin a span in the trace of another one; told where that one is."""
    return Context(parent.trace, draw(SPAN).hex(), parent.sampled)


def digest(conversation: str) -> str:
    """Name a conversation so that its spans are found together, and the conversation by none."""
    return sha256(conversation.encode()).hexdigest()[:16]
