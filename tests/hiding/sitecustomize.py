"""Hides modules from a process: Python imports this by itself where its folder is on PYTHONPATH.

HIDDEN_MODULES names them, separated by blanks; importing one fails as if it were not installed.
With XIAOHU_TESTS_FIT=no, the fit in the background that follows an edit ends before it begins: it
takes a core for half a minute, and what is edited is served without it. It has tests of its own.
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


if os.environ.get("XIAOHU_TESTS_FIT") == "no" and sys.orig_argv[-2:] == ["-m", "search.live"]:
    os._exit(1)
sys.meta_path.insert(0, Hide(set(os.environ.get("HIDDEN_MODULES", "").split())))
