"""What every page of the help center shows: contact channels, notices, links, addresses."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import request
from markupsafe import Markup

from search import Engine, UnknownFaq
from web import announcements, dialling
from web.helpcenter import articles
from web.services import services, utc_now

HERE = ("localhost", "127.0.0.1", "::1")


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
        Notice(item.id, item.title, item.level, _rendered(item.text), item.end)
        for item in announcements.current(services().settings.data, now)
    ]


def _rendered(markdown: str) -> Markup:
    return articles.render(
        markdown, variables(), services().pictures.shown, services().settings.link_places
    )


def address(path: str) -> str:
    """Return the public address of a path, for search engines.

    Without XIAOHU_BASE_URL a request's Host is believed only where it names this machine: anybody
    can send any other, and it would stand in pages that are kept.
    """
    settings = services().settings
    base = settings.base_url
    if not base:
        name = urlsplit(f"//{request.host}").hostname
        ours = name in (*HERE, settings.host)
        base = request.url_root if ours else f"http://{settings.host}:{settings.port}"
    return base.rstrip("/") + path


def phone_link(number: str) -> str | None:
    """Return a tel: link for a phone number, or None where the text is no number."""
    digits = dialling.dial(number)
    return f"tel:{digits}" if digits else None


def linked() -> dict[str, str]:
    """Return the FAQs that places in pages lead to, by place; those that can be seen today."""
    found, shown = engine(), {}
    for place, faq_id in services().brand().links.items():
        with contextlib.suppress(UnknownFaq):
            if found is not None:
                shown[place] = found.shown(faq_id).id
    return shown


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
        "linked": linked(),
    }
