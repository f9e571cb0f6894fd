"""What kind of question about the wallet a message asks, by its button, its words, or the topic."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dialogue.readings import CLEAR
from faq.wallet import Concern, Words
from search import UnknownFaq
from web.assistant.fallback import asked_faq
from web.wallet.findings import Message

if TYPE_CHECKING:
    from search import Engine
    from web.desk.models import Conversation

BRIEF = 12  # characters of a message that may well be about what is talked about


class Concerns:
    """Tells concerns, with the words and the ranking as they are now."""

    def __init__(self, words: Callable[[], Words], engine: Engine | None) -> None:
        self._words = words
        self._engine = engine

    def named(self, name: str | None) -> Concern | None:
        """Return the concern of a name; None without one, or when it is no longer there."""
        return self._words().concerns.get(name or "")

    def of(self, conversation: Conversation, message: Message) -> Concern | None:
        """Tell what kind of question about transactions a message asks, if any."""
        words = self._words()
        faq = self.faq_of(message)
        if message.payload is not None and faq is None:
            return words.concern(message.payload.removeprefix("/"), None)
        if message.sent.startswith("/") and faq is None:
            return None
        if faq is not None and self._engine is not None:
            try:
                concern = words.concern(self._engine.shown(faq).flow, faq)
            except UnknownFaq:
                concern = None
            if concern is not None:
                return concern
        topic = conversation.card.get("topic")
        if len(message.text) <= BRIEF and isinstance(topic, str):
            return words.concern(topic, None)
        return None

    def is_clear(self, message: Message) -> bool:
        """Tell whether a message is a question of its own, whatever was talked about before."""
        if message.payload is not None or self._engine is None:
            return True
        return self._engine.rank(message.text, limit=1).confidence >= CLEAR

    def faq_of(self, message: Message) -> str | None:
        """Return the FAQ that a message asks for, by a button or in its words."""
        if message.payload is not None:
            return asked_faq(message.payload)
        if self._engine is None or message.sent.startswith("/"):
            return None
        found = self._engine.rank(message.text, limit=1)
        sure = found.band != "unknown" and found.topic is None
        return found.hits[0].id if sure and found.hits else None
