"""What can go wrong at the desk."""

from __future__ import annotations


class DeskError(Exception):
    """Any refusal of the desk; the message is for developers and logs, never for customers."""


class NotFound(DeskError):
    """There is no such conversation, or it is not the asker's."""


class UnknownToken(DeskError):
    """The bearer token belongs to no conversation."""


class ExpiredToken(DeskError):
    """The bearer token was valid once."""


class OtherIdentity(DeskError):
    """The conversation belongs to another identity than the one that the client speaks for."""


class WrongState(DeskError):
    """The conversation's state does not allow the transition."""


class NotYours(DeskError):
    """Another agent owns the conversation."""


class Full(DeskError):
    """The agent has as many chats as they take at once."""


class Reserved(DeskError):
    """The customer is kept, for a moment, for the agent who had them last."""


class NotThere(DeskError):
    """The colleague is not at their desk."""


class NotOffered(DeskError):
    """The payload was never offered in this conversation."""


class NameTaken(DeskError):
    """An agent of that name exists."""


class BadPassword(DeskError):
    """Name or password is wrong; which of them is not told."""


class Throttled(DeskError):
    """Too many wrong passwords for this account.

    retry_after: whole seconds to wait.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after


class Closed(DeskError):
    """The channel is closed now.

    next_opening: when it opens next, ISO 8601, or None when that is not known.
    """

    def __init__(self, channel: str, next_opening: str | None) -> None:
        super().__init__(f"{channel} is closed")
        self.next_opening = next_opening


class NeedsReason(DeskError):
    """An agent may open this with a reason, which is recorded."""


class ThinReason(DeskError):
    """What was given as a reason says nothing."""


class BadRota(DeskError):
    """The rota can't be changed so.

    kind: overlap, span, taken (that day is swapped), same, nothing (to swap), past.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind
