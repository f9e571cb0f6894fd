"""What stands beside a matter in the same message: greetings, thanks, scolding, taking leave."""

from __future__ import annotations

import re

from dialogue import polarity
from dialogue.acts import Acts
from dialogue.readings import BESIDE, SURE, WANTS
from dialogue.text import clauses, marked_as_question


def without_asides(acts: Acts, text: str) -> tuple[str, bool]:
    """Leave out clauses that only greet, leave, scold or deny beside a matter.

    Returns the rest, and whether the customer leaves what was going on.
    """
    parts = clauses(text)
    if len(parts) < 2:
        return text, False
    kept: list[str] = []
    left = False
    for part in parts:
        one = acts.tell(part)
        if one.name in BESIDE and one.share >= SURE:
            left = left or one.name == "leave"
        else:
            kept.append(part)
    if len(kept) > 1:
        denied = [part for part in kept if polarity.sets_aside(part)]
        if 0 < len(denied) < len(kept):
            kept = [_without_is(part) for part in kept if part not in denied]
    if not kept or len(kept) == len(parts):
        return text, False
    return "，".join(kept) + ("？" if marked_as_question(text) else ""), left


def _without_is(part: str) -> str:
    return re.sub(r"^(?:而|应该|其实)?是(?=\S{2})", "", WANTS.sub("", part)) or part
