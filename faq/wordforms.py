"""Content files as forms: the words in them field by field, and back without touching the rest.

Comments, order and quotes of the file stay; whatever a field does not show is left alone.
"""

from __future__ import annotations

import difflib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import LiteralScalarString, ScalarString

from faq import hoursform
from faq.editable import Editable
from faq.errors import Refused
from faq.writing import open_yaml, quoted

# line, text: one text. lines: a list, one a line. texts: a list of long ones. groups: lists of
# words, one list a line. table: names and texts, one pair a line. pairs: golden questions.
# hours: opening hours, as JSON.
Kind = Literal["line", "text", "lines", "texts", "groups", "table", "pairs", "hours", "whole"]
Path = tuple[str | int, ...]
LONG = 40  # characters from which a text gets more than one line
_APART = re.compile(r"\s*[,，、]\s*")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. path: where it stands in the file. label: the names that lead there."""

    path: Path
    kind: Kind
    label: tuple[str, ...]
    value: str | list[str]


def fields_of(file: Editable, text: str) -> list[Field]:
    """List a file's fields; a file that is no form is one field of kind `whole`."""
    if file.kind == "jsonl":
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        return [Field((), "pairs", (), "\n".join(f"{row['text']} | {row['faq']}" for row in rows))]
    if file.kind != "yml":
        return [Field((), "whole", (), text)]
    if file.tries == "when":
        return [Field((), "hours", (), hoursform.fields(text))]
    return list(_fields(open_yaml().load(text), (), (), file.grows))


def apply(file: Editable, text: str, values: Mapping[Path, str | list[str]]) -> str:
    """Return the file with other values in some of its fields; raises Refused."""
    if file.kind == "jsonl":
        return _with_pairs(text, str(values[()])) if () in values else text
    if file.kind != "yml":
        return str(values.get((), text)).replace("\r\n", "\n").rstrip() + "\n"
    if file.tries == "when":
        return hoursform.put(text, str(values[()])) if () in values else text
    editor = open_yaml()
    try:
        document = editor.load(text)
    except YAMLError as error:
        raise Refused(f"{file.name} is no YAML: {error}") from None
    known = {field.path: field for field in _fields(document, (), (), file.grows)}
    for path, value in values.items():
        if path not in known:
            raise Refused(f"{file.name} has no field {'/'.join(map(str, path))}")
        if value != known[path].value:
            document = _put(document, path, known[path].kind, value, file.instead)
    out = io.StringIO()
    editor.dump(document, out)
    return out.getvalue()


def _fields(
    value: Any, path: Path, label: tuple[str, ...], grows: tuple[str, ...]
) -> Iterator[Field]:
    if isinstance(value, Mapping):
        if ".".join(map(str, path)) in grows and all(map(_is_line, value.values())):
            lines = "\n".join(f"{name}: {one}" for name, one in value.items())
            yield Field(path, "table", label, lines)
            return
        for name, one in value.items():
            titled = isinstance(one, Mapping) and isinstance(one.get("title"), str)
            called = str(one["title"] if titled else name)
            yield from _fields(one, (*path, name), (*label, called), grows)
    elif isinstance(value, list):
        yield from _listed(value, path, label, grows)
    elif isinstance(value, str):
        long = len(value) > LONG or "\n" in value
        yield Field(path, "text" if long else "line", label, str(value))
    elif value is not None:
        yield Field(path, "line", label, _plain(value))


def _listed(
    value: list[Any], path: Path, label: tuple[str, ...], grows: tuple[str, ...]
) -> Iterator[Field]:
    if value and all(isinstance(one, list) and all(map(_is_word, one)) for one in value):
        yield Field(path, "groups", label, "\n".join("、".join(map(str, one)) for one in value))
    elif all(isinstance(one, str) for one in value):
        if any("\n" in one or len(one) > LONG for one in value):
            yield Field(path, "texts", label, [str(one) for one in value])
        else:
            yield Field(path, "lines", label, "\n".join(value))
    else:
        for number, one in enumerate(value):
            called = str(number + 1)
            if isinstance(one, Mapping):
                keys = [key for key in ("title", "name", "id") if key in one]
                called = str(one[keys[0]]) if keys else called
            yield from _fields(one, (*path, number), (*label, called), grows)


def _put(
    document: Any, path: Path, kind: Kind, value: str | list[str], instead: Sequence[str]
) -> Any:
    if not path:
        return _made(document, kind, value, instead)
    parent = document
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = _made(parent[path[-1]], kind, value, instead)
    return document


