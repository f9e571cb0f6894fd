"""Answers ready made for agents: templates of data/canned.yml, and the FAQs by search."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from search import fill

if TYPE_CHECKING:
    from search import Engine

log = logging.getLogger(__name__)
TEMPLATES, FAQS = 8, 5  # shown at once


@dataclass(frozen=True, slots=True)
class Item:
    """An answer to insert. kind: template (plain text) or faq (Markdown)."""

    id: str
    title: str
    text: str
    kind: str

    def as_json(self) -> dict[str, Any]:
        """Show it as the console's API does."""
        return {"id": self.id, "title": self.title, "text": self.text, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class Template:
    """A text of data/canned.yml; words are what an agent may type to find it."""

    id: str
    title: str
    text: str
    words: tuple[str, ...]

    def fits(self, query: str) -> int:
        """Tell how well a query names it: 0 not at all."""
        if any(word == query for word in (self.title, *self.words)):
            return 3
        if any(query in word or word in query for word in (self.title, *self.words) if word):
            return 2
        return 1 if query in self.text.casefold() else 0


class Canned:
    """Finds ready-made answers. engine None: templates alone."""

    def __init__(
        self, templates: list[Template], engine: Engine | None, variables: Mapping[str, str]
    ) -> None:
        self._templates = templates
        self._engine = engine
        self._variables = variables

    def find(self, query: str, names: Mapping[str, str]) -> list[Item]:
        """Find what fits a query, best first; all templates for an empty one.

        names: what a template may name beside the deployment's variables (agent, customer).
        """
        wanted = query.strip().casefold()
        if not wanted:
            return [self._filled(one, names) for one in self._templates]
        fits = [(one.fits(wanted), -place) for place, one in enumerate(self._templates)]
        best = sorted((fit for fit in fits if fit[0]), reverse=True)[:TEMPLATES]
        found = [self._filled(self._templates[-place], names) for _, place in best]
        return found + self._faqs(query.strip())

    def _filled(self, template: Template, names: Mapping[str, str]) -> Item:
        text = fill(template.text, {**self._variables, **names})
        return Item(template.id, template.title, text, "template")

    def _faqs(self, query: str) -> list[Item]:
        if self._engine is None:
            return []
        try:
            found = self._engine.rank(query, limit=FAQS).hits
            faqs = [self._engine.faq(hit.id) for hit in found]
        except Exception:
            # Agents go on writing by themselves when search does not work.
            log.exception("canned: search failed")
            return []
        return [Item(faq.id, faq.question, fill(faq.short, self._variables), "faq") for faq in faqs]


def read_templates(path: Path) -> list[Template]:
    """Read the templates; a missing file holds none. Raises ValueError."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    try:
        return [
            Template(
                id=name,
                title=str(item["title"]),
                text=str(item["text"]).strip(),
                words=tuple(str(word).casefold() for word in item.get("words") or ()),
            )
            for name, item in raw.items()
        ]
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{path}: write `id: {{title, words, text}}` entries") from error
