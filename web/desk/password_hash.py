"""Passwords of the staff: kept as hashes that cost time to make and to try."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.profiles import RFC_9106_LOW_MEMORY

PARAMETERS = RFC_9106_LOW_MEMORY  # what a password costs; tests take less


@cache
def hasher() -> PasswordHasher:
    """Return what hashes passwords."""
    return PasswordHasher.from_parameters(PARAMETERS)


def matches(known: str, password: str) -> bool:
    """Tell whether a password is the one that a hash was made of."""
    try:
        return hasher().verify(known, password)
    except (Argon2Error, InvalidHashError):
        return False


@cache
def nobodys() -> str:
    """Return the hash of nobody's password."""
    # An unknown name takes as long as a wrong password, so that names cannot be found out.
    return hasher().hash(secrets.token_urlsafe(16))
