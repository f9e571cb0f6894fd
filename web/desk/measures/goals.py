"""What the desk is measured against, as data/goals.yml gives it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

LONGEST = 24 * 3600  # seconds


class BadGoals(ValueError):
    """The goals cannot be used; the message names the line's key and the fix.

    kind: "none", "unknown" or "number"; values: what its words name.
    """

    def __init__(self, message: str, kind: str, **values: object) -> None:
        super().__init__(message)
        self.kind = kind
        self.values = values


@dataclass(frozen=True, slots=True)
class Goals:
    """Seconds and per cent; the defaults stand for what the file leaves out.

    answer_*: within how many seconds how many of those who wait have a person's first words.
    *wait_seconds: a longer wait is an alarm. kept_share: waits that end within what was told.
    """

    answer_seconds: int = 60
    answer_share: int = 80
    urgent_wait_seconds: int = 60
    wait_seconds: int = 300
    kept_share: int = 80

    @classmethod
    def of(cls, raw: Any) -> Goals:
        """Take what the file says; raises BadGoals."""
        if not isinstance(raw, dict):
            raise BadGoals("no goals: write lines such as `answer_seconds: 60`", "none")
        known = [field.name for field in fields(cls)]
        for name, value in raw.items():
            if name not in known:
                among = ", ".join(known)
                message = f"no goal is named {name}: one of {among}"
                raise BadGoals(message, "unknown", name=name, known=among)
            most = 100 if name.endswith("_share") else LONGEST
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
                message = f"{name}: {value!r} is no whole number from 1 to {most}"
                raise BadGoals(message, "number", name=name, value=value, most=most)
        return cls(**raw)