def _made(old: Any, kind: Kind, value: str | list[str], instead: Sequence[str]) -> Any:
    if kind == "table":
        return _with_table(old, _lines(value))
    if kind == "groups":
        return _with_entries(old, [_group(line) for line in _lines(value)])
    if kind in ("lines", "texts"):
        entries = _lines(value) if kind == "lines" else [one.strip() for one in value]
        return _with_entries(old, [one for one in entries if one])
    text = str(value).replace("\r\n", "\n")
    if instead and text.strip() in instead:
        return text.strip()
    if isinstance(old, str) and old in instead:
        return open_yaml().load(text)
    if not isinstance(old, str):
        return _typed(old, text.strip())
    return _like(old, text)


def _like(old: str, text: str) -> Any:
    """Write a text as the one before was written."""
    if isinstance(old, LiteralScalarString):
        return LiteralScalarString(text.rstrip("\n") + "\n" * (len(old) - len(old.rstrip("\n"))))
    if isinstance(old, ScalarString) and "\n" not in text:
        return type(old)(text.strip())
    return quoted(text.strip())


def _typed(old: Any, text: str) -> Any:
    """Read a number or a switch as what it was."""
    found = open_yaml().load(text)
    if isinstance(found, bool) != isinstance(old, bool) or not isinstance(found, type(old)):
        raise Refused(f"{text!r} stands where {_plain(old)!r} stood: write the same kind")
    return found


def _with_entries(old: CommentedSeq, entries: list[Any]) -> CommentedSeq:
    """Change a list in place: what stays keeps its comments and its quotes."""
    before = [list(one) if isinstance(one, list) else str(one) for one in old]
    keys = [json.dumps(one) for one in before]
    wanted = [json.dumps(one) for one in entries]
    matcher = difflib.SequenceMatcher(None, keys, wanted, autojunk=False)
    for op, a, b, c, d in reversed(matcher.get_opcodes()):
        if op == "equal":
            continue
        model = old[a] if a < len(old) else old[-1] if len(old) else ""
        for place in range(b - 1, a - 1, -1):
            del old[place]
        for place, entry in enumerate(entries[c:d], a):
            old.insert(place, _entry(model, entry))
    return old


def _entry(model: Any, entry: Any) -> Any:
    if isinstance(entry, list):
        made = CommentedSeq([quoted(word) for word in entry])
        made.fa.set_flow_style()
        return made
    return _like(model if isinstance(model, str) else "", entry)


def _with_table(old: CommentedMap, lines: list[str]) -> CommentedMap:
    wanted: dict[str, str] = {}
    for line in lines:
        name, mark, text = re.split(r"([:：])", line, maxsplit=1) if re.search("[:：]", line) else (
            line, "", "")  # fmt: skip
        if not mark or not name.strip() or not text.strip():
            raise Refused(f"{line!r} is no pair: write name: text")
        wanted[name.strip()] = text.strip()
    for name in [name for name in old if str(name) not in wanted]:
        del old[name]
    names = {str(name): name for name in old}
    for name, text in wanted.items():
        if name not in names:
            old[name] = quoted(text)
        elif str(old[names[name]]) != text:
            old[names[name]] = _like(old[names[name]], text)
    if [str(name) for name in old] != list(wanted):  # put in another order
        for name in wanted:
            old.move_to_end(names.get(name, name))
    return old


def _with_pairs(text: str, said: str) -> str:
    before = {}
    for line in text.splitlines():
        if line.strip():
            row = json.loads(line)
            before[row["text"], row["faq"]] = line
    found = []
    for line in _lines(said):
        question, mark, faq = (part.strip() for part in line.rpartition("|"))
        if not mark or not question or not faq:
            raise Refused(f"{line!r} is no pair: write question | id")
        row = json.dumps({"text": question, "faq": faq}, ensure_ascii=False)
        found.append(before.get((question, faq), row))
    return "\n".join(found) + "\n"


def _group(line: str) -> list[str]:
    return [word for word in _APART.split(line) if word]


def _lines(value: str | list[str]) -> list[str]:
    lines = value.split("\n") if isinstance(value, str) else value
    return [line.strip() for line in lines if line.strip()]


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and "\n" not in value


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and not _APART.search(value) and "\n" not in value


def _plain(value: Any) -> str:
    return "true" if value is True else "false" if value is False else str(value)
