"""Every phrase of data/phrases is said by somebody."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def names_in_code() -> Iterator[str]:
    for path in (*(ROOT / "actions").glob("*.py"), *(ROOT / "bot" / "runtime").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_no_phrase_is_written_for_nobody() -> None:
    acts = yaml.safe_load((ROOT / "data/lexicon/acts.yml").read_text(encoding="utf-8"))
    talk = yaml.safe_load((ROOT / "data/lexicon/smalltalk.yml").read_text(encoding="utf-8"))
    said = {*names_in_code(), *(act["say"] for act in acts["acts"].values() if "say" in act)}
    # "unsure" is no topic of the file's: the pipeline tells it
    said |= {
        f"utter_smalltalk_{one}" for one in ("unsure", *(topic["id"] for topic in talk["topics"]))
    }
    for path in sorted((ROOT / "data/phrases").glob("*.yml")):
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert sorted(set(written) - said) == [], path.name
