"""Everything that a deployment decides about the bot, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracing.settings import BadTraces, Traces

ROOT = Path(__file__).resolve().parents[2]


class BadSettings(ValueError):
    """An environment variable cannot be used; the message names it."""


@dataclass(frozen=True)
class BotSettings:
    """A deployment's decisions.

    model: a model file, or a folder whose newest model is taken. memory_url: the database of what
    the bot remembers of conversations; "sqlite://" keeps it in this process. keep_days: how long
    an untouched conversation is remembered. redis_url: holds the locks when several bots share
    one database; empty, locks are this process's own. secret: what web has to send; empty, none.
    traces: where turns are told to, if anywhere.
    """

    model: Path = ROOT / "var" / "models"
    host: str = "127.0.0.1"
    port: int = 5005
    memory_url: str = "sqlite://"
    keep_days: float = 30.0
    redis_url: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    traces: Traces = field(default_factory=Traces)

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> BotSettings:
        """Read XIAOHU_VAR, XIAOHU_BOT_…, OTEL_… and REDIS_URL; raises BadSettings.

        Unset, the memory is var/bot/tracker.db.
        """
        var = Path(env.get("XIAOHU_VAR") or ROOT / "var").resolve()
        return cls(
            model=Path(env.get("XIAOHU_BOT_MODEL") or var / "models"),
            memory_url=env.get("XIAOHU_BOT_TRACKER_URL") or f"sqlite:///{var}/bot/tracker.db",
            keep_days=_days(env, "XIAOHU_BOT_KEEP_DAYS", cls.keep_days),
            redis_url=env.get("REDIS_URL", ""),
            secret=env.get("XIAOHU_BOT_SECRET", ""),
            traces=_traces(env),
        )


def _traces(env: Mapping[str, str]) -> Traces:
    try:
        return Traces.from_env(env)
    except BadTraces as error:
        raise BadSettings(str(error)) from None


def _days(env: Mapping[str, str], name: str, default: float) -> float:
    written = env.get(name) or str(default)
    try:
        days = float(written)
    except ValueError:
        days = float("nan")
    if not 0 < days <= 36500:
        raise BadSettings(f"{name} must be a number of days above 0, not {written!r}")
    return days
