"""Rules on what answers say: forbidden asks, invented facts, readability."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from faq import words
from faq.findings import Finding, Severity
from faq.folder import Folder
from faq.kinds import FORBIDDEN, read_forbidden
from faq.places import Places
from search.documents import VARIABLE, Faq
from search.errors import BadContent
from search.files import Unreadable, read_file
from search.snippet import plain
from web.desk.forbidden import Ask, Forbidden

SENTENCE = 90
RUN = 45
SHORT = 160
PARAGRAPH = 220
_STOPS = re.compile(r"(?<=[。！？；!?;])")
_PAUSES = re.compile(r"[，,、：:（）()「」“”。！？；!?;\s]|——")
_TARGETS = re.compile(r"\]\(<?([^)\s>]*)>?[^)]*\)")
_STEP = re.compile(r"^\s*(?:\d+\.|[-*>|#])\s*")
# A percentage may be meant well ("100% 免费" is not); a number to call may not.
_LEVELS: dict[str, Severity] = {
    "contact-number": "error",
    "contact-address": "error",
    "unfinished": "error",
}


def check(folder: Folder) -> Iterator[Finding]:
    """Check every answer of a folder."""
    forbidden = forbidden_asks(folder.data)
    for faq in folder.content.faqs.values():
        places = folder.places[faq.id]
        if forbidden is not None:
            yield from asks(faq, places, forbidden)
        yield from facts(faq, places)
        yield from reading(faq, places)


def asks(faq: Faq, places: Places, forbidden: Forbidden) -> Iterator[Finding]:
    """Find sentences that ask the customer for a secret."""
    for number, line in places.answer():
        text = VARIABLE.sub("", line)
        # plain text has lost where its links lead
        foreign = [Ask("link", one) for one in forbidden.strangers(_TARGETS.sub(r" \1 ", text))]
        # of numbers and bare addresses the rules on facts tell
        said = [ask for ask in forbidden.find(plain(text)) if ask.kind not in ("link", "number")]
        for ask in (*said, *foreign):
            values = {"text": ask.clause, "secret": words.say(f"secrets.{ask.kind}")}
            yield Finding(faq.path, number, "forbidden-ask", "error", values=values)


def facts(faq: Faq, places: Places) -> Iterator[Finding]:
    """Find numbers, addresses, hours and promises that no source gives."""
    allowed = words.table("numbers")
    for number, line in places.answer():
        text = VARIABLE.sub("", line)
        for rule, patterns in _patterns().items():
            taken: list[tuple[int, int]] = []
            for pattern in patterns:
                for match in pattern.finditer(text):
                    found = match.groupdict().get("value") or match[0]
                    start, end = match.span()
                    known = any(start < last and first < end for first, last in taken)
                    if known or found.strip() in allowed:
                        continue
                    taken.append((start, end))
                    values = {"text": found.strip(), "allowed": "、".join(allowed)}
                    yield Finding(
                        faq.path, number, rule, _LEVELS.get(rule, "warning"), values=values
                    )


def reading(faq: Faq, places: Places) -> Iterator[Finding]:
    """Judge how an answer reads on a phone."""
    short = len(plain(faq.short))
    if short > SHORT:
        values = {"count": short, "most": SHORT}
        line = next((at for at, text in places.answer() if text.strip()), places.body)
        yield Finding(faq.path, line, "long-short-answer", "warning", values=values)
    for number, line_text in places.answer():
        text = plain(_STEP.sub("", line_text)).strip()
        if len(text) > PARAGRAPH:
            yield Finding(
                faq.path, number, "long-paragraph", "warning", values={"count": len(text)}
            )
        for sentence in _STOPS.split(text):
            longest = max((len(run) for run in _PAUSES.split(sentence)), default=0)
            if len(sentence) > SENTENCE or longest > RUN:
                values = {"count": len(sentence), "most": SENTENCE}
                yield Finding(faq.path, number, "long-sentence", "warning", values=values)


def forbidden_asks(data: Path) -> Forbidden | None:
    """Read the table of forbidden asks; None where a folder has none, or a bad one.

    A server asks by the last good one instead.
    """
    path = data / FORBIDDEN
    try:
        return read_forbidden(path, read_file(path))
    except (FileNotFoundError, Unreadable, BadContent):
        return None


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    found: dict[str, list[str]] = words.table("patterns")
    return {rule: [_pattern(entry) for entry in entries] for rule, entries in found.items()}


def _pattern(text: str) -> re.Pattern[str]:
    for name, piece in words.table("pieces").items():
        text = text.replace(f"«{name}»", piece)
    return re.compile(text)
