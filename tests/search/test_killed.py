"""A fit that dies at any moment leaves a whole generation on the disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from search import Settings, open_engine
from search.generation import is_built, newest
from search.live import fit
from tests.search.conftest import ROOT
from tests.thorough import examples

KILLS = examples(16, 50)  # spread over a fit, beside its last moments


def rewrite(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_kill_at_any_moment_leaves_a_whole_generation(settings: Settings) -> None:
    path = settings.data / "faq" / "payment" / "pay-failed.md"
    engine = open_engine(settings)
    with dying(settings) as fitted:
        rewrite(path, "similar: [", "similar: [先数一次, ")
        seen, code = fitted(0)
        assert code == 0
        # From the first access to the last rename, and all the last ones.
        steps = [1 + seen * number // KILLS for number in range(KILLS)]
        for number, last in enumerate([*steps, *range(seen - 7, seen + 1)]):
            rewrite(path, "similar: [", f"similar: [第{number}次断电, ")
            assert fitted(last) == (0, -signal.SIGKILL)
            name = newest(settings.index)
            assert name is not None
            assert is_built(settings.index, name)
            engine.refresh()
            assert engine.rank(f"第{number}次断电").hits[0].id == "pay-failed"
    assert fit(settings)
    assert open_engine(settings).rank("第3次断电").hits[0].id == "pay-failed"


@contextmanager
def dying(settings: Settings) -> Iterator[Callable[[int], tuple[int, int]]]:
    """Give what fits in another process, killed at a counted access to a file (0: not at all).

    It returns how many accesses it counted (0 if killed) and the exit code.
    """
    assert settings.index.name == "index"
    env = {
        **os.environ,
        "XIAOHU_DATA": str(settings.data),
        "XIAOHU_VAR": str(settings.index.parent),
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, "-W", "ignore", "-m", "tests.search.dying"]
    with subprocess.Popen(
        command, env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        given, told = process.stdin, process.stdout
        assert given is not None
        assert told is not None

        def fitted(last: int) -> tuple[int, int]:
            given.write(f"{last}\n")
            given.flush()
            seen = 0
            for line in told:
                what, number = line.split()
                if what == "ended":
                    return seen, int(number)
                seen = int(number)
            raise AssertionError("the fitting process ended")

        yield fitted
        given.close()
