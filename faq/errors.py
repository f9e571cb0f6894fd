"""What can go wrong in the editors' tools; every message names the value and the fix."""

from __future__ import annotations


class FaqError(Exception):
    """Root of every error that the editors' tools raise."""


class BadTable(FaqError):
    """A spreadsheet that cannot be read at all."""


class BadGolden(FaqError):
    """A line of golden.jsonl that is no golden question."""


class NoRevision(FaqError):
    """A git revision that cannot be read."""


class NoDatabase(FaqError):
    """The database does not answer, so that nobody knows what customers asked."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the database does not answer ({reason}): start it, or correct DATABASE_URL"
        )


class NoSecret(FaqError):
    """What customers asked is sealed under a secret that is not known here."""

    def __init__(self) -> None:
        super().__init__("what customers asked is sealed: set SECRET_KEY as for web")


class Refused(FaqError):
    """A change that may not be written: it is bad, or it names a path of its own."""


class NotAllowed(FaqError):
    """Somebody may not do that to this change; the message is a word for why."""


class Busy(FaqError):
    """Another save is under way and did not end in time; nothing was written.

    retry_after: seconds.
    """

    retry_after = 3

    def __init__(self, seconds: float) -> None:
        super().__init__(f"another save has not ended within {seconds:g} s: save again")


class Collision(FaqError):
    """Somebody else saved the file since it was opened.

    now: the text that the file holds now, None when it is gone. version: its version.
    """

    def __init__(self, now: str | None, version: str) -> None:
        super().__init__("the file was changed since it was opened: compare the two and save again")
        self.now = now
        self.version = version
