"""The FAQs: the engine that actions share with the NLU component."""

from __future__ import annotations

import functools
from collections.abc import Callable

from learning.vectors import Encode
from search import Engine, Faq, Settings, UnknownFaq, open_live
from search.reading import encoder_of

_opener: Callable[[], Engine] | None = None


def use(opener: Callable[[], Engine]) -> None:
    """Take the engine from an opener: one process holds one engine, whoever opened it."""
    global _opener
    _opener = opener


@functools.lru_cache(maxsize=1)
def _own() -> Engine:
    return open_live(Settings.from_env())


def engine() -> Engine:
    """Return the engine; without an opener, the first call opens one from the env's settings."""
    return _opener() if _opener is not None else _own()


def find(faq_id: str | None) -> Faq | None:
    """Return an FAQ, or None when there is none of that id."""
    try:
        return engine().shown(faq_id) if faq_id else None
    except UnknownFaq:
        return None


def encoder() -> Encode | None:
    """Return what hears the meaning of sentences; None where it is switched off or missing."""
    return encoder_of(Settings.from_env())


def normalise(text: str) -> str:
    """Bring a text into the one form that everything is compared in."""
    return _normalised(engine().generation.analyser.normalise, text)


# A turn asks for the same few texts some sixteen times, and each turn for the same titles.
@functools.lru_cache(maxsize=256)
def _normalised(normaliser: Callable[[str], str], text: str) -> str:
    return normaliser(text)
