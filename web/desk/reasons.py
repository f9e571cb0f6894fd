"""Reasons that the staff give for the record: words, not a blank or a key that was hit."""

from __future__ import annotations

import unicodedata

from web.desk.errors import ThinReason
from web.desk.texts import clean

ENOUGH = 4  # different letters; one of Chinese counts twice
_HAN = "CJK "


def require(text: str) -> str:
    """Return a reason without blanks around it; raises ThinReason where it says nothing."""
    reason = clean(text).strip()
    letters = {char for char in reason.casefold() if char.isalpha()}
    if sum(2 if unicodedata.name(char, "").startswith(_HAN) else 1 for char in letters) < ENOUGH:
        raise ThinReason("a reason needs two different words of Chinese or four letters")
    return reason
