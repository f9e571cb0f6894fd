"""The REST channel between web and bot."""

from __future__ import annotations

from rasa.core.channels.rest import RestInput
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from sanic.request import Request


class HelpCenterInput(RestInput):
    """Rasa's REST channel, safe against customers who type a slash.

    Web sends a customer's own text that starts with "/" behind a space. Rasa strips texts and
    would take it for a button's payload, so the slash becomes a full-width one here.
    """

    def _extract_message(self, req: Request) -> str | None:
        text = super()._extract_message(req)
        if text and text[:1].isspace() and text.lstrip().startswith(INTENT_MESSAGE_PREFIX):
            return text.lstrip().replace(INTENT_MESSAGE_PREFIX, "\uff0f", 1)
        return text
