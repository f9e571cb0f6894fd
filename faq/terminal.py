"""What the commands share: progress, today's date, an engine where the content allows one."""

from __future__ import annotations

import datetime as dt

import click

from search import Engine, SearchError, Settings, day_here, open_engine


def progress(step: str) -> None:
    """Tell a step beside the output, so that the output can be piped."""
    click.echo(f"{step} …", err=True)


def open_or_none(settings: Settings) -> Engine | None:
    """Open the engine on the content; None when the content is too broken to be ranked."""
    try:
        return open_engine(settings, progress=progress)
    except SearchError:
        return None


def today() -> dt.date:
    """Return the date where the company is."""
    return day_here(dt.datetime.now(dt.timezone.utc))
