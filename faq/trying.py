"""`faq try`: how a message is understood and ranked, and why, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from faq import words
from search import Engine, UnknownFaq
from search.explanation import Account, explain
from search.ranking import Ranking

SHOWN = 6
LEAST = 0.05  # points below this say nothing


def attempt(engine: Engine, text: str, limit: int = 3) -> dict[str, Any]:
    """Rank a text and account for it; returns what `lines` prints and --json shows."""
    ranking = engine.rank(text, limit=limit)
    explanation = explain(engine.generation, text, limit)
    return {
        "text": text,
        "query": ranking.query,
        "standard": explanation.found.standard,
        "meant": explanation.meant.text if explanation.meant else None,
        "words": list(explanation.found.words),
        "band": ranking.band,
        "confidence": round(ranking.confidence, 4),
        "topic": ranking.topic,
        "also": list(ranking.also),
        "verdict": _verdict(engine, ranking),
        "hits": [
            {"id": hit.id, "question": hit.question, "score": hit.score, "matched": hit.matched}
            for hit in ranking.hits
        ],
        "gate": [
            {"name": name, "words": words.name("gate", name), "points": round(points, 2)}
            for name, points in explanation.gate
        ],
        "accounts": [_account(engine, account) for account in explanation.accounts],
    }


def lines(found: dict[str, Any]) -> Iterator[str]:
    """Put an attempt into lines to read."""
    yield words.say("try.message", text=found["text"])
    if found["standard"] != found["text"]:
        yield words.say("try.standard", text=found["standard"])
    if found["meant"] is not None:
        yield words.say("try.meant", text=found["meant"])
    yield words.say("try.words", words=" / ".join(found["words"]))
    yield found["verdict"]
    gate = "，".join(f"{part['words']} {part['points']:+.1f}" for part in found["gate"])
    yield words.say("try.gate", parts=gate)
    for place, account in enumerate(found["accounts"], 1):
        yield ""
        yield words.say("try.place", place=place, **account)
        for reason in account["reasons"]:
            yield words.say("try.reason", **reason)
        if account["terms"]:
            listed = "，".join(f"{term['term']} {term['points']:+.1f}" for term in account["terms"])
            yield words.say("try.terms", terms=listed)
        for row in account["rows"]:
            yield words.say("try.row", **row)


def _verdict(engine: Engine, ranking: Ranking) -> str:
    sure = round(100 * ranking.confidence)
    if ranking.topic is not None:
        title = title_of(engine, ranking.topic)
        return words.say("try.topic", topic=title)
    if not ranking.hits:
        return words.say("try.unknown", sure=sure)
    return words.say(f"try.{ranking.band}", sure=sure, question=ranking.hits[0].question)


def title_of(engine: Engine, owner: str) -> str:
    """Return an FAQ's question, or a topic's title."""
    try:
        return engine.faq(owner).question
    except UnknownFaq:
        lexicon = engine.generation.content.lexicon
        titles = {topic.id: topic.title for topic in (*lexicon.smalltalk, *lexicon.beyond)}
        return titles.get(owner, words.say("try.human") if owner == "human" else owner)


def _account(engine: Engine, account: Account) -> dict[str, Any]:
    reasons = [
        {
            "name": reason.name,
            "words": words.name("features", reason.name),
            "value": round(reason.value, 3),
            "points": round(reason.points, 2),
        }
        for reason in account.reasons
        if abs(reason.points) >= LEAST
    ]
    return {
        "kind": words.say(f"kinds.{account.kind}"),
        "id": account.id,
        "title": title_of(engine, account.id),
        "score": round(100 * account.share, 1),
        "reasons": reasons[:SHOWN],
        "terms": _terms(account),
        "rows": [
            {"text": text, "like": round(100 * like)} for text, like in account.rows if like > 0
        ],
    }


def _terms(account: Account) -> list[dict[str, Any]]:
    """Join what the fields say of one term, pinyin left out: nobody reads it."""
    points: dict[str, float] = {}
    for name, term, gain in account.terms:
        if name != "pinyin":
            shown = term.replace("_", "+")
            points[shown] = points.get(shown, 0.0) + gain
    ordered = sorted(points.items(), key=lambda item: -abs(item[1]))
    return [
        {"term": term, "points": round(gain, 2)} for term, gain in ordered if abs(gain) >= LEAST
    ][:SHOWN]
