"""Rasa's REST channel for `rasa run`, safe against customers who type a slash.

`python -m bot.runtime.serve` does not need it; bot/credentials.yml names it for the stock server.
"""

from __future__ import annotations

from rasa.core.channels.rest import RestInput
from sanic.request import Request

from bot.runtime.message import as_typed


class HelpCenterInput(RestInput):
    """The REST channel with the one rule of bot.runtime.message for payloads."""

    @classmethod
    def name(cls) -> str:
        """Answer under /webhooks/rest, as Rasa's own REST channel does."""
        return "rest"

    def _extract_message(self, req: Request) -> str | None:
        text = super()._extract_message(req)
        return as_typed(text) if isinstance(text, str) else text
