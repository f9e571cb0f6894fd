"""The buttons that the wallet answers: which transaction is meant, and what is to be done."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_FORM = re.compile(r"/wallet(\{.{2,200}\})")
_ID = re.compile(r"[A-Za-z0-9_-]{4,64}")
NEITHER = "-"  # stands for a transaction: none of those that were offered
ACTS = ("freeze", "freeze_now", "keep", "mine", "not_mine")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a button asks for. transaction: an id, or NEITHER. act: one of ACTS."""

    transaction: str | None = None
    act: str | None = None


def choose(transaction: str) -> str:
    """Write the payload that names a transaction."""
    return "/wallet" + json.dumps({"transaction": transaction}, separators=(",", ":"))


def act(name: str, transaction: str | None = None) -> str:
    """Write the payload of something to be done."""
    said = {"act": name} | ({"transaction": transaction} if transaction else {})
    return "/wallet" + json.dumps(said, separators=(",", ":"))


def read(payload: str | None) -> Wish | None:
    """Read a payload; None where it is none of the wallet's."""
    match = _FORM.fullmatch(payload or "")
    if match is None:
        return None
    try:
        said = json.loads(match[1])
    except (ValueError, RecursionError):
        return None
    chosen, wished = said.get("transaction"), said.get("act")
    if set(said) - {"transaction", "act"} or (wished is not None and wished not in ACTS):
        return None
    if chosen is not None and not (
        isinstance(chosen, str) and (chosen == NEITHER or _ID.fullmatch(chosen))
    ):
        return None
    return Wish(chosen, wished) if chosen or wished else None


def is_free(payload: str | None) -> bool:
    """Tell whether a payload may be sent unoffered: the app names the transaction on its page."""
    wish = read(payload)
    return wish is not None and wish.act is None and wish.transaction != NEITHER
