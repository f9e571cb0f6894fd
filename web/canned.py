"""Answers ready made for agents: templates of data/canned.yml, and the FAQs by search."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from faq.templates import Template
from search import fill, pictures

if TYPE_CHECKING:
    from search import Engine
    from search.documents import Faq

log = logging.getLogger(__name__)
TEMPLATES, FAQS = 8, 5  # shown at once
OWN = "own:"  # no template of the file is called so


@dataclass(frozen=True, slots=True)
class Item:
    """An answer to insert. kind: own or template (plain text), or faq (Markdown)."""

    id: str
    title: str
    text: str
    kind: str

    def as_json(self) -> dict[str, Any]:
        """Show it as the console's API does."""
        return {"id": self.id, "title": self.title, "text": self.text, "kind": self.kind}


class Canned:
    """Finds ready-made answers. engine None: templates alone."""

    def __init__(
        self,
        templates: Callable[[], list[Template]],
        engine: Engine | None,
        variables: Mapping[str, str],
    ) -> None:
        self._templates = templates
        self._engine = engine
        self._variables = variables

    def find(
        self,
        query: str,
        names: Mapping[str, str],
        own: Sequence[tuple[int, str, str]] = (),
    ) -> list[Item]:
        """Find what fits a query, best first; all templates for an empty one.

        names: what a template may name beside the deployment's variables (agent, customer).
        own: the agent's own answers as (id, title, text); of what fits equally they come first.
        """
        mine = [Template(f"{OWN}{key}", title, text, ()) for key, title, text in own]
        wanted, templates = query.strip().casefold(), [*mine, *self._templates()]
        if not wanted:
            return [self._filled(one, names) for one in templates]
        fits = [(one.fits(wanted), -place) for place, one in enumerate(templates)]
        best = sorted((fit for fit in fits if fit[0]), reverse=True)[:TEMPLATES]
        found = [self._filled(templates[-place], names) for _, place in best]
        return found + self._faqs(query.strip())

    def draft(self, words: str) -> Item | None:
        """Give the FAQ with which search would answer; None where none fits."""
        if self._engine is None:
            return None
        try:
            found = self._engine.rank(words, limit=1)
        except Exception:
            log.exception("canned: search failed")
            return None
        if found.band == "unknown" or found.topic is not None or not found.hits:
            return None
        return self._shown(self._engine.faq(found.hits[0].id))

    def _filled(self, template: Template, names: Mapping[str, str]) -> Item:
        text = fill(template.text, {**self._variables, **names})
        for name in (name for name, value in names.items() if not value):
            text = re.sub(r"\{\{\s*" + name + r"\s*\}\}", "", text)  # nobody is called so: left out
        kind = "own" if template.id.startswith(OWN) else "template"
        return Item(template.id, template.title, text, kind)

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
        return [self._shown(faq) for faq in faqs]

    def _shown(self, faq: Faq) -> Item:
        # An agent's message is a text: it shows no pictures.
        text = fill(pictures.without(faq.short), self._variables)
        return Item(faq.id, faq.question, text, "faq")
