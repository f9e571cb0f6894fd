"""Rules on the ranking: which FAQ takes a question that belongs to another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from faq import golden
from faq.findings import Finding
from faq.folder import Folder
from search import Engine
from search.ranking import Ranking
from search.thresholds import ANSWER


def check(folder: Folder, engine: Engine, today: dt.date) -> Iterator[Finding]:
    """Rank every FAQ's own question and the golden ones. engine: opened on the same folder."""
    for faq in folder.content.faqs.values():
        yield from own_question(folder, engine, faq.id, today)
    yield from golden_questions(folder, engine, today)


def own_question(folder: Folder, engine: Engine, faq_id: str, today: dt.date) -> Iterator[Finding]:
    """Rank one FAQ's own question, where the FAQ is valid today."""
    faq = folder.content.faqs[faq_id]
    # Nobody is led to an FAQ that has not begun or has ended: its question goes to another.
    if not faq.valid_on(today):
        return
    line = folder.line(faq, "question")
    ranking = engine.rank(faq.question, limit=3)
    if not ranking.hits:
        return
    best = ranking.hits[0]
    if best.id != faq.id and not (ranking.topic == "human" and faq.flow == "human"):
        values = _values(faq.question, ranking)
        yield Finding(faq.path, line, "taken", "error", "question", values)
    elif ranking.confidence < ANSWER:
        values = {"text": faq.question, "confidence": round(100 * ranking.confidence)}
        yield Finding(faq.path, line, "unsure", "warning", "question", values)


def golden_questions(
    folder: Folder, engine: Engine, today: dt.date, only: str | None = None
) -> Iterator[Finding]:
    """Rank the golden questions of FAQs valid today; `only` keeps those of one FAQ."""
    found, bad = golden.read(folder.data)
    path = golden.path_of(folder.data)
    if only is None:
        for line, reason in bad:
            yield Finding(path, line, "golden-bad", "error", "file", {"reason": reason})
    for entry in found:
        if only not in (None, entry.faq):
            continue
        faq = folder.content.faqs.get(entry.faq)
        if faq is None:
            values: dict[str, object] = {"text": entry.text, "faq": entry.faq}
            yield Finding(path, entry.line, "golden-unknown", "error", "file", values)
            continue
        if not faq.valid_on(today):
            continue
        ranking = engine.rank(entry.text, limit=3)
        if ranking.hits and ranking.hits[0].id != faq.id:
            values = _values(entry.text, ranking) | {"golden_line": entry.line}
            line = folder.line(faq, "question")
            yield Finding(faq.path, line, "golden-taken", "warning", "similar", values)


def _values(text: str, ranking: Ranking) -> dict[str, object]:
    best = ranking.hits[0]
    return {
        "text": text,
        "other": best.question,
        "other_id": best.id,
        "score": round(100 * best.score),
    }
