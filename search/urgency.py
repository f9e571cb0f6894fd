"""Urgency before similarity: a victim's story is answered as one, whatever its words resemble.

What tells a fraud stands in data/safety/fraud.yml; content without that file ranks as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from safety import Fraud
from safety.fraud import LIKELY, SURELY
from safety.fraud import TOLD as IS_TOLD
from search.documents import Faq
from search.kept import made_of
from search.ranking import Hit, Ranking

# How often a message that bears a fraud's signs is one: measured, not estimated per message.
TOLD = 0.9
# From this confidence on, a question that stands beside fraud is answered instead.
SURE = 0.8
# From this confidence on, what is no fraud is answered where a fraud is told, but not surely.
CERTAIN = 0.97
# From this share on, an urgent FAQ that was found is better than the one of the fraud's stage.
FOUND = 0.3
# How many FAQs an offer shows.
SHOWN = 3
Find = Callable[[str], "Faq | None"]


@dataclass(frozen=True, slots=True)
class Signs:
    """A content folder's signs of fraud, and the files' times and sizes when they were read."""

    stamp: tuple[tuple[int, int], ...]
    fraud: Fraud


def read(
    data: Path,
    normalise: Callable[[str], str],
    own: Path,
    kept: Path | None = None,
    before: Signs | None = None,
) -> Signs | None:
    """Read a content folder's signs of fraud; None when it has none.

    own: the folder of their last good versions, by which fraud is heard while they are bad. kept: a
    folder that keeps what is learned of the stories. before: what was read last, taken again while
    the files stay as they are: an editor's every try makes a generation of its own.
    """
    if not (data / "safety" / "fraud.yml").is_file() and not own.is_dir():
        return None
    stamp = tuple(map(_stamp, files(data)))
    if before is not None and before.stamp == stamp:
        return Signs(stamp, before.fraud)

    def make(folder: Path) -> Fraud:
        safety = folder / "safety"
        return Fraud.read(safety / "fraud.yml", normalise, safety / "stories", kept)

    return Signs(stamp, made_of(data, own, files, make))


def files(data: Path) -> list[Path]:
    """List what tells a fraud: the signs, and the stories."""
    safety = data / "safety"
    return [safety / "fraud.yml", *sorted((safety / "stories").glob("*.txt"))]


def _stamp(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError:
        return 0, 0
    return state.st_mtime_ns, state.st_size


def first(ranking: Ranking, text: str, fraud: Fraud, find: Find, limit: int) -> Ranking:
    """Put the urgent FAQ first where a fraud is told, and no further than an offer where not.

    find: an FAQ valid today by its id, None when there is none. limit: hits at most.
    """
    top = find(ranking.hits[0].id) if ranking.hits else None
    answers = ranking.band == "answer" and top is not None
    evidence = fraud.evidence(text)
    if evidence < IS_TOLD:
        of_fraud = answers and ranking.hits[0].id in fraud.faqs
        doubtful = ranking.confidence < TOLD or fraud.is_harmless(text)
        found = replace(ranking, band="offer") if of_fraud and doubtful else ranking
        return found if evidence < LIKELY else _with_offer(found, text, fraud, find, limit)
    told = fraud.stage_of(text)
    if top is not None and not top.urgent and fraud.is_harmless(text):
        return ranking  # 他说付了，我这喇叭没响
    if answers and top is not None and not fraud.is_signed(text):
        if not top.urgent and evidence < SURELY:
            if ranking.confidence >= CERTAIN:
                return ranking  # 我把钱转错人了
            return _with_offer(replace(ranking, band="offer"), text, fraud, find, limit)
        aside = top.id in fraud.beside and ranking.confidence >= SURE
        staged = top.id in fraud.faqs or not told.happened
        if aside or (top.urgent and staged and ranking.confidence >= TOLD):
            return ranking
    stage = find(told.faq if told.happened else _found(ranking, find) or told.faq)
    if stage is None:
        return ranking
    hit, rest = _taken_out(ranking, stage)
    hits = (replace(hit, score=max(hit.score, TOLD)), *rest)[:limit]
    return replace(
        ranking, band="answer", confidence=max(ranking.confidence, TOLD), hits=hits, topic=None
    )


def _with_offer(ranking: Ranking, text: str, fraud: Fraud, find: Find, limit: int) -> Ranking:
    """Show an urgent FAQ among the offers where a message may tell of a fraud."""
    answered = ranking.band == "answer"
    if answered or fraud.is_harmless(text):
        return ranking
    shown = [find(hit.id) for hit in ranking.hits[:SHOWN]]
    stage = find(fraud.stage_of(text).faq)
    if stage is None or any(faq is not None and faq.urgent for faq in shown):
        return replace(ranking, band="offer", topic=None) if ranking.hits else ranking
    hit, rest = _taken_out(ranking, stage)
    hits = (*rest[: SHOWN - 1], hit, *rest[SHOWN - 1 :])[:limit]
    return replace(ranking, band="offer", hits=hits, topic=None)


def _taken_out(ranking: Ranking, faq: Faq) -> tuple[Hit, tuple[Hit, ...]]:
    """Part the hit of an FAQ, made where there is none, from the others."""
    known = next((hit for hit in ranking.hits if hit.id == faq.id), None)
    hit = known or Hit(faq.id, 0.0, faq.question, faq.category, faq.question)
    return hit, tuple(one for one in ranking.hits if one.id != faq.id)


def _found(ranking: Ranking, find: Find) -> str | None:
    """Return the urgent FAQ that the ranking itself has far in front."""
    for hit in ranking.hits[:3]:
        faq = find(hit.id)
        if faq is not None and faq.urgent and hit.score >= FOUND:
            return hit.id
    return None
