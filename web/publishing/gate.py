"""What is published where review is on: what is on the disk says nothing before it is.

Two lists of names and digests: of articles beside the index (search.sources), of the files of words
beside their last good versions (search.kept). Web and bot read them. They are written before the
file itself, so that a published change is served at once, and one by hand never.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from faq.editable import is_words
from faq.saving import replace
from search.kept import ACCEPTED, PUBLISHED, digest, read_published
from search.sources import is_held

Run = Callable[[Callable[[], Any]], Any]


class Gate:
    """The lists of one content folder; changed under the lock of faq.store alone."""

    def __init__(self, index: Path, run: Run) -> None:
        """index: the folder of the generations. run: where the disk is waited for."""
        self._lists: Mapping[Path, Callable[[str], bool]] = {
            index / PUBLISHED: is_held,
            index.parent / ACCEPTED / PUBLISHED: is_words,
        }
        self._run = run

    def open(self) -> None:
        """Serve whatever the files say: review is off."""
        for path in self._lists:
            self._run(partial(path.unlink, missing_ok=True))

    def begin(self, published: Mapping[str, str | None]) -> None:
        """Serve these texts and no others."""
        for path, holds in self._lists.items():
            listed = {
                name: digest(text.encode())
                for name, text in published.items()
                if text is not None and holds(name)
            }
            self._run(partial(_write, path, listed))

    def admit(self, changes: Mapping[str, str | None]) -> None:
        """Let these texts in (None: let it go); nothing where review is off."""
        for path, holds in self._lists.items():
            held = {name: text for name, text in changes.items() if holds(name)}
            if held:
                self._run(partial(_admit, path, held))


def _admit(path: Path, changes: Mapping[str, str | None]) -> None:
    listed = read_published(path)
    if listed is None:
        return
    listed = dict(listed)
    for name, text in changes.items():
        listed.pop(name, None)
        if text is not None:
            listed[name] = digest(text.encode())
    _write(path, listed)


def _write(path: Path, listed: Mapping[str, str]) -> None:
    replace(path, json.dumps(listed))
