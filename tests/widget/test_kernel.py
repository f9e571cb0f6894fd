"""The browser's session kernel, played through random stories by Node, where there is one.

The stories use the very modules that pages load; only storage, bus, locks, clock, network and
server are made up (see world.mjs, browser.mjs, server.mjs).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from pathlib import Path

import pytest

from start import scripts
from tests.thorough import examples

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "web" / "widget" / "static"
STORIES = examples(6, 300)  # of each kind


@pytest.fixture(scope="session")
def stories(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The path of Node, and a folder in which the scripts count as modules."""
    node = scripts.node()
    if node is None and "CI" in os.environ:
        pytest.fail("no node: the session kernel's stories were not played")
    if node is None:
        warnings.warn("NO NODE: the session kernel's stories were not played", stacklevel=1)
        pytest.skip("NO NODE on the path: the session kernel's stories were NOT played")
    folder = tmp_path_factory.mktemp("kernel")
    (folder / "package.json").write_text('{"type": "module"}')
    shutil.copytree(STATIC, folder / "static")
    for script in HERE.glob("*.mjs"):
        shutil.copy(script, folder)
    return node, folder


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("script", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_the_stories_of_tabs_identities_and_losses_hold(
    stories: tuple[str, Path], script: str
) -> None:
    node, folder = stories
    done = subprocess.run(
        [node, "--test", script],
        cwd=folder,
        env={**os.environ, "STORIES": os.environ.get("STORIES", str(STORIES))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
