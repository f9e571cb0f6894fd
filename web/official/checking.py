"""What somebody asks about, told by its form, and whether it is ours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from web.desk import links
from web.desk.texts import HIDDEN
from web.dialling import dial
from web.official.badges import FORM

LONGEST = 300
OURS = ("hotline", "emergency_hotline")  # the variables that are numbers of ours
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """kind: number, link, email, badge, or unclear. state: ours, public (a number), or foreign.

    told: what was understood, as one may show it.
    """

    kind: str
    state: str
    told: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is ours. variables: those that the deployment set. public: numbers of everybody's."""

    variables: Mapping[str, str]
    public: Collection[str]
    hosts: Collection[str]
    addresses: Collection[str]


def check(text: str, known: Known) -> Verdict:
    """Judge what was asked; a badge's kind alone, since only the database knows whose it is."""
    shown = "".join(char for char in text.strip() if unicodedata.category(char) not in HIDDEN)
    shown = shown[:LONGEST]
    plain = unicodedata.normalize("NFKC", shown).strip(" 。，,;；「」“”\"'<>《》")
    number = dial(plain.replace(".", ""))
    if number is not None:
        return Verdict("number", _number(number, known), plain)
    if FORM.fullmatch(plain) and any(char.isalpha() for char in plain):
        return Verdict("badge", "foreign", plain.upper())
    if "@" in plain and "://" not in plain and "/" not in plain:
        mine = plain.casefold() in {one.casefold() for one in known.addresses}
        return Verdict("email", "ours" if mine else "foreign", plain)
    if _SCHEME.match(plain) or re.search(r"[^\s.]\.[^\s.]", plain):
        # As it was written: look-alike letters would become ours by being made plain.
        address = shown.strip(" 。，,;；「」“”\"'<>《》")
        mine = links.listed(address, known.hosts) and not re.search(r"\s", address)
        return Verdict("link", "ours" if mine else "foreign", host_of(address))
    return Verdict("unclear", "foreign", shown[:60])


def _number(number: str, known: Known) -> str:
    bare = _local(number)
    ours = {_local(dial(known.variables.get(name, "")) or "") for name in OURS} - {""}
    if bare in ours:
        return "ours"
    return "public" if bare in {_local(one) for one in known.public} else "foreign"


def _local(number: str) -> str:
    return re.sub(r"^(?:\+86|0086)", "", number)


def host_of(address: str) -> str:
    """Return the host that an address really leads to; the address itself where it has none."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname
    except ValueError:
        host = None
    return host or address[:80]
