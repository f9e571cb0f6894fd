"""What answers and pages may name: hotline, hours and so on, with the phrase for what is unset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import yaml

from web.settings import Settings

if TYPE_CHECKING:
    from search import Engine


class Variables(Mapping[str, str]):
    """The names that texts may hold: the deployment's settings, before the content's phrases.

    An editor may change the phrases at any time, so they are looked up each time.
    """

    def __init__(self, settings: Settings, engine: Engine | None) -> None:
        """Read the phrases once where there is no engine that follows them."""
        self._own = settings.variables
        self._engine = engine
        self._read = {} if engine else read_phrases(settings.data / "variables.yml")

    def __getitem__(self, name: str) -> str:
        return self._now()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def _now(self) -> dict[str, str]:
        return {**(self._engine.variables if self._engine else self._read), **self._own}


def read_phrases(path: Path) -> dict[str, str]:
    """Read a YAML mapping of names to texts; a missing file is an empty one."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
        raise ValueError(f"{path}: write `name: text` lines")
    return cast(dict[str, str], raw)
