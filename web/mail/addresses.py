"""E-mail addresses from outside."""

from __future__ import annotations

import re
from collections.abc import Mapping

import idna

from web.desk.errors import DeskError
from web.environment import BadSettings
from web.environment import listed as words_of

LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
LONGEST = 254


class BadAddress(DeskError):
    """The e-mail address cannot be written to. reason: malformed or no-mail."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"address: {reason}")
        self.reason = reason


def normalise(text: str) -> str:
    """Return an address in ASCII, its domain in lower case; raises BadAddress."""
    local, at, domain = text.strip().rpartition("@")
    try:
        # not Python's own codec, by whose old tables faß.example is another domain, fass.example
        host = idna.encode(domain, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        raise BadAddress("malformed") from None
    labels = host.split(".")
    if (
        not at
        or not 0 < len(local) <= 64
        or not LOCAL.fullmatch(local)
        or len(labels) < 2
        or not all(LABEL.fullmatch(label) for label in labels)
        or labels[-1].isdecimal()
        or len(local) + 1 + len(host) > LONGEST
    ):
        raise BadAddress("malformed")
    return f"{local}@{host}"


def shown(address: str) -> str:
    """Show an address to its owner so that nobody beside them learns it: l…@mail.example."""
    local, _, host = address.rpartition("@")
    return f"{local[:1]}…@{host}"


def listed(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Take the addresses of an environment variable; raises BadSettings."""
    found = words_of(env, name)
    for address in found:
        try:
            normalise(address)
        except BadAddress:
            raise BadSettings(f"{name}: {address!r} is no e-mail address") from None
    return found
