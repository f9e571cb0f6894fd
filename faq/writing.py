"""An FAQ file from its fields, in the one layout that all files have."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from faq.mending import plain_scalar
from search.documents import Faq, Written

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Draft(Written):
    """What an editor wrote, with no file yet."""

    @classmethod
    def of(cls, faq: Faq) -> Draft:
        """Take an FAQ up for writing."""
        return cls(**{name: getattr(faq, name) for name in Written.__slots__})

    @property
    def name(self) -> str:
        """The path below the content folder."""
        return f"faq/{self.category}/{self.id}.md"

    def dated(self, day: dt.date) -> Draft:
        """Return the draft as updated on a day."""
        return replace(self, updated=day)


def compose(draft: Draft) -> str:
    """Write the file's text."""
    lines = [
        "---",
        f"id: {draft.id}",
        f"category: {draft.category}",
        f"question: {_scalar(draft.question)}",
    ]
    similar = [_scalar(text) for text in draft.similar]
    lines += ["similar:", *(f"  - {text}" for text in similar)] if similar else ["similar: []"]
    lines.append(f"keywords: {_flow_list(draft.keywords)}")
    lines += [
        f"{name}: {value}" for name in ("object", "aspect") if (value := getattr(draft, name))
    ]
    if draft.facets:
        lines += ["facets:", *(f"  {aspect}: {_scalar(text)}" for aspect, text in draft.facets)]
    if draft.flow:
        lines.append(f"flow: {draft.flow}")
    lines.append(f"urgent: {'true' if draft.urgent else 'false'}")
    lines.append(f"related: {_flow_list(draft.related)}")
    lines.append(f"updated: {draft.updated.isoformat()}")
    if draft.valid_from or draft.valid_until:
        limits = (("from", draft.valid_from), ("until", draft.valid_until))
        inner = ", ".join(f"{name}: {day.isoformat()}" for name, day in limits if day)
        lines.append(f"valid: {{{inner}}}")
    return "\n".join([*lines, "---", "", _body(draft.answer), ""])


def texts(values: Iterable[str]) -> tuple[str, ...]:
    """Tidy lines that an editor typed: single spaces, no empty ones, each once."""
    tidy = (_SPACES.sub(" ", value).strip() for value in values)
    return tuple(dict.fromkeys(value for value in tidy if value))


def _body(answer: str) -> str:
    lines = (line.rstrip() for line in answer.replace("\r\n", "\n").strip().split("\n"))
    return "\n".join(lines)


def _scalar(text: str) -> str:
    return plain_scalar(_SPACES.sub(" ", text).strip())


def _flow_list(values: Iterable[str]) -> str:
    return f"[{', '.join(_scalar(value) for value in values)}]"
