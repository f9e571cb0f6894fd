"""Where search finds its content and keeps its index."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Folders of one engine.

    data: the content folder (faq/, lexicon/, variables.yml).
    index: the folder of index generations and of jieba's dictionary; private to the user.
    encoder: whether a sentence encoder helps to rank.
    """

    data: Path
    index: Path
    encoder: bool = True

    @property
    def learned(self) -> Path:
        """The folder of what is learned from examples beside the index."""
        return self.index.parent / "learned"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Read XIAOHU_DATA, XIAOHU_VAR and XIAOHU_ENCODER.

        Unset, they are data/ and var/ of the working folder, and on.
        """
        return _below(
            env.get("XIAOHU_DATA") or "data",
            env.get("XIAOHU_VAR") or "var",
            encoder=env.get("XIAOHU_ENCODER") != "off",
        )


@functools.lru_cache(maxsize=8)
def _below(data: str, var: str, *, encoder: bool) -> Settings:
    # Made once: a turn of the bot asks some forty times, and paths cost more than looking them up.
    return Settings(data=Path(data), index=Path(var) / "index", encoder=encoder)
