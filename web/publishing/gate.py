"""Which articles are published where review is on: what is on the disk is served only if it is.

The list lies beside the index, where web and bot read it (search.sources). It is written before
the file itself, so that a published change is served at once, and one by hand never.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from faq.saving import replace
from search.sources import PUBLISHED, digest, is_held, read_published

Run = Callable[[Callable[[], Any]], Any]


class Gate:
    """The list of one content folder; changed under the lock of faq.store alone."""

    def __init__(self, index: Path, run: Run) -> None:
        """index: the folder of the generations. run: where the disk is waited for."""
        self._path = index / PUBLISHED
        self._run = run

    def open(self) -> None:
        """Serve whatever the files say: review is off."""
        self._run(lambda: self._path.unlink(missing_ok=True))

    def begin(self, published: Mapping[str, str | None]) -> None:
        """Serve these texts and no others."""
        listed = {
            name: digest(text.encode())
            for name, text in published.items()
            if text is not None and is_held(name)
        }
        self._run(lambda: self._write(listed))

    def admit(self, changes: Mapping[str, str | None]) -> None:
        """Let these texts in (None: let it go); nothing where review is off."""
        held = {name: text for name, text in changes.items() if is_held(name)}
        if held:
            self._run(lambda: self._admit(held))

    def _admit(self, changes: Mapping[str, str | None]) -> None:
        listed = read_published(self._path)
        if listed is None:
            return
        listed = dict(listed)
        for name, text in changes.items():
            listed.pop(name, None)
            if text is not None:
                listed[name] = digest(text.encode())
        self._write(listed)

    def _write(self, listed: Mapping[str, str]) -> None:
        replace(self._path, json.dumps(listed))
