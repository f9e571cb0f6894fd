"""Parts that open even when their files cannot be used: a human must be reached all the same."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import cast

import yaml

import search
from faq.findings import Finding
from safety import Life
from search.errors import BadContent, Problem
from search.kept import ACCEPTED, Kept
from search.normalise import Normaliser
from web import offload
from web.content import Current, Files
from web.publishing.judging import Judge
from web.publishing.releases import Judging
from web.services import utc_now
from web.settings import Settings

log = logging.getLogger(__name__)


def open_search(settings: Settings) -> search.Engine | None:
    """Open the live index; None, with a line in the log, where it can't be used."""
    try:
        where = search.Settings(data=settings.data, index=settings.var / "index")
        return search.open_live(where, aside=offload.content.run)
    except Exception:
        # Bad content, a damaged index, a full disk: a human must be reached all the same.
        log.exception("search is not available")
        return None


def read_life(settings: Settings) -> Life | None:
    """Follow what a cry for help is known by; without it a human is reached all the same."""
    name, normalise = "safety/life.yml", Normaliser()

    def read(path: Path, raw: bytes) -> Life:
        try:
            return Life.parse(raw.decode("utf-8"), normalise)
        except (ValueError, KeyError, TypeError, yaml.YAMLError, re.error) as error:
            reason = f"no words for cries for help: {error}"
            raise BadContent((Problem(path, 1, reason, "compare it with before"),)) from None

    try:
        return cast(Life, Current(Kept(settings.data / name, read, settings.var / ACCEPTED / name)))
    except BadContent:
        log.exception("%s cannot be used; cries for help are heard by the bot alone", name)
        return None


def judging(data: Path, engine: search.Engine | None, content: Files) -> Judging:
    """Judge what goes live by everything that is there at that time."""
    judge = Judge(data, engine)

    def find(name: str, text: str | None, instead: str | None) -> list[Finding]:
        if text is None:
            return offload.offload(lambda: judge.gone(name))
        day, forbidden = search.day_here(utc_now()), content.forbidden()
        return offload.offload(lambda: judge.text(name, text, day, forbidden, instead))

    return find
