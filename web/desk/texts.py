"""Texts from outside, made fit for storing."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from web.desk.masking import mask

# PostgreSQL stores no NUL and no database stores half a surrogate pair.
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """Drop control characters except tab and newline, and halves of surrogate pairs."""
    return UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def page_address(url: str) -> str | None:
    """Keep of a page's address its site and path, masked; never the query, which may hold secrets.

    Returns None for what is no http(s) address.
    """
    try:
        parts = urlsplit(clean(url).strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    port = f":{parts.port}" if _port(parts.netloc) else ""
    path = "/".join(mask(piece)[0] for piece in parts.path.split("/"))
    return f"{parts.scheme}://{host}{port}{path}"[:500]


def _port(netloc: str) -> bool:
    return bool(re.search(r":\d{1,4}$", netloc))
