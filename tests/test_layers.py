"""Who may import whom, walked from the source (see ARCHITECTURE.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    "learning",
    "tracing",
    "search",
    "flows",
    "safety",
    "dialogue",
    "bot",
    "actions",
    "web",
    "sandbox",
    "faq",
    "benchmarks",
    "start",
    "tests",
)
# folder → what of ours it may import, beside itself; the longest folder that fits decides
MAY = {
    "learning": (),
    "tracing": (),
    "search": ("safety", "learning"),
    "flows": ("search",),
    "safety": ("learning",),
    "dialogue": ("search", "learning"),
    "faq": ("search", "learning", "flows", "dialogue", "safety", "web.desk"),
    "actions": ("search", "learning", "flows", "dialogue", "safety"),
    "bot/components": ("search", "learning", "actions"),
    "bot": ("search", "learning", "actions", "dialogue", "tracing"),
    "web/desk": (),
    "web": ("search", "flows", "faq", "dialogue", "safety", "tracing"),
    "sandbox": (),
    "start": (),
    "benchmarks": (
        "search",
        "safety",
        "bot",
        "actions",
        "dialogue",
        "faq",
        "web",
        "start",
        "sandbox",
        "tests.chaos",  # starts a PostgreSQL and a Redis of its own
    ),
}


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def sources() -> Iterator[tuple[str, Path]]:
    for top in OURS[:-1]:
        for path in sorted((ROOT / top).rglob("*.py")):
            if "inert" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path


@pytest.mark.parametrize("folder", MAY)
def test_a_folder_imports_only_what_it_may(folder: str) -> None:
    own = folder.replace("/", ".")
    wrong = []
    for name, path in sources():
        fits = [one for one in MAY if name.startswith(one + "/")]
        if not fits or max(fits, key=len) != folder:
            continue
        for line, module in imports(path):
            top = module.split(".")[0]
            if top not in OURS or module == own or module.startswith(own + "."):
                continue
            if not any(module == one or module.startswith(one + ".") for one in MAY[folder]):
                wrong.append(f"{name}:{line} imports {module}")
    assert wrong == []


def test_nothing_but_the_bot_imports_rasa() -> None:
    wrong = [
        f"{name}:{line}"
        for name, path in sources()
        if not name.startswith(("bot/", "actions/", "benchmarks/bot"))
        for line, module in imports(path)
        if module.split(".")[0] in ("rasa", "rasa_sdk")
    ]
    assert wrong == []


def test_search_needs_neither_flask_nor_a_database() -> None:
    for name, path in sources():
        if name.startswith("search/"):
            for _, module in imports(path):
                assert module.split(".")[0] not in ("flask", "sqlalchemy", "rasa", "gevent"), name
