"""FAQ files: YAML front matter and Markdown, read with the line of every mistake."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from learning.written import LOADER as LOADER
from search.errors import Problem
from search.fields import DECLARED, FIELDS, FOREIGN, REQUIRED, Field, Written
from search.reasons import because, no_yaml
from search.values import WORD, Values

VARIABLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
MOST_SIMILAR = 1_000  # ways of asking; more of them slow every customer's answer down
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Faq(Written):
    """One FAQ as its file gives it."""

    path: Path = Path()

    @property
    def short(self) -> str:
        """The first paragraph of the answer: complete by itself."""
        return self.answer.split("\n\n", 1)[0].strip()

    def valid_on(self, day: dt.date) -> bool:
        """Tell whether the FAQ may be shown on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


def read_faq(path: Path, text: str, variables: frozenset[str]) -> tuple[Faq | None, list[Problem]]:
    """Parse one FAQ file.

    Returns the FAQ and no problems, or None and every problem found, each with its line.
    variables: the names that `{{ … }}` may hold.
    """
    reader = _Reader(path, text, variables)
    faq = reader.read()
    return (None if reader.problems else faq), reader.problems


class _Reader(Values):
    def __init__(self, path: Path, text: str, variables: frozenset[str]) -> None:
        super().__init__(path)
        self._whole = text.removeprefix("\ufeff").replace("\r\n", "\n")
        self.variables = variables
        self._readers: dict[str, Callable[[dict[str, Any], str], Any]] = {
            "id": self._id,
            "category": self._category,
            "text": self.text,
            "line": lambda values, key: self.text(values, key) or None,
            "texts": self.texts,
            "flag": self.flag,
            "flow": self.flow,
            "word": self.word,
            "facets": self._facets,
        }

    def read(self) -> Faq | None:
        if not self._whole.startswith("---\n"):
            self.bad(1, because("no-fence"), "begin it with a YAML block between ---")
            return None
        head, fence, body = self._whole[4:].partition("\n---\n")
        if not fence:
            self.bad(1, because("unclosed"), "end it with a line of ---")
            return None
        values = self._mapping(head)
        if values is None:
            return None
        for key in values:
            if key not in FIELDS and not str(key).startswith(FOREIGN):
                self.bad(
                    self.lines.get(str(key), 1),
                    because("unknown-field", name=key),
                    f"use one of {', '.join(FIELDS)}",
                )
        for key in REQUIRED:
            if values.get(key) in (None, "", []):
                self.bad(self.lines.get(key, 1), because("missing", field=key), f"add `{key}:`")
        body_line = head.count("\n") + 4
        answer = body.strip()
        self._check_body(answer, body, body_line)
        found = {item.attribute: self._value(item, values) for item in DECLARED if item.key}
        faq = Faq(**found, answer=answer, path=self.path)
        if faq.valid_from and faq.valid_until and faq.valid_from > faq.valid_until:
            self.bad(
                self.lines["valid"], because("valid-order", field="valid"), "swap the two dates"
            )
        self._check_repeats(faq)
        return faq

    def _value(self, item: Field, values: dict[str, Any]) -> Any:
        """Read one field; what is wrong with it is noted."""
        key = item.key
        if item.part:
            values = self.parts(values, key)
        if item.kind == "date":
            return self.date(key, values.get(item.part or key)) or item.default
        return self._readers[item.kind](values, key)

    def _mapping(self, head: str) -> dict[str, Any] | None:
        try:
            node = yaml.compose(head, Loader=LOADER)
            values = yaml.load(head, LOADER)  # noqa: S506 - a SafeLoader
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            line = mark.line + 2 if mark else 1
            self.bad(line, no_yaml(error, error.problem), "quote the value or fix its indent")
            return None
        except (yaml.YAMLError, ValueError) as error:
            # ValueError: a date such as 2026-13-40
            self.bad(1, no_yaml(error), "fix the block between ---")
            return None
        if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
            self.bad(2, because("block-no-mapping"), "write `key: value` lines")
            return None
        for key_node, _ in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 2
            if key in self.lines:
                self.bad(line, because("twice-key", field=key), f"keep one `{key}:`")
            self.lines[key] = line
        return values

    def _id(self, values: dict[str, Any], key: str) -> str:
        faq_id = self.text(values, key)
        if faq_id and not _ID.fullmatch(faq_id):
            self.bad(
                self.lines[key],
                because("bad-id", field="id", id=faq_id),
                "use a-z, 0-9 and single hyphens",
            )
        if faq_id and faq_id != self.path.stem:
            self.bad(
                self.lines[key],
                because("id-not-name", field="id", id=faq_id, name=self.path.stem),
                "make the two alike",
            )
        return faq_id

    def _category(self, values: dict[str, Any], key: str) -> str:
        folder = self.path.parent.name
        category = self.text(values, key) or folder
        if category != folder:
            self.bad(
                self.lines[key],
                because("category-not-folder", field="category", category=category, folder=folder),
                "move the file or change the field",
            )
        return category

    def _facets(self, values: dict[str, Any], key: str) -> tuple[tuple[str, str], ...]:
        facets = values.get(key)
        if facets is None:
            return ()
        if not isinstance(facets, dict):
            self.bad(
                self.lines[key], because("no-mapping", field="facets"), "write `aspect: text` lines"
            )
            return ()
        for aspect, text in facets.items():
            if not isinstance(aspect, str) or not WORD.fullmatch(aspect):
                self.bad(
                    self.lines[key],
                    because("facets-aspect", field="facets", value=aspect),
                    "use an aspect of data/lexicon/topics.yml",
                )
                return ()
            if not isinstance(text, str) or not text.strip():
                self.bad(
                    self.lines[key],
                    because("facet-not-text", aspect=aspect, value=text),
                    "write its answer",
                )
                return ()
            self._check_variables(text, self.lines[key])
        return tuple((aspect, text.strip()) for aspect, text in facets.items())

    def _check_body(self, answer: str, body: str, first_line: int) -> None:
        if not answer:
            self.bad(first_line, because("answer-missing"), "write it below the second ---")
            return
        if answer.lstrip().startswith(("#", "-", "1. ", "!", ">", "|")):
            self.bad(first_line, because("no-lead"), "begin with a short answer")
        self._check_variables(body, first_line)

    def _check_variables(self, text: str, first_line: int) -> None:
        for name, offset in _variables(text):
            if name not in self.variables:
                self.bad(
                    first_line + text.count("\n", 0, offset),
                    because("unknown-variable", name=name),
                    f"use one of {', '.join(sorted(self.variables)) or 'data/variables.yml'}",
                )

    def _check_repeats(self, faq: Faq) -> None:
        if len(faq.similar) > MOST_SIMILAR:
            fix = f"keep at most {MOST_SIMILAR}"
            self.bad(
                self.lines["similar"],
                because("too-many-similar", field="similar", count=len(faq.similar)),
                fix,
            )
        seen: set[str] = {faq.question}
        for text in faq.similar:
            if text in seen:
                self.bad(
                    self.lines["similar"], because("twice-entry", text=text), "keep one of them"
                )
            seen.add(text)
        if faq.id in faq.related:
            self.bad(
                self.lines["related"], because("related-itself", field="related"), "drop it there"
            )


def _variables(body: str) -> Iterator[tuple[str, int]]:
    for match in VARIABLE.finditer(body):
        yield match[1], match.start()
