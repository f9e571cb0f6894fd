"""What nobody here may ask a customer for or lure one to. The words are in a YAML file.

Asks are for passwords, codes and card data; lures lead to shared screens, remote control, other
accounts, other chats, foreign links. A customer who has once been asked by us cannot tell a
fraudster any more, so such a message is not sent at all. Warnings ("never tell anyone your code"),
questions about what a fraudster did and directions for the customer's own app pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from web.desk import links
from web.desk.errors import DeskError

UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")
GAPS = re.compile(r"[^\w。！？；，,!?;\n]+|_+")
CLAUSES = re.compile(r"[。！？；，,!?;\n]+")


@dataclass(frozen=True, slots=True)
class Ask:
    """A clause that asks or lures, and what for: a kind of secret or of lure."""

    kind: str
    clause: str


class ForbiddenAsk(DeskError):
    """The message asks or lures as nobody may. kinds: such as ("password", "screen")."""

    def __init__(self, kinds: tuple[str, ...]) -> None:
        super().__init__(f"asks for {', '.join(kinds)}")
        self.kinds = kinds


@dataclass(frozen=True, slots=True)
class _Lure:
    """One family of lures. app: harmless where it is done in the app."""

    patterns: re.Pattern[str]
    app: bool


class Forbidden:
    """The compiled table of patterns; the YAML file says what each list does."""

    def __init__(self, table: dict[str, Any], hosts: Collection[str] = ()) -> None:
        """Compile the table. hosts: where links may lead."""
        self._hosts = frozenset(hosts)
        self._calm = re.compile(table["calm"])
        self._told = re.compile(table["told"])
        self._own_app = re.compile(table["own_app"])
        self._lures = {
            kind: _Lure(_any(entry["patterns"]), entry.get("app", False))
            for kind, entry in table["lures"].items()
        }
        self._secrets = {kind: _any(words) for kind, words in table["secrets"].items()}
        self._asks = _any(table["asks"])
        self._questions = _any(table["questions"])
        self._to_us = _any(table["to_us"])
        self._guards = _any(table["guards"])
        self._own_device = _any(table["own_device"])
        self._others = _any(table["others"])
        secrets = _any([word for words in table["secrets"].values() for word in words]).pattern
        self._bare = re.compile(f"(?:您|你)?的?(?:{secrets})(?:呢|是)?")

    @classmethod
    def read(cls, path: Path, hosts: Collection[str] = ()) -> Forbidden:
        """Read the table; raises OSError, KeyError or yaml.YAMLError."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")), hosts)

    def find(self, text: str) -> list[Ask]:
        """Return every clause that asks for a secret or lures, and every link to a foreign host."""
        clauses = [self._calm.sub("", clause) for clause in _clauses(text)]
        return [
            *self._find_asks([clause for clause in clauses if clause]),
            *(ask for clause in clauses for ask in self._find_lures(clause)),
            *(Ask("link", address) for address in self.strangers(text)),
        ]

    def strangers(self, text: str) -> list[str]:
        """Return the addresses in a text that lead to hosts that are not listed."""
        return links.strangers(text, self._hosts)

    def lures(self, text: str) -> tuple[str, ...]:
        """Return the kinds of lures in what a customer writes, those that they report too.

        It is for the eyes of who reads it: a customer may lure an agent, or be lured by somebody.
        """
        found = [
            ask.kind
            for clause in _clauses(text)
            for ask in self._find_lures(self._calm.sub("", clause), told=True)
        ]
        return tuple(dict.fromkeys([*found, *(["link"] if self.strangers(text) else [])]))

    def _find_lures(self, clause: str, *, told: bool = False) -> Iterator[Ask]:
        """Find the lures of a clause. told: also what it only tells that others did."""
        if not told and self._told.search(clause):
            return
        guarded = self._guards.search(clause) is not None
        for kind, lure in self._lures.items():
            if kind != "silence" and guarded:
                continue
            if lure.app and self._own_app.search(clause):
                continue
            if lure.patterns.search(clause):
                yield Ask(kind, clause)

    def _find_asks(self, clauses: list[str]) -> list[Ask]:
        found: list[Ask] = []
        named: set[str] = set()  # what the clause before has named: "your code? tell me"
        for at, clause in enumerate(clauses):
            kinds = {kind for kind, words in self._secrets.items() if words.search(clause)}
            to_us = self._to_us.search(clause) is not None
            if self._guards.search(clause):
                wanted: set[str] = set()
            elif kinds:
                bare = at + 1 == len(clauses) and self._bare.fullmatch(clause) is not None
                wanted = kinds if bare or self._wants(clause, to_us=to_us) else set()
            else:
                wanted = named if to_us and not self._others.search(clause) else set()
            found += [Ask(kind, clause) for kind in sorted(wanted)]
            named = kinds
        return found

    def _wants(self, clause: str, *, to_us: bool) -> bool:
        if to_us or self._questions.search(clause):
            return True
        return self._asks.search(clause) is not None and not self._own_device.search(clause)

    def check(self, text: str) -> None:
        """Raise ForbiddenAsk when a text asks for a secret or lures."""
        kinds = tuple(dict.fromkeys(ask.kind for ask in self.find(text)))
        if kinds:
            raise ForbiddenAsk(kinds)


def _clauses(text: str) -> list[str]:
    """Cut a text into clauses without blanks, marks and invisible characters, in lower case."""
    plain = UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return [clause for clause in CLAUSES.split(GAPS.sub("", plain)) if clause]


def _any(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{word})" for word in words))
