"""What the bot is told of the world with each message, and what it greets with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import search
from faq.brand import Brand
from web import announcements
from web.desk.hours import Hours
from web.settings import Settings

CHANNELS = ("chat", "callback", "video")


def world(
    settings: Settings,
    variables: Mapping[str, str],
    hours: Callable[[], Hours],
    brand: Callable[[], Brand],
) -> Callable[[datetime], dict[str, Any]]:
    """Return a function that says what the bot needs to know of the world at a time."""

    def describe(now: datetime) -> dict[str, Any]:
        notices = announcements.current(settings.data, now)
        return {
            "open": {name: hours().is_open(name, now) for name in CHANNELS},
            "announcements": [
                {
                    "id": notice.id,
                    "level": notice.level,
                    "since": notice.start.isoformat() if notice.start else "",
                    "title": notice.title,
                    "text": search.fill(notice.text, variables),
                }
                for notice in notices
            ],
            "variables": dict(settings.variables),
            "greeting": greeting(brand()),
        }

    return describe


def greeting(brand: Brand) -> dict[str, Any] | None:
    """Say what the bot is to greet with; None leaves it to the bot's own words."""
    if brand.greeting is None:
        return None
    buttons = [{"title": title, "payload": payload} for title, payload in brand.buttons]
    return {"text": brand.greeting, "buttons": buttons}
