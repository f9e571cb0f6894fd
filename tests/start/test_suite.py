"""`make test` runs every test, in the environment it is written for, whatever runs beside it."""

from __future__ import annotations

from collections import Counter

from start.environments import BOT, ROOT, WEB
from start.suite import BOTS_ALONE, PARTS, paths

IN_BOTH = "search"


def test_every_folder_of_tests_runs_once_in_its_environment() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    tops = {folder.relative_to(ROOT / "tests").parts[0] for folder in folders - {ROOT / "tests"}}
    runs = Counter((part.environment, folder) for part in PARTS for folder in part.folders)
    left_out = {path.removeprefix("--ignore=tests/") for path in paths(None)[1:]}
    runs.update((WEB, folder) for folder in tops - left_out)
    wanted = {(WEB, folder) for folder in tops - {*BOTS_ALONE}}
    wanted |= {(BOT, folder) for folder in (*BOTS_ALONE, IN_BOTH)}
    assert runs == dict.fromkeys(wanted, 1)


def test_the_parts_name_folders_that_are_there() -> None:
    named = {path for part in PARTS for path in paths(part)}
    assert [path for path in named if not (ROOT / path).is_dir()] == []
