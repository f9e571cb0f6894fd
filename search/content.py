"""The content folder as a whole: categories, FAQs, variables, lexicon."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from search import lexicon
from search.documents import Faq, read_faq
from search.errors import BadContent, Problem
from search.files import Unreadable, largest_of, list_files, list_flows, read_file
from search.kept import load_texts
from search.lexicon import Lexicon, read_lexicon
from search.reasons import because, no_utf8
from search.voices import Voice, read_voices

# The folder's own files, beside faq/ and lexicon/.
OWN = ("variables.yml", "categories.yml")
# … and all that are named: what the index is made from, beside the FAQs.
NAMES = (*OWN, *(f"lexicon/{name}" for name in lexicon.FILES))
# The flow of the FAQ that a person answers.
HUMAN = "human"
_WITH_BLANKS = re.compile(
    r"(?P<before>(?<=[\u4e00-\u9fff，。：；、])[ ]?|)"
    r"\{\{\s*(?P<name>[a-z_]+)\s*\}\}"
    r"(?P<after>[ ]?(?=[\u4e00-\u9fff，。：；、])|)"
)


@dataclass(frozen=True, slots=True)
class Category:
    """One of the help center's categories with its FAQs in their order."""

    id: str
    title: str
    faqs: tuple[Faq, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that an index generation is made from."""

    faqs: dict[str, Faq]
    categories: tuple[Category, ...]
    variables: dict[str, str]
    lexicon: Lexicon
    problems: tuple[Problem, ...]
    voices: tuple[Voice, ...] = ()

    def find(self, faq_id: str) -> Faq | None:
        """Return an FAQ by its id, or by one that it had before; None where there is none."""
        found = self.faqs.get(faq_id)
        if found is not None:
            return found
        return next((faq for faq in self.faqs.values() if faq_id in faq.formerly), None)


def read_content(data: Path, files: Mapping[str, bytes] | None = None) -> Content:
    """Read the content folder, or what was read from it before.

    files: as read_files gives them; None reads them now.
    Bad FAQ files and voices are left out and listed in `problems`.
    Raises BadContent when the folder's own files (categories.yml, variables.yml, lexicon/) are bad:
    without these nothing can be served.
    """
    files = read_files(data) if files is None else files
    variables = _mapping(data / "variables.yml", files.get("variables.yml"))
    titles = _mapping(data / "categories.yml", files.get("categories.yml"))
    faqs: dict[str, Faq] = {}
    problems: list[Problem] = []
    known = frozenset(variables)
    for name in sorted(name for name in files if name.startswith("faq/")):
        try:
            text = files[name].decode("utf-8")
        except UnicodeDecodeError as error:
            problems.append(Problem(data / name, 1, no_utf8(error), "save it as UTF-8"))
            continue
        faq, parsed = _parsed(data, name, text, known)
        found = list(parsed)
        if faq is not None and faq.category not in titles:
            fix = f"use one of {', '.join(titles)} or add it to categories.yml"
            found = [Problem(faq.path, 1, because("unknown-category", category=faq.category), fix)]
        if faq is not None and faq.id in faqs:
            fix = "give one of them another id"
            found = [
                Problem(
                    faq.path,
                    2,
                    because("id-taken", field="id", id=faq.id, other=faqs[faq.id].path),
                    fix,
                )
            ]
        problems.extend(found)
        if faq is not None and not found:
            faqs[faq.id] = faq
    problems.extend(_dangling(faqs))
    problems.extend(_aimless(data, faqs))
    categories = tuple(
        Category(key, title, tuple(faq for faq in faqs.values() if faq.category == key))
        for key, title in titles.items()
    )
    words = _lexicon(
        data / "lexicon",
        tuple((name, files[name]) for name in sorted(files) if name.startswith("lexicon/")),
    )
    topics = {topic.id for topic in words.beyond}
    voices, unread = read_voices(data, files, faqs.keys(), topics)
    return Content(faqs, categories, variables, words, (*problems, *unread), voices)


# Unchanged files give the same values again, the very same objects: an edit of one file costs the
# parsing of one file, and what was made from the others is known by identity.
@functools.lru_cache(maxsize=32_768)
def _parsed(
    data: Path, name: str, text: str, variables: frozenset[str]
) -> tuple[Faq | None, tuple[Problem, ...]]:
    # Kept by its name: a path made for each look costs more than all else that a look does.
    faq, problems = read_faq(data / name, text, variables)
    return faq, tuple(problems)


@functools.lru_cache(maxsize=8)
def _lexicon(folder: Path, files: tuple[tuple[str, bytes], ...]) -> Lexicon:
    return read_lexicon(folder, dict(files))


def fill(markdown: str, variables: Mapping[str, str]) -> str:
    """Replace `{{ name }}` by the variable's text; a name without text stays as it is.

    Blanks that an editor left between Chinese and the braces go: Chinese is written without.
    """
    return _WITH_BLANKS.sub(lambda match: _filled(match, variables), markdown)


def _filled(match: re.Match[str], variables: Mapping[str, str]) -> str:
    text = variables.get(match["name"])
    if not text:
        return match[0]
    before = match["before"] if text[0].isascii() else ""
    after = match["after"] if text[-1].isascii() else ""
    return before + text + after


def fingerprint(files: Mapping[str, bytes]) -> str:
    """Hash what the content is made of, for telling whether a generation is up to date."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()


def read_files(data: Path) -> dict[str, bytes]:
    """Read the content's files at once, by their path below the folder.

    All that follows works on these bytes, so an editor who saves meanwhile cannot mix two states.
    """
    return read_folder(data)[0]


def read_folder(data: Path) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Read the content's files, and say which cannot be read at all."""
    found = list_files(data, NAMES)
    files: dict[str, bytes] = {}
    for name in list(found.stamps):
        try:
            files[name] = read_file(data / name, largest_of(name))
        except FileNotFoundError:
            continue  # deleted since it was listed
        except Unreadable as error:
            found.refuse(data, name, error)
    return files, tuple(found.problems.values())


def _dangling(faqs: dict[str, Faq]) -> list[Problem]:
    known = {*faqs, *(old for faq in faqs.values() for old in faq.formerly)}
    return [
        Problem(
            faq.path,
            1,
            because("related-unknown", field="related", other=other),
            "drop or correct it",
        )
        for faq in faqs.values()
        for other in faq.related
        if other not in known
    ]


def _aimless(data: Path, faqs: dict[str, Faq]) -> list[Problem]:
    """Tell which FAQs start a flow that is not there; they are served without one."""
    flows = {*list_flows(data), HUMAN}
    fix = f"use one of {', '.join(sorted(flows))}"
    return [
        Problem(faq.path, 1, because("unknown-flow", flow=faq.flow), fix)
        for faq in faqs.values()
        if faq.flow is not None and faq.flow not in flows
    ]


def _mapping(path: Path, content: bytes | None) -> dict[str, str]:
    if content is None:
        fix = "restore it from the repository"
        raise BadContent((Problem(path, 1, because("file-missing"), fix),))
    return load_texts(path, content)
