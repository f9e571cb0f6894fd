"""The letter: five answers, made calm and orderly by a template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from flask import render_template

from web.desk.masking import mask
from web.desk.texts import clean

NEEDED = ("time", "place", "steps", "problem", "wish")
FIELDS = (*NEEDED, "order", "contacted", "name", "to")
LONGEST = 2000  # characters of one answer
LONGEST_LETTER = 12_000
NUMBERED = re.compile(r"^\s*(?:\d{1,2}[.、)）．]|[-•*·])\s*")


def tidy(form: Mapping[str, str]) -> dict[str, str]:
    """Keep the answers that say something, without secrets and control characters."""
    found = {}
    for field in FIELDS:
        text = clean(str(form.get(field, ""))).strip()[:LONGEST]
        if text:
            found[field] = mask(text, "time" if field == "time" else "order_number")[0]
    return found


def tidy_letter(text: str) -> str:
    """Keep a letter as it was edited, without secrets and control characters."""
    return mask(clean(text).strip()[:LONGEST_LETTER], "order_number")[0] + "\n"


def write(fields: Mapping[str, str], today: datetime) -> str:
    """Write the letter; steps become a numbered list, one a line."""
    lines = [NUMBERED.sub("", line).strip() for line in fields.get("steps", "").splitlines()]
    steps = [line for line in lines if line]
    text = render_template("complaint/letter.txt", steps=steps, today=today, **_known(fields))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _known(fields: Mapping[str, str]) -> dict[str, str | None]:
    return {field: fields.get(field) for field in FIELDS if field != "steps"}
