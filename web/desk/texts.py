"""Texts from outside, made fit for storing."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from web.desk.masking import mask

# PostgreSQL stores no NUL and no database stores half a surrogate pair.
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # categories of Unicode
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """Drop control characters except tab and newline, and halves of surrogate pairs."""
    return UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def shown(name: str) -> str:
    """Write a name on one line, without characters that nobody sees or that turn the line round."""
    seen = (
        " " if char.isspace() else char
        for char in name
        if char.isspace() or unicodedata.category(char) not in HIDDEN
    )
    return " ".join("".join(seen).split())


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
