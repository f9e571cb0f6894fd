"""Long computations beside the server's one thread, so that customers' requests go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def offload(work: Callable[[], Found]) -> Found:
    """Run pure computation in a thread of the system's under gevent, directly elsewhere."""
    try:
        from gevent import get_hub, monkey
    except ImportError:
        return work()
    if not monkey.is_module_patched("threading"):
        return work()
    found: Found = get_hub().threadpool.apply(work)
    return found
