"""Which passwords are taken: long enough, and none that guessers try first."""

from __future__ import annotations

import re

from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from web.desk.errors import DeskError

SHORTEST = 10  # characters
LONGEST = 256
LOOKED_AT = 72  # characters that are judged: judging takes longer than linearly
LEAST_SCORE = 2  # of zxcvbn: a million guesses and more
# What guessers who know this place, or Chinese, put beside the list of the package.
NEAR = (
    "xiaohu", "qianbao", "kefu", "bangzhu", "mima", "denglu", "woaini", "aini", "5201314", "1314",
    "woaiwo", "zhongguo", "beijing", "shanghai", "a123456", "wallet", "helpdesk",
)  # fmt: skip
COMMON = frozenset(FREQUENCY_LISTS["passwords"])


class WeakPassword(DeskError):
    """A password cannot be taken. reason: short, long, common or name."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the password is refused: {reason}")
        self.reason = reason


def check(password: str, name: str = "", display: str = "") -> None:
    """Refuse a password that would be guessed; raises WeakPassword. Computes for milliseconds.

    The list is the one that zxcvbn ships (30,000 passwords of known breaches).
    """
    if len(password) < SHORTEST:
        raise WeakPassword("short")
    if len(password) > LONGEST:
        raise WeakPassword("long")
    folded = password.casefold()
    own = [part for part in (name.casefold(), display.casefold()) if len(part) > 1]
    if any(_bare(folded) in (part, _bare(part)) for part in own):
        raise WeakPassword("name")
    if any(part in folded and len(_letters(folded.replace(part, ""))) < 3 for part in own):
        raise WeakPassword("name")
    if folded in COMMON or _bare(folded) in COMMON:
        raise WeakPassword("common")
    if zxcvbn(password[:LOOKED_AT], user_inputs=[*own, *NEAR])["score"] < LEAST_SCORE:
        raise WeakPassword("common")


def _letters(text: str) -> str:
    return re.sub(r"[\d\W_]+", "", text)


def _bare(text: str) -> str:
    """Return the password without the digits and signs that people put behind a common one."""
    return re.sub(r"[\d\W_]+$", "", text)
