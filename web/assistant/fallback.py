"""Answers without the bot: search finds, the words come from data/fallback.yml."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from search import fill
from web import offload
from web.assistant.replies import Button, Escalate, Reply, Step, Understood

if TYPE_CHECKING:
    from safety import Life
    from search import Engine, Ranking

log = logging.getLogger(__name__)
FAQ = re.compile(r"/faq\s*(\{.*\})")
NEAREST = 3
LONG = 200  # characters; ranking ten times as many takes a fifth of a second


class Fallback:
    """Turns a message into steps with nothing but a search engine (None: not even that)."""

    def __init__(
        self,
        engine: Engine | None,
        phrases: Mapping[str, str],
        variables: Mapping[str, str],
        life: Life | None = None,
    ) -> None:
        self._life = life
        self._engine = engine
        self._phrases = phrases
        self._variables = variables

    def answer(self, text: str, payload: str | None, ranking: Ranking | None = None) -> list[Step]:
        """Answer a customer's message: a human when asked for, else an FAQ or the nearest three.

        ranking: of the text, where it was ranked already.
        """
        if payload == "/human":
            return [Escalate(None, "asked", urgent=False)]
        if self._life is not None and payload is None and self._life.cries_for_help(text):
            calm = fill(self._life.say["first_nobody"][0], self._variables)
            said = Reply(calm, "markdown", buttons=(self._human(),))
            return [said, Escalate("life", "urgent", urgent=True)]
        try:
            faq_id = asked_faq(payload) if payload else None
            if faq_id:
                return [self._faq(faq_id)]
            return self._search(text, ranking)
        except Exception:
            # Whatever is wrong with the index or a file, the way to a human stays open.
            log.exception("fallback search failed")
            return [self._say("unknown")]

    def rank(self, text: str) -> Ranking | None:
        """Rank a message as the bot does; None where that can't be done."""
        if self._engine is None:
            return None
        try:
            return self._ranked(self._engine, text)
        except Exception:
            log.exception("a message was not ranked")
            return None

    def greet(self) -> list[Step]:
        """Open a conversation."""
        return [self._say("greeting")]

    def _search(self, text: str, ranking: Ranking | None) -> list[Step]:
        if self._engine is None:
            return [self._say("unknown")]
        ranking = ranking or self._ranked(self._engine, text)
        if ranking.topic == "human":
            return [Escalate(None, "asked", urgent=False)]
        if ranking.band == "answer" and ranking.hits:
            return [self._faq(ranking.hits[0].id)]
        if ranking.band == "offer" and ranking.hits:
            nearest = [Button(hit.question, faq_payload(hit.id)) for hit in ranking.hits[:NEAREST]]
            return [self._say("offer", nearest)]
        return [self._say("unknown")]

    def _ranked(self, engine: Engine, text: str) -> Ranking:
        if len(text) > LONG:
            return offload.ranking.run(lambda: engine.rank(text, limit=NEAREST))
        return engine.rank(text, limit=NEAREST)

    def _faq(self, faq_id: str) -> Reply:
        if self._engine is None:
            return self._say("unknown")
        faq = self._engine.shown(faq_id)
        text = fill(faq.answer, self._variables)
        return Reply(text, "markdown", faq_id=faq.id, buttons=(self._human(),))

    def _say(self, phrase: str, buttons: list[Button] | None = None) -> Reply:
        return Reply(self._phrases.get(phrase, ""), buttons=(*(buttons or ()), self._human()))

    def _human(self) -> Button:
        return Button(self._phrases.get("human", "☎"), "/human")


def understood(ranking: Ranking) -> Understood:
    """Return what the editors' report keeps of a ranking."""
    nearest = ranking.hits[0].id if ranking.hits else None
    return Understood(ranking.band, ranking.confidence, ranking.topic, nearest)


def faq_payload(faq_id: str) -> str:
    """Write the payload that asks for an FAQ."""
    return "/faq" + json.dumps({"faq": faq_id}, separators=(",", ":"))


def asked_faq(payload: str) -> str | None:
    """Read which FAQ a payload asks for; None when it asks for none."""
    match = FAQ.fullmatch(payload)
    if match is None:
        return None
    try:
        slots = json.loads(match[1])
    except (ValueError, RecursionError):
        return None
    faq_id = slots.get("faq") if isinstance(slots, dict) and len(slots) == 1 else None
    return faq_id if isinstance(faq_id, str) else None
