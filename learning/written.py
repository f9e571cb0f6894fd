"""YAML that people write: by libyaml where the wheel has it, ten times as fast, the same rules."""

from __future__ import annotations

from typing import Any

import yaml

LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str) -> Any:
    """Return what a YAML text says; raises yaml.YAMLError."""
    return yaml.load(text, Loader=LOADER)  # noqa: S506 - a SafeLoader
