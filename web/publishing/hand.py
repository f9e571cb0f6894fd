"""Changes by hand: what was written on the disk is taken up as a version by `file`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from faq.editable import EDITABLE, is_words
from faq.history import FILE, Change
from faq.store import Store, is_editable
from search.files import Stamp, Unreadable, largest_of, list_files, list_names, read_file
from web.publishing.ledger import Ledger

OF_EACH = ("flows", "further")  # folders with a file for each flow, and for each FAQ
SETTLED = 1.0  # seconds: a file that was written so lately may be half written
Run = Callable[[Callable[[], Any]], Any]
# Called with a file's name, its text now and the text that was live; see web.publishing.duty.
Heed = Callable[[str, str | None, str | None], None]


class Hand:
    """Follows what others write into the content folder; one a process."""

    def __init__(self, data: Path, store: Store, ledger: Ledger, run: Run) -> None:
        """run: where the disk is waited for."""
        self._data = data
        self._store = store
        self._ledger = ledger
        self._run = run
        self._seen: dict[str, Stamp] | None = None

    def look(self, now: dt.datetime, heed: Heed) -> list[str]:
        """Call `heed` with every file that differs from what was live last; names them.

        The first look of a process compares everything, as the files may have changed while none
        ran; what was never seen before is kept as it is, without a call.
        """
        found: dict[str, Stamp] = self._run(lambda: list_texts(self._data))
        before = self._seen
        if before is None:
            names = self._begin(now)
        else:
            names = [name for name in {**found, **before} if found.get(name) != before.get(name)]
        young = {name for name in names if name in found and _is_young(found[name], now)}
        wanted = [name for name in names if name not in young]
        taken = []
        if wanted:
            with self._store.alone():  # what a save of ours writes is in the ledger by then
                taken = [name for name in wanted if self._compare(name, heed, now)]
        self._seen = {name: stamp for name, stamp in found.items() if name not in young}
        return taken

    def _begin(self, now: dt.datetime) -> list[str]:
        """Compare everything, beside the loop; names what differs from what was live last."""
        published: dict[str, str | None] = self._run(self._ledger.published)
        texts: dict[str, str] = self._run(lambda: read_texts(self._data))
        if not self._ledger.has_begun():  # what nobody saved by our pages is what there was
            news = {name: text for name, text in texts.items() if name not in published}
            self._run(lambda: self._ledger.begin(news, Change(FILE, "found", now)))
            published |= news
        return [name for name in {**texts, **published} if texts.get(name) != published.get(name)]

    def _compare(self, name: str, heed: Heed, now: dt.datetime) -> bool:
        text = self._run(lambda: _text(self._data, name))
        known, last = self._ledger.last(name)
        if text == last or (text is None and not known):
            return False
        if text is None and self._run(lambda: (self._data / name).exists()):
            return False  # it is there but cannot be read: told by the checks
        if not known and is_words(name) and text is not None:
            # Of a kind that an earlier version of the program did not follow.
            self._ledger.add(name, text, Change(FILE, "found", now))
            return False
        heed(name, text, last)
        return True


def read_texts(data: Path) -> dict[str, str]:
    """Read every file that editors write and that can be read."""
    texts = {name: _text(data, name) for name in list_texts(data)}
    return {name: text for name, text in texts.items() if text is not None}


def list_texts(data: Path) -> dict[str, Stamp]:
    """List every file that editors write, by its path below the folder."""
    ofs = (f"{part}/{name}.yml" for part in OF_EACH for name in list_names(data / part))
    found = list_files(data, (*EDITABLE, *ofs), voices=False).stamps
    for path in (data / "announcements").glob("*.md"):
        try:
            state = path.stat()
        except OSError:
            continue
        found[f"announcements/{path.name}"] = (state.st_mtime_ns, state.st_size, state.st_ino)
    return {name: stamp for name, stamp in found.items() if is_editable(name)}


def _text(data: Path, name: str) -> str | None:
    try:
        return read_file(data / name, largest_of(name)).decode("utf-8", "replace")
    except (FileNotFoundError, Unreadable):
        return None


def _is_young(stamp: Stamp, now: dt.datetime) -> bool:
    return 0 <= now.timestamp() - stamp[0] / 1e9 < SETTLED
