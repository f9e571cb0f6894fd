"""The code that proves a call is ours: both sides see it, and whoever calls says it first.

It is told to nobody in a message: whoever reads along in a chat must not be able to say it.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Sequence

# Without what sounds or looks alike (I/1, O/0, U/V, B/8, S/5, Z/2 …); letters and digits take
# turns, so that it is never taken for a code by SMS, which nobody must tell to anybody.
LETTERS = "ACDEFHJKMNPRTWXY"
DIGITS = "34679"
FORM = (LETTERS, DIGITS, LETTERS, DIGITS, LETTERS)


def new_code(choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """Make a code for one case, such as K4R7M."""
    return "".join(choose(signs) for signs in FORM)


def tells(text: str, code: str) -> bool:
    """Say whether a text gives the code away, however it is spaced."""
    bare = "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum())
    return bool(code) and code in bare
