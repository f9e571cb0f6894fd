"""The content folder as editors' tools see it: FAQs, their texts and the lines in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from faq.places import Places
from search.content import Content, read_content, read_files
from search.documents import Faq


@dataclass(frozen=True, slots=True)
class Folder:
    """A content folder, read once.

    texts: of every FAQ file by its path, also of those that are bad. places: the same by id, of
    the good ones.
    """

    data: Path
    content: Content
    texts: dict[Path, str]
    places: dict[str, Places]

    @classmethod
    def read(cls, data: Path, files: dict[str, bytes] | None = None) -> Folder:
        """Read a content folder (or its files as given); raises search.BadContent."""
        files = read_files(data) if files is None else files
        content = read_content(data, files)
        texts = {
            data / name: raw.decode("utf-8", "replace")
            for name, raw in files.items()
            if name.startswith("faq/") and name.endswith(".md")
        }
        places = {faq.id: Places.of(texts[faq.path]) for faq in content.faqs.values()}
        return cls(data, content, texts, places)

    def questions(self) -> list[tuple[Faq, str, str]]:
        """List (FAQ, field, text) of every way of asking."""
        return [
            (faq, name, text)
            for faq in self.content.faqs.values()
            for name, text in (
                ("question", faq.question),
                *(("similar", similar) for similar in faq.similar),
            )
        ]

    def line(self, faq: Faq, name: str, text: str | None = None) -> int:
        """Return the line of a field of an FAQ, or of an entry of it."""
        return self.places[faq.id].line(name, text)
