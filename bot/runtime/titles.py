"""A button's title, typed, counts as pressing the button.

The slot `offered` keeps what the bot offered last, so that the title of a greeting's topic or of a
suggested question works like the button. The steps of a form are left out: they hear the titles of
their own buttons, and what one of them offered must not answer anything later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from learning.text import bared

OFFERED = "offered"  # {title: payload}
STEP = "/reply"
Normalise = Callable[[str], str]


def offered_in(tracker: DialogueStateTracker) -> dict[str, str] | None:
    """Return the buttons that the tracker's last turn offered, or else those kept from before."""
    said = [event for event in tracker.events if isinstance(event, BotUttered)]
    shown = [button for event in said for button in _buttons(event.data)]
    if not shown:
        before: dict[str, str] | None = tracker.slots[OFFERED].value if _keeps(tracker) else None
        return before
    return {
        button["title"]: button["payload"]
        for button in shown
        if not button["payload"].startswith(STEP)
    }


def hear_titles(processor: MessageProcessor, normalise: Normalise) -> None:
    """Have the processor take a typed title for its button's payload.

    Why so: what a message means is decided before any rule or action sees it, and components are
    not told what was offered.
    """
    parse = processor.parse_message

    async def parse_message(
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        if tracker is not None and _keeps(tracker):
            offered = tracker.slots[OFFERED].value or {}
            message.text = _pressed(message.text, offered, normalise) or message.text
        return await parse(message, tracker, only_output_properties)

    processor.parse_message = parse_message  # type: ignore[method-assign]


def _pressed(text: str, offered: dict[str, str], normalise: Normalise) -> str | None:
    typed = bared(normalise(text))
    if not typed or text.startswith("/"):
        return None
    found = (payload for title, payload in offered.items() if bared(normalise(title)) == typed)
    return next(found, None)


def _keeps(tracker: DialogueStateTracker) -> bool:
    return OFFERED in tracker.slots


def _buttons(data: dict[str, Any]) -> Iterable[dict[str, str]]:
    answer = (data.get("custom") or {}).get("answer") or {}
    for button in (*(data.get("buttons") or ()), *(answer.get("buttons") or ())):
        if isinstance(button.get("title"), str) and isinstance(button.get("payload"), str):
            yield button
