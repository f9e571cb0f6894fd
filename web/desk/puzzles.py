"""Small puzzles that a browser solves in silence where one address asks for more than people do.

Solving one takes a phone some seconds, checking it nothing; a hundred take a script a hundred times
as long. A puzzle is signed, for one purpose, conversation and address, and kept nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from web.desk.errors import DeskError
from web.desk.vault import Vault

LIFE = timedelta(minutes=10)
_WORK = re.compile(r"(\d{1,2}\.(\d{1,12})\.[\w-]{16}\.[0-9a-f]{64}):\d{1,16}", re.ASCII)


class WorkNeeded(DeskError):
    """Solve the puzzle and ask again."""

    def __init__(self, puzzle: Puzzle) -> None:
        super().__init__("solve the puzzle and ask again")
        self.puzzle = {"task": puzzle.task, "bits": puzzle.bits}


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a puzzle is for: a kind ("callback", "queue") in a conversation, asked by an address."""

    kind: str
    conversation_id: str
    address: str


@dataclass(frozen=True, slots=True)
class Puzzle:
    """task: what a number is to be found for; bits: with so many zeros before SHA-256 of both."""

    task: str
    bits: int


def draw(vault: Vault, purpose: Purpose, bits: int, now: datetime) -> Puzzle:
    """Make a puzzle."""
    until = int((now + LIFE).timestamp())
    told = f"{bits}.{until}.{secrets.token_urlsafe(12)}"
    return Puzzle(f"{told}.{_signs(vault, purpose, told)[0]}", bits)


def solved(vault: Vault, purpose: Purpose, work: str, now: datetime) -> str | None:
    """Return the task that a work ("task:number") solves; None where it solves none of ours.

    Whoever takes it sees to it that each counts once.
    """
    found = _WORK.fullmatch(work)
    if found is None or datetime.fromtimestamp(int(found[2]), UTC) <= now:
        return None
    told, _, sign = found[1].rpartition(".")
    if not any(hmac.compare_digest(sign, one) for one in _signs(vault, purpose, told)):
        return None
    bits = int(told.partition(".")[0])
    value = int.from_bytes(hashlib.sha256(work.encode()).digest())
    return found[1] if value >> (256 - bits) == 0 else None


def _signs(vault: Vault, purpose: Purpose, told: str) -> list[str]:
    about = f"{purpose.kind} {purpose.conversation_id} {purpose.address}"
    return vault.fingerprints(f"puzzle {told} {about}")
