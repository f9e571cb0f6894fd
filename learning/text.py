"""The form in which short texts are compared: letters and digits, in groups of one to three."""

from __future__ import annotations

from collections import Counter

LONGEST = 3


def bared(text: str) -> str:
    """Return a text's letters and digits, without punctuation and spaces."""
    return "".join(char for char in text if char.isalnum())


def groups(text: str) -> Counter[str]:
    """Return the groups of one to LONGEST characters of a text, its ends marked."""
    framed = f"^{text}$"
    return Counter(
        framed[start : start + size]
        for size in range(1, LONGEST + 1)
        for start in range(len(framed) - size + 1)
        if framed[start : start + size] not in "^$"
    )
