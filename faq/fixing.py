"""`faq check --fix`: fix what needs no thought, line by line, so that nothing else moves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import yaml

from faq.places import Places
from faq.questions import bare_of
from faq.saving import replace
from search.documents import LOADER
from search.files import LARGEST_FAQ, Unreadable, read_file
from search.normalise import Normaliser

_ENTRY = re.compile(r"^(\s*)-\s+(.*)$")


def fix(data: Path) -> list[Path]:
    """Fix the FAQ files of a content folder; returns those that changed."""
    ids = {path.stem for path in (data / "faq").glob("*/*.md")}
    normalise = Normaliser()
    changed = []
    for path in sorted((data / "faq").glob("*/*.md")):
        try:
            before = read_file(path, LARGEST_FAQ).decode("utf-8")
        except (UnicodeDecodeError, FileNotFoundError, Unreadable):
            continue
        after = fixed(path, before, ids, normalise)
        if after != before:
            replace(path, after)
            changed.append(path)
    return changed


def fixed(path: Path, text: str, ids: set[str], normalise: Callable[[str], str]) -> str:
    """Return a file's text with its mechanical mistakes fixed.

    ids: of all FAQs, for `related`. normalise: the ranking's own, which says what repeats what.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n") + "\n"
    head, fence, body = text.removeprefix("---\n").partition("\n---\n")
    if not fence or not text.startswith("---\n"):
        return text
    try:
        values = yaml.load(head, LOADER)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError):
        return text
    if not isinstance(values, dict):
        return text
    lines = head.split("\n")
    lines = _named(lines, "id", values, path.stem)
    if "category" in values:
        lines = _named(lines, "category", values, path.parent.name)
    seen = {bare_of(normalise(str(values.get("question") or "")))}

    def is_new(entry: str) -> bool:
        bare = bare_of(normalise(entry))
        known = bare in seen
        seen.add(bare)
        return not known

    lines = _kept(lines, "similar", values, is_new)
    lines = _kept(lines, "related", values, lambda entry: entry in ids and entry != path.stem)
    return "---\n" + "\n".join(lines) + fence + body


def _named(lines: list[str], key: str, values: dict[str, object], wanted: str) -> list[str]:
    if values.get(key) == wanted:
        return lines
    return [f"{key}: {wanted}" if line.startswith(f"{key}:") else line for line in lines]


def _kept(
    lines: list[str], key: str, values: dict[str, object], keep: Callable[[str], bool]
) -> list[str]:
    """Drop the entries of a list that are not to be kept, leaving all other lines as they are."""
    entries = values.get(key)
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        return lines
    wanted = [entry for entry in entries if keep(entry.strip())]
    if wanted == entries:
        return lines
    places = Places.of("---\n" + "\n".join(lines) + "\n---\n")
    start = places.fields[key] - 2
    end = start + 1
    while end < len(lines) and (lines[end].startswith((" ", "-")) or not lines[end].strip()):
        end += 1
    block = lines[start + 1 : end]
    if len(block) == len(entries) and all(_ENTRY.match(line) for line in block):
        left = list(wanted)
        kept = []
        for line, entry in zip(block, entries, strict=True):
            if left and left[0] == entry:
                kept.append(line)
                left.pop(0)
        block = kept
        first = f"{key}:" if kept else f"{key}: []"
    else:
        block, first = [], f"{key}: [{', '.join(plain_scalar(entry) for entry in wanted)}]"
    return [*lines[:start], first, *block, *lines[end:]]


def plain_scalar(text: str) -> str:
    """Write a text as YAML inside a flow list or after a key: bare where that is safe."""
    safe = re.fullmatch(r"[\w\u3000-\u303f\uff00-\uffef“”‘’—…·+/ -]+", text)
    if safe and text == text.strip() and not text.startswith(("-", "?", " ")):
        try:
            if yaml.load(f"[{text}]", LOADER) == [text]:  # noqa: S506 - a SafeLoader
                return text
        except (yaml.YAMLError, ValueError):
            pass
    return json.dumps(text, ensure_ascii=False)
