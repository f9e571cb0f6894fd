"""Says nothing twice in the same words: a response that was said gets words before it.

The slot `said` keeps marks of what the bot said; a step asked again is asked 「还是这一步：…」.
"""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from dialogue.phrases import mark

SAID = "said"
MOST = 40  # marks kept of one conversation
SHORT = 12  # characters below which a text may come again


class FreshWords(TemplatedNaturalLanguageGenerator):
    """Fills in responses as Rasa does. leads: what may stand before a text that was said."""

    def __init__(self, responses: dict[str, Any], leads: tuple[str, ...]) -> None:
        super().__init__(responses)
        self._leads = leads

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Return the response in words that were not said yet."""
        response: dict[str, Any] | None = await super().generate(
            utter_action, tracker, output_channel, **kwargs
        )
        text = (response or {}).get("text") or ""
        if response is None or len(text) < SHORT:
            return response
        said = {*_kept(tracker), *(mark(one) for one in _uttered(tracker))}
        candidates = (text, *(lead + text for lead in self._leads))
        fresh = next((one for one in candidates if mark(one) not in said), text)
        return {**response, "text": fresh}


def speak_freshly(processor: MessageProcessor, leads: tuple[str, ...]) -> None:
    """Have a processor never say the same words twice. leads: what may stand before a text."""
    processor.nlg = FreshWords(processor.domain.responses, leads)


def said_in(tracker: DialogueStateTracker) -> list[str]:
    """Return the marks to keep: those from before, and those of the tracker's last turn."""
    before = _kept(tracker)
    now = [mark(text) for text in _uttered(tracker) if len(text) >= SHORT]
    return [*(one for one in before if one not in now), *dict.fromkeys(now)][-MOST:]


def _kept(tracker: DialogueStateTracker) -> list[str]:
    return list(tracker.slots[SAID].value or ()) if SAID in tracker.slots else []


def _uttered(tracker: DialogueStateTracker) -> list[str]:
    return [event.text for event in tracker.events if isinstance(event, BotUttered) and event.text]
