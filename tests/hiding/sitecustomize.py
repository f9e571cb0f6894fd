"""Hides modules from a process: Python imports this by itself where its folder is on PYTHONPATH.

HIDDEN_MODULES names them, separated by blanks; importing one fails as if it were not installed.
"""

from __future__ import annotations

import importlib.abc
import os
import sys


class Hide(importlib.abc.MetaPathFinder):
    """Says of some modules that there are none."""

    def __init__(self, hidden: set[str]) -> None:
        self.hidden = hidden

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Raise ModuleNotFoundError for what is hidden."""
        if name.partition(".")[0] in self.hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Hide(set(os.environ.get("HIDDEN_MODULES", "").split())))
