"""An FAQ file from its fields, in the one layout that all files have."""

from __future__ import annotations

import datetime as dt
import difflib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from faq.fixing import plain_scalar
from search.documents import VARIABLE, Faq, read_faq
from search.fields import DECLARED, FIELDS, Written

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Draft(Written):
    """What an editor wrote, with no file yet."""

    @classmethod
    def of(cls, faq: Faq) -> Draft:
        """Take an FAQ up for writing."""
        return cls(**{item.attribute: getattr(faq, item.attribute) for item in DECLARED})

    @property
    def name(self) -> str:
        """The path below the content folder."""
        return f"faq/{self.category}/{self.id}.md"

    def dated(self, day: dt.date) -> Draft:
        """Return the draft as updated on a day."""
        return replace(self, updated=day)


def compose(draft: Draft, before: str | None = None) -> str:
    """Write the file's text.

    before: the file as it stands. Where that is good, its comments, its order and the fields of
    others (x-…) stay, and only what the draft changes is written anew.
    """
    head = _revised(draft, before) if before is not None else None
    if head is None or not _says(head, draft):
        head = _laid_out(draft)
    body = _body(draft.answer)
    return f"---\n{head}---\n\n{body}\n" if body else f"---\n{head}---\n"


def _laid_out(draft: Draft) -> str:
    """Write a front matter from nothing: required fields and lists always, others where set."""
    lines: list[str] = []
    for key in FIELDS:
        told = _told(draft, key)
        if told is None:
            continue
        if isinstance(told, dict) and key == "valid":
            inner = ", ".join(f"{part}: {_plain(day)}" for part, day in told.items())
            lines.append(f"{key}: {{{inner}}}")
        elif isinstance(told, dict):
            lines += [f"{key}:", *(f"  {part}: {_plain(text)}" for part, text in told.items())]
        elif isinstance(told, list) and key == "similar" and told:
            lines += [f"{key}:", *(f"  - {_plain(text)}" for text in told)]
        elif isinstance(told, list):
            lines.append(f"{key}: [{', '.join(map(_plain, told))}]")
        else:
            lines.append(f"{key}: {_plain(told)}")
    return "\n".join([*lines, ""])


def _told(draft: Written, key: str) -> Any:
    """Give what stands under a field's name, as YAML's own types; None: the field is left out."""
    declared = [item for item in DECLARED if item.key == key]
    if declared[0].part:
        limits = {item.part: getattr(draft, item.attribute) for item in declared}
        return {part: value for part, value in limits.items() if value is not None} or None
    item = declared[0]
    value = getattr(draft, item.attribute)
    if item.kind == "facets":
        return {aspect: _spaced(text) for aspect, text in value} or None
    if item.kind == "texts":
        return [_spaced(text) for text in value]
    if item.kind == "text":
        return _spaced(value)
    return value


def _revised(draft: Draft, before: str) -> str | None:
    """Change the front matter of a good file; None where the file is not good."""
    text = before.removeprefix("\ufeff").replace("\r\n", "\n")
    editor = open_yaml()
    try:
        head = editor.load(text.removeprefix("---\n").partition("\n---\n")[0] + "\n")
        if not isinstance(head, CommentedMap):
            return None
        # It may have been called otherwise, and have lain elsewhere.
        path = Path("faq") / str(head.get("category") or draft.category) / f"{head.get('id')}.md"
        known, _ = read_faq(path, before, frozenset(VARIABLE.findall(before)))
        if known is None:
            return None
        for key in FIELDS:
            told = _told(draft, key)
            if told == _told(known, key):
                continue
            if told is None:
                head.pop(key, None)
            else:
                head[key] = _merged(head.get(key), told)
        out = io.StringIO()
        editor.dump(head, out)
    except YAMLError:
        return None
    return out.getvalue()


def _merged(old: Any, new: Any) -> Any:
    """Bring a value up to date in place, so that the comments beside what stays stay too."""
    if isinstance(old, CommentedSeq) and isinstance(new, list):
        steps = difflib.SequenceMatcher(None, [str(entry) for entry in old], new).get_opcodes()
        for what, start, end, first, last in reversed(steps):
            if what == "equal":
                continue
            for place in reversed(range(start, end)):
                del old[place]
            for entry in reversed(new[first:last]):
                old.insert(start, quoted(entry))
        return old
    if isinstance(old, CommentedMap) and isinstance(new, dict):
        for key in [key for key in old if key not in new]:
            del old[key]
        for key, value in new.items():
            if old.get(key) != value:
                old[key] = quoted(value)
        return old
    if isinstance(new, list):
        made = CommentedSeq([quoted(entry) for entry in new])
        made.fa.set_flow_style()
        return made
    if isinstance(new, dict):
        return CommentedMap({key: quoted(value) for key, value in new.items()})
    return quoted(new)


def _says(head: str, draft: Draft) -> bool:
    """Tell whether a front matter says what the draft does: nothing may be lost on the way."""
    path = Path("faq") / draft.category / f"{draft.id}.md"
    names = frozenset(VARIABLE.findall(head))
    read, _ = read_faq(path, f"---\n{head}---\n\n答。\n", names)
    return read is not None and all(_told(read, key) == _told(draft, key) for key in FIELDS)


def open_yaml() -> YAML:
    """Open a reader and writer that keeps comments, order and quotes."""
    editor = YAML(typ="rt")
    editor.preserve_quotes = True
    editor.width = 100_000
    editor.indent(mapping=2, sequence=4, offset=2)
    return editor


def quoted(value: Any) -> Any:
    """Give a text the quotes that every reader of YAML needs."""
    if isinstance(value, str) and plain_scalar(value) != value:
        return DoubleQuotedScalarString(value)
    return value


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, dt.date) else plain_scalar(str(value))


def texts(values: Iterable[str]) -> tuple[str, ...]:
    """Tidy lines that an editor typed: single spaces, no empty ones, each once."""
    tidy = (_SPACES.sub(" ", value).strip() for value in values)
    return tuple(dict.fromkeys(value for value in tidy if value))


def _body(answer: str) -> str:
    lines = (line.rstrip() for line in answer.replace("\r\n", "\n").strip().split("\n"))
    return "\n".join(lines)


def _spaced(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
