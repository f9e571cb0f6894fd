"""The pieces that a message is read in."""

from __future__ import annotations

import re

# What ends a clause; a blank does where people type without punctuation.
CLAUSES = re.compile(r"[\s,，。.!！?？;；、~～…:：\n]+")
_QUESTION = re.compile(r"[?？]")


def clauses(text: str) -> list[str]:
    """Cut a text into its clauses, without what stands between them."""
    return [part for part in CLAUSES.split(text) if part]


def bare(text: str) -> str:
    """Return the letters and digits of a text alone."""
    return "".join(char for char in text if char.isalnum())


def marked_as_question(text: str) -> bool:
    """Say whether a text bears a question mark."""
    return bool(_QUESTION.search(text))
