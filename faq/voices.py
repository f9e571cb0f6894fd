"""Voices: rows of many authors, taken in from a file of sections, and checked."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from faq.errors import BadTable
from faq.findings import Finding
from faq.folder import Folder
from faq.questions import bare_of
from search.content import Content
from search.index import rows_of
from search.voices import FOLDER, folder_of

_HEAD = re.compile(r"##\s*(?P<beyond>beyond\s*[:：])?\s*(?P<name>.+?)\s*")
_AUTHOR = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Owner = tuple[str, str]


@dataclass(slots=True)
class Taken:
    """What an import did.

    added: rows by folder. known: rows that their owner has already. claimed: (text, folder, other
    owner) of rows that are left out because another owner has them. unknown: sections (with their
    number of rows) that name neither an FAQ nor a topic.
    """

    added: Counter[str] = field(default_factory=Counter)
    known: int = 0
    claimed: list[tuple[str, str, str]] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)


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
    a row. Rows that stand elsewhere already, normalised, are left out. Raises BadTable.
    """
    if not _AUTHOR.fullmatch(author):
        raise BadTable(f"author {author!r}: use a-z, 0-9 and single hyphens")
    owners = {bare_of(normalise(text)): (kind, owner) for kind, owner, text, _ in rows_of(content)}
    topics = {name: one.id for one in content.lexicon.beyond for name in (one.title, one.id)}
    found = Taken()
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
        if taker is None:
            owners[bare] = owner
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
