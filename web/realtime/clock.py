"""Time as it is handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Gives the time now, aware."""

    def __call__(self) -> datetime: ...
