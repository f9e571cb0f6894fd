"""Addresses in texts: which lead where they seem to, to a host that is known.

web/widget/static/links.js reads them for the chat in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

# A bare address is ASCII: it ends where Chinese, a blank or a bracket of the sentence begins.
# Hosts are looked for from one place of each run of letters, points and dashes, and read in one
# way: looked for from every place, a message of dashes would keep everybody waiting.
_ADDRESS = re.compile(
    r"(?:https?|ftp)://[!-~]+|(?<![\w@.])www\.[!-~]+|(?<![\w-])(?<![\w-]\.)(?:[\w-]+\.)+"
    r"(?:com|cn|net|org|top|xyz|vip|cc|info|io|app|shop|site|club|online|me|co|link|live|pw|tk)"
    r"(?!\.*[a-z0-9_])(?![\w.+-]*@)(?:[:/][!-~]*)?",
    re.IGNORECASE,
)
# "xiaohu点top", "xiaohu[.]top": spelled for people, so that no program knows it.
_SPELLED = re.compile(
    r"(?<=[a-z0-9])\s*(?:点|dot|[\[(【（]\s*[.。点]\s*[\])】）])\s*"
    r"(?=(?:com|cn|net|org|top|xyz|vip|cc|info|io|app|shop|site|club|online|me|co|link|live)(?![a-z]))",
    re.IGNORECASE,
)
_ENDS = ".,;:!?'\")]>"
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PLAIN = re.compile(r"https?://[!-~]+", re.IGNORECASE)
LEAVING = "/verify/leaving?to="  # the page that names where a link leads, before it is opened


@dataclass(frozen=True, slots=True)
class Places:
    """Where links may lead. own: our own host, "" where none is set; hosts: all that are listed."""

    own: str = ""
    hosts: tuple[str, ...] = ()

    def kind(self, address: str) -> str:
        """Tell whether an address is own, listed, or foreign, which is no link at all."""
        if not _PLAIN.fullmatch(address) or not listed(address, (self.own, *self.hosts)):
            return "foreign"
        return "own" if self.own and urlsplit(address).netloc.lower() == self.own else "listed"

    def link(self, address: str) -> str | None:
        """Return what a link to an address names: the page that warns, where it leaves our site."""
        kind = self.kind(address)
        if kind == "foreign":
            return None
        return address if kind == "own" else LEAVING + quote(address, safe="")


def hosts(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return where links may lead: our own XIAOHU_BASE_URL and the hosts of XIAOHU_LINK_HOSTS."""
    own = urlsplit(env.get("XIAOHU_BASE_URL", "")).netloc
    named = env.get("XIAOHU_LINK_HOSTS", "").replace(",", " ").split()
    return tuple(host.lower() for host in (own, *named) if host)


def listed(address: str, hosts: Collection[str]) -> bool:
    """Tell whether an address leads by http(s) to one of the hosts or below it.

    Names before an @, look-alike letters (anything but ASCII, punycode too) and other ports than
    those listed with the host are none of ours.
    """
    if not address.isascii() or "\\" in address:
        return False
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or "xn--" in host:
        return False
    names = {host, f"{host}:{port}"} if port is None or port in (80, 443) else {f"{host}:{port}"}
    return any(
        name == known or (name.endswith(f".{known}") and known.count(".") > 0)
        for name in names
        for known in hosts
    )


def strangers(text: str, hosts: Collection[str]) -> list[str]:
    """Return the addresses in a text that do not lead to the hosts; e-mail addresses are none."""
    plain = _SPELLED.sub(".", _HIDDEN.sub("", text))
    return [address for address in _addresses(plain) if not listed(address, hosts)]


def _addresses(text: str) -> Iterator[str]:
    while match := _ADDRESS.search(text):
        if text[match.start() - 1 : match.start()] != "@":
            yield match[0].rstrip(_ENDS)
        text = text[match.end() :]  # what follows an address begins anew
