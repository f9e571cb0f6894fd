"""YAML with the line of every mapping and key, so that a mistake is told where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from search.documents import LOADER
from search.errors import BadContent, Problem
from search.reasons import because, no_utf8, no_yaml

DEEPEST = 12  # levels; a file that nests more is no flow


class Lined(dict[str, Any]):
    """A mapping that knows its line and its keys' lines, counted from 1."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def at(self, key: str) -> int:
        """Return the line of a key, or of the mapping where the key is missing."""
        return self.lines.get(key, self.line)


def load(path: Path, raw: bytes) -> Lined:
    """Load a YAML mapping; raises BadContent. The path is for its messages."""
    try:
        loader = LOADER(raw.decode("utf-8"))
        try:
            node = loader.get_single_node()
            found = _value(path, loader, node, 0) if node is not None else None
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        raise _bad(path, 1, no_utf8(error), "save it as UTF-8") from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: 2026-13-40
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise _bad(path, line, no_yaml(error), "correct that line") from None
    if not isinstance(found, Lined):
        raise _bad(path, 1, because("no-names"), "write `name: …` lines")
    return found


def _value(path: Path, loader: Any, node: yaml.Node, depth: int) -> Any:
    if depth > DEEPEST:
        line = node.start_mark.line + 1
        raise _bad(path, line, because("too-deep"), "compare it with another flow")
    if isinstance(node, yaml.MappingNode):
        found = Lined(node.start_mark.line + 1)
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in found:
                raise _bad(path, line, because("twice-key", field=key), f"keep one `{key}:`")
            found.lines[key] = line
            found[key] = _value(path, loader, value_node, depth + 1)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(path, loader, item, depth + 1) for item in node.value]
    return loader.construct_object(node)


def _bad(path: Path, line: int, reason: str, fix: str) -> BadContent:
    return BadContent((Problem(path, line, reason, fix),))
