"""What the conversation before says about a message: what was asked, what was spoken of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.desk.masking import engine

SEEN = 8  # so many messages back
ASKED = 3  # so many of them by the other side


@dataclass(frozen=True, slots=True)
class Said:
    """A message. who: "customer", "bot" or "agent"; expects: what a bot's message asks for."""

    who: str
    text: str
    expects: str | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said before a message.

    spoken: whether codes or passwords were spoken of. broken: the end of the customer's last
    message, where that may be the first half of a secret.
    """

    spoken: bool = False
    broken: str = ""


def listen(messages: Sequence[Said]) -> tuple[str | None, Talk]:
    """Read the last messages, the newest last. Returns what was asked last, and the talk."""
    last = messages[-SEEN:]
    mine = [said.text for said in last if said.who == "customer"]
    spoken = any(
        engine.matches("spoken", said.text) for said in last if said.who in ("customer", "agent")
    )
    return _expects(last), Talk(spoken, engine.broken_off(mine[-1]) if mine else "")


def _expects(messages: Sequence[Said]) -> str | None:
    asking = [said for said in reversed(messages) if said.who in ("bot", "agent")][:ASKED]
    for said in asking:
        if said.who == "bot":
            return said.expects
        if wanted := engine.asked(said.text):
            return wanted
        if engine.matches("spoken", said.text):
            return None
    return None
