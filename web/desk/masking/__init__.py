"""Hide secrets in a text: passwords, codes, card numbers, CVV, expiry dates and ID numbers.

rules.yml is the one table of what is hidden; the browser carries out the same one before a message
is sent.
"""

from __future__ import annotations

from web.desk.masking import engine
from web.desk.masking import whose as owners
from web.desk.masking.engine import Span
from web.desk.masking.table import TABLE, compiled, kinds
from web.desk.masking.talk import SEEN, Said, Talk, listen

UNTOLD = "secret"  # the kind where nobody told it

__all__ = [
    "SEEN",
    "TABLE",
    "UNTOLD",
    "Said",
    "Talk",
    "compiled",
    "kinds",
    "listen",
    "mark",
    "mask",
    "whose",
]


def mask(text: str, expects: str | None = None, talk: Talk | None = None) -> tuple[str, list[str]]:
    """Hide the secrets of one message.

    expects: what the question before asked for; an amount, order number, time or phone number is
    never taken for a bare code. talk: what was said before; None where nothing is known of it, as
    in a search box, and a bare number of four to eight digits is then hidden to be safe.
    Returns the text with each secret replaced by the mark, and the kinds found, each once, in the
    order of the text.
    """
    flags = set() if expects in compiled()["numbers"] else {"unasked"}
    if talk is None:
        flags.add("unknown")
    elif talk.spoken:
        flags.add("spoken")
    spans = engine.find(engine.fold(text), flags)
    if talk and talk.broken:
        spans = sorted([*_going_on(talk.broken, text, flags), *spans], key=lambda one: one.start)
    parts, found, at = [], [], 0
    for span in spans:
        if span.end <= max(at, span.start):
            continue
        if span.start >= at:
            parts += [text[at : span.start], mark()]
        found.append(span.kind)
        at = span.end
    parts.append(text[at:])
    return "".join(parts), list(dict.fromkeys(found))


def whose(text: str) -> str:
    """Hide what is no secret in a chat, but tells who it was: numbers, names, addresses."""
    return owners.whose(text, mark())


def _going_on(broken: str, text: str, flags: set[str]) -> list[Span]:
    """Find what is secret in a text because of what the message before broke off with."""
    before = f"{broken} "
    found: list[Span] = []
    for span in engine.find(engine.fold(before + text), flags | {"later"}):
        start, end = max(span.start - len(before), 0), span.end - len(before)
        if span.start < len(before) and end > 0:
            end = max(end, _digits_end(text, end))  # of a second half no digit is kept
        if end > start:
            found.append(Span(start, end, span.kind))
    return found


def mark() -> str:
    """Return the text that stands for something hidden."""
    mark: str = compiled()["mark"]
    return mark


def _digits_end(text: str, at: int) -> int:
    while at < len(text) and (text[at].isdecimal() or text[at] in " -"):
        at += 1
    while at and text[at - 1] in " -":
        at -= 1
    return at
