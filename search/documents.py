"""FAQ files: YAML front matter and Markdown, read with the line of every mistake."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from search.errors import Problem
from search.fields import DECLARED, FIELDS, FOREIGN, REQUIRED, Field, Written
from search.reasons import because, no_date, no_entry, no_text, no_yaml

VARIABLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
# libyaml where the wheel has it: ten times as fast, the same rules.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_SIMILAR = 1_000  # ways of asking; more of them slow every customer's answer down
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FLOW = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_WORD = re.compile(r"[a-z]+(?:_[a-z]+)*")


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


class _Reader:
    def __init__(self, path: Path, text: str, variables: frozenset[str]) -> None:
        self.path = path
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        self.variables = variables
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}
        self._readers: dict[str, Callable[[dict[str, Any], str], Any]] = {
            "id": self._id,
            "category": self._category,
            "text": self._text,
            "line": lambda values, key: self._text(values, key) or None,
            "texts": self._texts,
            "flag": self._flag,
            "flow": self._flow,
            "word": self._word,
            "facets": self._facets,
        }

    def bad(self, line: int, reason: str, mend: str) -> None:
        self.problems.append(Problem(self.path, line, reason, mend))

    def read(self) -> Faq | None:
        if not self.text.startswith("---\n"):
            self.bad(1, because("no-fence"), "begin it with a YAML block between ---")
            return None
        head, fence, body = self.text[4:].partition("\n---\n")
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
            values = self._parts(values, key)
        if item.kind == "date":
            return self._date(key, values.get(item.part or key)) or item.default
        return self._readers[item.kind](values, key)

    def _parts(self, values: dict[str, Any], key: str) -> dict[str, Any]:
        found = values.get(key) or {}
        if isinstance(found, dict):
            return found
        problem = Problem(
            self.path,
            self.lines[key],
            because("no-mapping", field=key),
            "write {from: date, until: date}",
        )
        if problem not in self.problems:  # its fields ask one after the other
            self.problems.append(problem)
        return {}

    def _mapping(self, head: str) -> dict[str, Any] | None:
        try:
            node = yaml.compose(head, Loader=LOADER)
            values = yaml.load(head, LOADER)  # noqa: S506 - a SafeLoader
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            line = mark.line + 2 if mark else 1
            self.bad(line, no_yaml(error, error.problem), "quote the value or mend its indent")
            return None
        except (yaml.YAMLError, ValueError) as error:
            # ValueError: a date such as 2026-13-40
            self.bad(1, no_yaml(error), "mend the block between ---")
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

    def _text(self, values: dict[str, Any], key: str) -> str:
        value = values.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.bad(self.lines[key], no_text(key, value), "put it in quotes")
            return ""
        return value.strip()

    def _texts(self, values: dict[str, Any], key: str) -> tuple[str, ...]:
        value = values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.bad(
                self.lines[key], because("no-list", field=key), "write one `- …` line per entry"
            )
            return ()
        for entry in value:
            if not isinstance(entry, str) or not entry.strip():
                self.bad(self.lines[key], no_entry(key, entry), "put the entry in quotes")
                return ()
        return tuple(entry.strip() for entry in value)

    def _flag(self, values: dict[str, Any], key: str) -> bool:
        value = values.get(key, False)
        if not isinstance(value, bool):
            self.bad(
                self.lines[key], because("not-flag", field=key, value=value), "write true or false"
            )
            return False
        return value

    def _id(self, values: dict[str, Any], key: str) -> str:
        faq_id = self._text(values, key)
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
        category = self._text(values, key) or folder
        if category != folder:
            self.bad(
                self.lines[key],
                because("category-not-folder", field="category", category=category, folder=folder),
                "move the file or change the field",
            )
        return category

    def _flow(self, values: dict[str, Any], key: str) -> str | None:
        flow = self._text(values, key) or None
        if flow is not None and not _FLOW.fullmatch(flow):
            self.bad(
                self.lines[key], because("unknown-flow", flow=flow), "use the name of a flow's file"
            )
        return flow

    def _word(self, values: dict[str, Any], key: str) -> str | None:
        word = self._text(values, key) or None
        if word is not None and not _WORD.fullmatch(word):
            self.bad(
                self.lines[key],
                because("bad-word", field=key, value=word),
                "use a word of data/lexicon/topics.yml",
            )
            return None
        return word

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
            if not isinstance(aspect, str) or not _WORD.fullmatch(aspect):
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

    def _date(self, key: str, value: object) -> dt.date | None:
        if value is None:
            return None
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
            self.bad(self.lines[key], no_date(key, value), "write a date such as 2026-11-20")
            return None
        return value

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
            mend = f"keep at most {MOST_SIMILAR}"
            self.bad(
                self.lines["similar"],
                because("too-many-similar", field="similar", count=len(faq.similar)),
                mend,
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
