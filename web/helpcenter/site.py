"""What every page of the help center shows: contact channels, notices, links, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from markupsafe import Markup

from search import Engine
from web import announcements, dialling
from web.helpcenter import articles
from web.services import services, utc_now


@dataclass(frozen=True, slots=True)
class Notice:
    """An announcement as the banner shows it."""

    id: str
    title: str
    level: str
    text: Markup
    until: datetime | None


def engine() -> Engine | None:
    """Return the search engine, or None while the index cannot be opened."""
    return services().engine


def variables() -> Mapping[str, str]:
    """Return every variable of the answers: what is set, and a phrase for what is not."""
    return services().variables


def notices(now: datetime) -> list[Notice]:
    """Return the announcements that hold now."""
    return [
        Notice(item.id, item.title, item.level, articles.render(item.text, variables()), item.end)
        for item in announcements.current(services().settings.data, now)
    ]


def address(path: str) -> str:
    """Return the public address of a path; settings decide behind proxies."""
    base = services().settings.base_url or request.url_root.rstrip("/")
    return base.rstrip("/") + path


def phone_link(number: str) -> str | None:
    """Return a tel: link for a phone number, or None where the text is no number."""
    digits = dialling.dial(number)
    return f"tel:{digits}" if digits else None


def context() -> dict[str, Any]:
    """Return what the base template needs."""
    known = services().settings.variables
    found = engine()
    return {
        "notices": notices(utc_now()),
        "known": known,
        "hotline_link": phone_link(known.get("hotline", "")),
        "emergency_link": phone_link(known.get("emergency_hotline", "")),
        "categories": found.categories() if found else (),
        "canonical": address(request.path),
        "searchable": found is not None,
    }
