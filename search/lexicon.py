"""The words of the domain: data/lexicon/ as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from search.documents import LOADER
from search.errors import BadContent, Problem
from search.reasons import because, no_utf8, no_yaml

# What the index is made from; other files of the folder are the bot's own.
FILES = (
    "words.txt",
    "synonyms.yml",
    "typos.yml",
    "readings.yml",
    "smalltalk.yml",
    "beyond.yml",
    "human.yml",
    "asides.yml",
)


@dataclass(frozen=True, slots=True)
class Topic:
    """Messages that no FAQ answers: small talk, or a subject beyond the help center."""

    id: str
    title: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asides:
    """What is said beside a question and says nothing of what is asked.

    wallets: names of others' products. openers, closers: what stands before a question, and after.
    alone: whole messages that say only that a question is to come.
    """

    wallets: tuple[str, ...]
    openers: tuple[str, ...]
    closers: tuple[str, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the lexicon folder says.

    words: (word, frequency) for jieba. synonyms: variant → standard term. typos: wrong → right.
    readings: word → its syllables. human: whole messages that ask for a person.
    """

    words: tuple[tuple[str, int], ...]
    synonyms: dict[str, str]
    typos: dict[str, str]
    readings: dict[str, str]
    smalltalk: tuple[Topic, ...]
    beyond: tuple[Topic, ...]
    human: tuple[str, ...]
    asides: Asides


def read_lexicon(folder: Path, files: Mapping[str, bytes]) -> Lexicon:
    """Read the lexicon from `files` (by path below the content folder, as lexicon/<name>).

    folder: where they lie, for messages. Raises BadContent with file and line.
    """
    return _Reader(folder, files).read()


class _Reader:
    def __init__(self, folder: Path, files: Mapping[str, bytes]) -> None:
        self.folder = folder
        self.files = files

    def read(self) -> Lexicon:
        synonyms: dict[str, str] = {}
        for group in self.list("synonyms.yml", "groups"):
            terms = self.texts("synonyms.yml", group)
            for variant in terms[1:]:
                synonyms.setdefault(variant.lower(), terms[0])
        human = self.load("human.yml")
        return Lexicon(
            words=self.words("words.txt"),
            synonyms=synonyms,
            typos=self.mapping("typos.yml", "typos"),
            readings=self.readings("readings.yml"),
            smalltalk=self.topics("smalltalk.yml"),
            beyond=self.topics("beyond.yml"),
            human=self.texts("human.yml", human.get("phrases") or []),
            asides=Asides(
                *(
                    self.texts("asides.yml", self.list("asides.yml", key))
                    for key in ("wallets", "openers", "closers", "alone")
                )
            ),
        )

    def words(self, name: str) -> tuple[tuple[str, int], ...]:
        found: list[tuple[str, int]] = []
        for number, line in enumerate(self.text(name).splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            parts = line.split()
            if len(parts) != 2 or not parts[1].isdigit():
                raise self.bad(
                    name, number, because("word-line", line=line), "write `word frequency`"
                )
            found.append((parts[0], int(parts[1])))
        return tuple(found)

    def topics(self, name: str) -> tuple[Topic, ...]:
        topics = []
        for entry in self.list(name, "topics"):
            if not isinstance(entry, dict) or not {"id", "title", "messages"} <= set(entry):
                named = isinstance(entry, dict) and "id" in entry
                reason = (
                    because("topic-parts", id=entry["id"], entry=entry)
                    if named
                    else because("topic-bad", entry=entry)
                )
                raise self.bad(name, 1, reason, "give it id, title and messages")
            messages = self.texts(name, entry["messages"])
            topics.append(Topic(str(entry["id"]), str(entry["title"]), messages))
        return tuple(topics)

    def mapping(self, name: str, key: str) -> dict[str, str]:
        value = self.load(name).get(key) or {}
        if not isinstance(value, dict):
            raise self.bad(name, 1, because("no-mapping", field=key), "write `word: word` lines")
        return {str(first): str(second) for first, second in value.items()}

    def readings(self, name: str) -> dict[str, str]:
        found = self.mapping(name, "readings")
        for word, sound in found.items():
            if len(sound.split()) != len(word):
                fix = "write one syllable a character"
                raise self.bad(name, 1, because("reading", word=word, sound=sound), fix)
        return found

    def list(self, name: str, key: str) -> list[Any]:
        value = self.load(name).get(key)
        if not isinstance(value, list):
            raise self.bad(
                name, 1, because("no-list", field=key), f"write `{key}:` and `- …` lines"
            )
        return value

    def texts(self, name: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            reason = because("value-no-list" if value else "empty-no-list", value=value)
            raise self.bad(name, 1, reason, "write one `- …` line per entry")
        return tuple(str(entry) for entry in value)

    def load(self, name: str) -> dict[str, Any]:
        try:
            value = yaml.load(self.text(name), Loader=_Plain)  # noqa: S506 - a SafeLoader
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise self.bad(name, line, no_yaml(error), "fix that line") from None
        if not isinstance(value, dict):
            raise self.bad(name, 1, because("no-top"), "write `key:` at the top")
        return value

    def text(self, name: str) -> str:
        try:
            return self.files[f"lexicon/{name}"].decode("utf-8")
        except KeyError:
            fix = "restore it from the repository"
            raise self.bad(name, 1, because("file-missing"), fix) from None
        except UnicodeDecodeError as error:
            raise self.bad(name, 1, no_utf8(error), "save it as UTF-8") from None

    def bad(self, name: str, line: int, reason: str, fix: str) -> BadContent:
        return BadContent((Problem(self.folder / name, line, reason, fix),))


class _Plain(LOADER):  # type: ignore[misc,valid-type]
    """YAML with every plain scalar as text: `1`, `yes` and `2026-01-01` are messages here."""


_Plain.yaml_implicit_resolvers = {}
