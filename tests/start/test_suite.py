"""`make test` runs every test, in the environment it is written for, whatever runs beside it."""

from __future__ import annotations

import os
import re
import threading
from collections import Counter
from pathlib import Path

import pytest

from start.environments import BOT, ROOT, WEB
from start.suite import BOTS_ALONE, FAILED, PARTS, _Run, paths, where
from tests.start.conftest import until

IN_BOTH = "search"


def test_every_folder_of_tests_runs_once_in_its_environment() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    tops = {folder.relative_to(ROOT / "tests").parts[0] for folder in folders - {ROOT / "tests"}}
    runs = Counter((part.environment, folder) for part in PARTS for folder in part.folders)
    [rest] = [part for part in PARTS if not part.folders]
    left_out = {path.removeprefix("--ignore=tests/") for path in paths(rest)[1:]}
    runs.update((WEB, folder) for folder in tops - left_out)
    wanted = {(WEB, folder) for folder in tops - {*BOTS_ALONE}}
    wanted |= {(BOT, folder) for folder in (*BOTS_ALONE, IN_BOTH)}
    within = {(part, folder) for part in PARTS for folder in part.folders if "/" in folder}
    assert runs == dict.fromkeys(
        wanted | {(part.environment, folder) for part, folder in within}, 1
    )
    for _, folder in within:  # nothing of it is run by the part of the folder around it as well
        [around] = [part for part in PARTS if folder.rpartition("/")[0] in part.folders]
        assert f"--ignore=tests/{folder}" in paths(around)


def test_the_parts_name_folders_that_are_there() -> None:
    named = {path.removeprefix("--ignore=") for part in PARTS for path in paths(part)}
    assert [path for path in named if not (ROOT / path).is_dir()] == []


def test_what_failed_beside_others_is_run_once_more_alone_and_both_are_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tests = tmp_path / "test_tired.py"
    tests.write_text(
        "from pathlib import Path\n"
        f"mark = Path({str(tmp_path / 'mark')!r})\n"
        "def test_always(): pass\n"
        "def test_the_second_time():\n"
        "    there = mark.exists()\n"
        "    mark.touch()\n"
        "    assert there\n",
        encoding="utf-8",
    )
    arguments = ["-p", "no:randomly", "--rootdir", str(tmp_path), "-c", os.devnull]
    run = _Run(0, ("tired", WEB, [str(tests)]), arguments, dict(os.environ), tmp_path)
    assert run.follow() == FAILED
    assert run.follow_alone() == 0
    assert [what for _, what in run.counts] == ["passed", "passed"]
    assert run.worked > 0.1  # two starts of pytest
    told = capfd.readouterr().out
    assert "tired: ended with 1" in told
    assert "tired: 1 failed beside other parts; once more, alone" in told
    assert "tired: ended with 0" in told
    assert re.search(r"after \d+ s, \d+ s of CPU", told)


def test_a_long_run_says_in_which_file_each_part_is_also_within_one(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tests").mkdir()
    mark = tmp_path / "mark"
    (tmp_path / "tests" / "test_brief.py").write_text("def test_it(): pass\n", encoding="utf-8")
    (tmp_path / "tests" / "test_slow.py").write_text(
        "import time\n"
        "from pathlib import Path\n"
        "def test_it():\n"
        f"    while not Path({str(mark)!r}).exists(): time.sleep(0.01)\n",
        encoding="utf-8",
    )
    arguments = ["--rootdir", str(tmp_path), "-c", os.devnull]
    part = ("long", WEB, [str(tmp_path / "tests")])
    runs = [_Run(number, part, arguments, dict(os.environ), tmp_path) for number in (0, 1)]
    assert where(runs) == "long waits; long waits"
    following = threading.Thread(target=runs[0].follow)
    following.start()
    try:
        until(lambda: where(runs[:1]) == "long 50% tests/test_slow.py", "the slow file is named")
    finally:
        mark.touch()
        following.join()
    assert where(runs) == "long waits"
    assert re.search(r"\[ 0:\d\d\] long: .*tests/test_slow.py", capfd.readouterr().out)
