"""Where the bots are, as settings say it."""

from __future__ import annotations

from collections.abc import Mapping

from web.environment import listed, number

MOST = 16  # bots of one machine
HOST, PORT = "http://127.0.0.1", 5005


def bot_url(env: Mapping[str, str]) -> str:
    """Return the bots' addresses with blanks between: those named, else one port after the other.

    Raises BadSettings.
    """
    if named := listed(env, "XIAOHU_BOT_URL"):
        return " ".join(one.rstrip("/") for one in named)
    count = int(number(env, "XIAOHU_BOTS", 1, 1, MOST))
    first = int(number(env, "XIAOHU_BOT_PORT", PORT, 1, 65536 - count))
    return " ".join(f"{HOST}:{first + place}" for place in range(count))
