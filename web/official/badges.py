"""Badges of the staff: what an agent tells a customer who wants to check them.

Drawn from the account under the secret key: nothing is stored, nothing can be counted up from.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk.models import Agent

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that reads like something else
LENGTH = 8
FORM = re.compile(r"[2-9A-Z]{4}[\s\-–—]?[2-9A-Z]{4}", re.IGNORECASE)
ROLES = ("agent", "lead")  # who speaks to customers


def of(agent: Agent, secret: str) -> str:
    """Return an account's badge, such as 7KMP-3QTX."""
    told = f"badge:{agent.id}:{agent.created_at.timestamp():.6f}"
    number = int.from_bytes(hmac.digest(secret.encode(), told.encode(), hashlib.sha256), "big")
    signs = ""
    for _ in range(LENGTH):
        number, at = divmod(number, len(ALPHABET))
        signs += ALPHABET[at]
    return f"{signs[:4]}-{signs[4:]}"


def holder(session: Session, badge: str, secret: str) -> Agent | None:
    """Find whose badge it is among who works here today; None for nobody's."""
    wanted = bare(badge)
    query = select(Agent).where(Agent.active, Agent.role.in_(ROLES))
    found = None
    for agent in session.scalars(query):
        # Every one is compared, so that the time tells nothing.
        if hmac.compare_digest(bare(of(agent, secret)).encode(), wanted.encode()):
            found = agent
    return found


def bare(badge: str) -> str:
    """Return a badge as it is compared: its letters and digits alone."""
    return "".join(char for char in badge.upper() if char.isalnum() and char.isascii())
