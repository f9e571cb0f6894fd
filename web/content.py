"""What answers and pages may name: hotline, hours and so on, with the phrase for what is unset."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import yaml

from web.settings import Settings


def read_variables(settings: Settings) -> dict[str, str]:
    """Join the deployment's variables with the phrases of data/variables.yml for the unset ones."""
    return {**read_phrases(settings.data / "variables.yml"), **settings.variables}


def read_phrases(path: Path) -> dict[str, str]:
    """Read a YAML mapping of names to texts; a missing file is an empty one."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
        raise ValueError(f"{path}: write `name: text` lines")
    return cast(dict[str, str], raw)
