"""Voices: rows of many authors, taken in from a file of sections, and checked."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import log1p, sqrt
from pathlib import Path

from faq.errors import BadTable
from faq.findings import Finding
from faq.folder import Folder
from faq.questions import bare_of
from learning.text import groups
from search.content import Content
from search.index import rows_of
from search.voices import FOLDER, folder_of

_HEAD = re.compile(r"##\s*(?P<beyond>beyond\s*[:：])?\s*(?P<name>.+?)\s*")
_AUTHOR = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Owner = tuple[str, str]
# What a row may have in common with another of its FAQ and still go in. Of 32,600 rows by four
# authors a quarter has more; without it strangers' messages are found as well.
NEAR = 0.5


@dataclass(slots=True)
class Taken:
    """What an import did.

    added: rows by folder. known: rows that their owner has already. claimed: (text, folder, other
    owner) of rows that are left out because another owner has them. near: rows of an FAQ that say
    nothing new beside its others. unknown: sections (with their number of rows) that name neither
    an FAQ nor a topic.
    """

    added: Counter[str] = field(default_factory=Counter)
    known: int = 0
    claimed: list[tuple[str, str, str]] = field(default_factory=list)
    near: int = 0
    unknown: Counter[str] = field(default_factory=Counter)


class Nearness:
    """How much of a row its owner's other rows have: groups of characters, the rare ones most."""

    def __init__(self, rows: Collection[str], listed: Mapping[Owner, Iterable[str]]) -> None:
        """Weigh the groups by all rows. listed: by owner, its rows."""
        held = Counter(group for row in rows for group in groups(row))
        count = len(rows)
        self._weights = {group: log1p(count / number) for group, number in held.items()}
        self._rarest = log1p(count)
        self._listed = listed
        self._vectors: dict[Owner, list[dict[str, float]]] = {}

    def to(self, owner: Owner, row: str) -> float:
        """Return the largest cosine (0 to 1) with a row of the owner."""
        vector = self._vector(row)
        return max((_cosine(vector, other) for other in self._of(owner)), default=0.0)

    def add(self, owner: Owner, row: str) -> None:
        """Count a row among its owner's."""
        self._of(owner).append(self._vector(row))

    def _of(self, owner: Owner) -> list[dict[str, float]]:
        if owner not in self._vectors:
            self._vectors[owner] = [self._vector(row) for row in self._listed.get(owner, ())]
        return self._vectors[owner]

    def _vector(self, row: str) -> dict[str, float]:
        found = {group: self._weights.get(group, self._rarest) for group in groups(row)}
        length = sqrt(sum(weight * weight for weight in found.values())) or 1.0
        return {group: weight / length for group, weight in found.items()}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(weight * other[group] for group, weight in one.items() if group in other)


def take(
    content: Content,
    data: Path,
    source: Path,
    author: str,
    normalise: Callable[[str], str],
    *,
    write: bool = True,
) -> Taken:
    """Split a file of sections over data/voices/, one file an owner.

    A section begins with `## <faq-id>` or `## beyond: <topic's id or title>`; each further line is
    a row. Rows that stand elsewhere already, normalised, are left out, and rows of an FAQ that have
    more than half in common with another of it; of the topics beyond all count, for they tell what
    is outside (docs/decisions/0016-voices.md). Raises BadTable.
    """
    if not _AUTHOR.fullmatch(author):
        raise BadTable(f"author {author!r}: use a-z, 0-9 and single hyphens")
    owners: dict[str, Owner] = {
        bare_of(normalise(text)): (kind, owner) for kind, owner, text, _ in rows_of(content)
    }
    topics = {name: one.id for one in content.lexicon.beyond for name in (one.title, one.id)}
    found = Taken()
    listed: dict[Owner, list[str]] = defaultdict(list)
    for bare, owned in owners.items():
        listed[owned].append(bare)
    nearness = Nearness(owners, listed)
    rows: dict[str, list[str]] = defaultdict(list)
    for beyond, name, text in _rows(source):
        owner: Owner | None = None
        if beyond and name in topics:
            owner = ("beyond", topics[name])
        elif not beyond and name in content.faqs:
            owner = ("faq", name)
        if owner is None:
            found.unknown[name] += 1
            continue
        folder, bare = folder_of(*owner), bare_of(normalise(text))
        taker = owners.get(bare)
        if taker is None and not beyond and nearness.to(owner, bare) >= NEAR:
            found.near += 1
        elif taker is None:
            owners[bare] = owner
            nearness.add(owner, bare)
            rows[folder].append(text)
            found.added[folder] += 1
        elif taker == owner:
            found.known += 1
        else:
            found.claimed.append((text, folder, folder_of(*taker)))
    for folder, texts in rows.items() if write else ():
        path = data / FOLDER / folder / f"{author}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(before + "".join(f"{text}\n" for text in texts), encoding="utf-8")
    return found


def check(folder: Folder, normalise: Callable[[str], str]) -> Iterator[Finding]:
    """Find the voices' rows that belong, word for word, to another owner too."""
    claims: dict[str, dict[Owner, None]] = defaultdict(dict)
    for kind, owner, text, _ in rows_of(folder.content):
        claims[bare_of(normalise(text))][kind, owner] = None
    for voice in folder.content.voices:
        for line, text in voice.lines:
            others = claims[bare_of(normalise(text))]
            if len(others) > 1:
                taker = next(one for one in others if one != (voice.kind, voice.owner))
                values = {"text": text, "other": folder_of(*taker)}
                yield Finding(voice.path, line, "voice-claimed", "warning", "file", values)


def _rows(source: Path) -> Iterator[tuple[bool, str, str]]:
    """Yield (beyond, name, text) of a file's rows; raises BadTable where it has no sections."""
    try:
        lines = source.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadTable(f"{source}: {error}") from None
    head: tuple[bool, str] | None = None
    for number, line in enumerate(map(str.strip, lines), 1):
        match = _HEAD.fullmatch(line)
        if match is not None:
            head = bool(match["beyond"]), match["name"]
        elif line and not line.startswith("#"):
            if head is None:
                raise BadTable(f"{source}:{number}: begin with a line `## <faq-id>`")
            yield *head, line
