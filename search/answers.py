"""The answers' own words: which articles mention what no way of asking comes near.

A reader of the help center types a word that she saw somewhere (待处理, 底稿); it may stand in an
answer or among its keywords, and in no question. Letters and pairs of letters find it in the middle
of a word, too.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.analysis import RegexTokenizer
from whoosh.fields import STORED, TEXT, Schema

from search.analysis import Analyser
from search.content import Content
from search.documents import Faq
from search.lookup import Lookup
from search.normalise import Normaliser
from search.snippet import plain

_SPLIT = RegexTokenizer(r"[^\t]+")
# An answer that holds less of the query's pairs mentions something else.
HELD = 0.5
# Answers looked at more closely, for each that is wanted.
LOOKED_AT = 4


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers' compiled index; ids: by row of the lookup."""

    lookup: Lookup
    ids: tuple[str, ...]

    @classmethod
    def build(cls, folder: Path, content: Content, analyser: Analyser) -> None:
        """Index the answers with Whoosh in an empty folder, and compile them there."""
        folder.mkdir()
        schema = Schema(faq=STORED, chars=TEXT(analyzer=_SPLIT, phrase=False))
        index = whoosh_index.create_in(str(folder), schema)
        writer = index.writer()
        for faq in content.faqs.values():
            writer.add_document(
                faq=faq.id, chars="\t".join(analyser(_text(faq.answer, faq.keywords)).chars)
            )
        writer.commit()
        with index.reader() as reader:
            Lookup.compile(reader, "chars").save(folder, "chars")
            ids = [fields["faq"] for _, fields in reader.iter_docs()]
        index.close()
        (folder / "ids.json").write_text(json.dumps(ids), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Answers:
        """Map what `build` wrote."""
        ids = json.loads((folder / "ids.json").read_text(encoding="utf-8"))
        return cls(Lookup.load(folder, "chars"), tuple(ids))

    def mention(
        self,
        query: str,
        faqs: Mapping[str, Faq],
        analyser: Analyser,
        limit: int,
        held: float = HELD,
    ) -> list[str]:
        """Find the FAQs whose answers hold most of a query's words: ids, best first.

        faqs: as they are now; an answer that changed since it was indexed is read again. held: the
        least share of the query's pairs of characters that an answer has to hold.
        """
        units = set(analyser.grams(query))
        wanted = {unit for unit in units if len(unit) > 1}
        if not wanted:
            return []
        found: list[str] = []
        for row, _ in self.lookup.top(units, LOOKED_AT * limit):
            faq = faqs.get(self.ids[row])
            if faq is not None:
                text = _normalised(analyser.normalise, faq.answer, faq.keywords)
                if sum(unit in text for unit in wanted) >= held * len(wanted):
                    found.append(faq.id)
        return found[:limit]


def _text(answer: str, keywords: Sequence[str]) -> str:
    return "\n".join((plain(answer), *keywords))


@functools.lru_cache(maxsize=1024)
def _normalised(normalise: Normaliser, answer: str, keywords: tuple[str, ...]) -> str:
    return normalise(_text(answer, keywords))
