"""How much chance is given to find what nobody thought of: some of it in each run of the suite.

`THOROUGH=1 make test` takes the long form.
"""

from __future__ import annotations

import os

LONG = os.environ.get("THOROUGH", "") not in ("", "0")


def examples(some: int, many: int) -> int:
    """Say how many examples a property is tried with: some, or in the long form many."""
    return many if LONG else some
