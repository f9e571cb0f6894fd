"""Says responses by data/phrases as they stand now, and nothing twice in the same words.

The slot `said` keeps marks of what the bot said; a step asked again is asked 「还是这一步：…」.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from dialogue.phrases import Phrases, mark
from search import fill

SAID = "said"
LEADS = "repeated_lead"
MOST = 40  # marks kept of one conversation
SHORT = 12  # characters below which a text may come again


class FreshWords(NaturalLanguageGenerator):
    """Says responses by the phrases of their names.

    phrases, variables: as they stand now. The phrase LEADS may stand before a text that was said.
    """

    def __init__(
        self, phrases: Callable[[], Phrases], variables: Callable[[], Mapping[str, str]]
    ) -> None:
        self._phrases, self._variables = phrases, variables

    @property
    def responses(self) -> dict[str, list[dict[str, Any]]]:
        """All phrases, as Rasa's domain holds responses."""
        return {
            name: [{"text": phrase.wordings[0], "buttons": [*map(dict, phrase.buttons)]}]
            for name, phrase in self._phrases().items()
        }

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Return the response in words that were not said yet; None where it has none."""
        phrases = self._phrases()
        if utter_action not in phrases:
            return None
        phrase = phrases[utter_action]
        told = tracker.latest_message.metadata if tracker.latest_message else None
        variables = {**self._variables(), **((told or {}).get("variables") or {})}
        wordings = [_filled(one, kwargs, variables) for one in phrase.wordings]
        text = wordings[0]
        if len(text) >= SHORT:
            said = {*_kept(tracker), *(mark(one) for one in _uttered(tracker))}
            led = (lead + text for lead in phrases[LEADS].wordings)
            text = next((one for one in (*wordings, *led) if mark(one) not in said), text)
        return {"text": text, "buttons": [*map(dict, phrase.buttons)]}


def speak_freshly(
    processor: MessageProcessor,
    phrases: Callable[[], Phrases],
    variables: Callable[[], Mapping[str, str]],
) -> None:
    """Have a processor speak by phrases, and never say the same words twice."""
    processor.nlg = FreshWords(phrases, variables)


def said_in(tracker: DialogueStateTracker) -> list[str]:
    """Return the marks to keep: those from before, and those of the tracker's last turn."""
    before = _kept(tracker)
    now = [mark(text) for text in _uttered(tracker) if len(text) >= SHORT]
    return [*(one for one in before if one not in now), *dict.fromkeys(now)][-MOST:]


def _filled(text: str, values: Mapping[str, Any], variables: Mapping[str, str]) -> str:
    for name, value in values.items():
        if isinstance(value, str):
            text = text.replace("{" + name + "}", value)
    return fill(text, variables)


def _kept(tracker: DialogueStateTracker) -> list[str]:
    return list(tracker.slots[SAID].value or ()) if SAID in tracker.slots else []


def _uttered(tracker: DialogueStateTracker) -> list[str]:
    return [event.text for event in tracker.events if isinstance(event, BotUttered) and event.text]
