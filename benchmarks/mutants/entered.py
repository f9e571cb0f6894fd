"""Which functions were entered since somebody last looked: (path, first line) of each.

Marks in the watched copy of the code add to it (watched.py). It imports nothing, since the
product's own processes import it too.
"""

from __future__ import annotations

entered: set[tuple[str, int]] = set()
