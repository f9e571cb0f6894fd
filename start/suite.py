"""`make test`: every test of both environments by one command, several parts side by side."""

import codecs
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from start.browser import ensure as ensure_browser
from start.environments import BOT, ROOT, WEB, SetupError, ensure, python, say

NOTHING_SELECTED = 5
FAILED = 1
EVERY = 60.0  # seconds between two lines that say where all parts are
WAITS, ENDED = "waits", "ended"
SHARE = re.compile(r"\[ *(\d+%)\]")
PLACE = re.compile(r"tests/\S+\.py")
COUNT = re.compile(r"(\d+) (passed|failed|error|errors|skipped)\b")


@dataclass(frozen=True)
class Part:
    """Tests that run in one process, one after the other, and share their servers and browsers."""

    name: str
    environment: Path
    folders: tuple  # below tests/, without those of other parts; empty: all that stand in none


# The longest first, so that none is left to run alone. `search` is used by both sides, so its tests
# run in both environments.
PARTS = (
    Part("conversations", WEB, ("conversations",)),
    Part("browser", WEB, ("browser",)),
    Part("console", WEB, ("browser/console",)),
    Part("web", WEB, ("web",)),
    Part("wallet and editor", WEB, ("wallet", "editor")),
    Part("the rest", WEB, ()),
    Part("bot", BOT, ("bot", "actions", "search")),
    Part("desk", WEB, ("desk",)),
)
BOTS_ALONE = ("bot", "actions")  # need the bot's environment


def main(arguments):
    """Run all parts; returns the exit code of the first that failed."""
    try:
        ensure(tests=True)
        ensure_browser()
        env = {**os.environ, "PYTHONWARNINGS": "ignore::SyntaxWarning"}
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    env.pop("VIRTUAL_ENV", None)
    # One thread a process: the parts are as many as the cores can take, and threads that wait for
    # each other would only take time from the next.
    env["OPENBLAS_NUM_THREADS"] = env["OMP_NUM_THREADS"] = "1"
    # The tests start some two hundred processes: without kept bytecode each compiles all that it
    # imports, the bot for five seconds.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    # Built once and with progress to see, rather than inside whichever test comes first.
    for environment, module, *options in (
        (WEB, "search", "--build"),
        (BOT, "bot.runtime.train"),
    ):
        command = [str(python(environment)), "-m", module, *options]
        if subprocess.run(command, cwd=ROOT, env=env).returncode:
            return 1
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="xiaohu-") as folder:
        # PostgreSQL, which runs as another user under root, has to get through.
        Path(folder).chmod(0o755)
        runs = [
            _Run(number, (part.name, part.environment, paths(part)), arguments, env, Path(folder))
            for number, part in enumerate(PARTS)
        ]
        with ThreadPoolExecutor(side_by_side()) as pool:
            following = [pool.submit(run.follow) for run in runs]
            while wait(following, EVERY).not_done:
                _Run.print(f"[{clock(began)}] {where(runs)}\n")
            codes = [one.result() for one in following]
        # Six browsers and servers share the cores: what failed beside them is asked once more,
        # alone, and both results stand in the output.
        codes = [
            run.follow_alone() if code == FAILED else code
            for run, code in zip(runs, codes)  # noqa: B905 - Python 3.9 starts this
        ]
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    for run in runs:
        for number, what in run.counts:
            totals["failed" if what.startswith("error") else what] += int(number)
    took = int(time.monotonic() - began)
    worked = sum(run.worked for run in runs)
    for run in runs:
        print(f"{run.name}: {run.worked:.0f} s of CPU")
    print(
        f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped"
        f" in {took // 60} min {took % 60} s, {worked / 60:.1f} min of CPU",
        flush=True,
    )
    if all(code == NOTHING_SELECTED for code in codes):
        say("no test was selected")
        return NOTHING_SELECTED
    return next((code for code in codes if code not in (0, NOTHING_SELECTED)), 0)


def side_by_side():
    """Say how many parts run at a time: one more than cores, since browsers and servers wait."""
    asked = os.environ.get("JOBS")
    return int(asked) if asked else min(len(os.sched_getaffinity(0)) + 1, len(PARTS))


def paths(part):
    """Return what to give to pytest for a part."""
    elsewhere = {folder for one in PARTS if one.environment == WEB for folder in one.folders}
    if part.folders:
        within = tuple(f"{folder}/" for folder in part.folders)
        left = {folder for folder in elsewhere if folder.startswith(within)}
        own = [f"tests/{folder}" for folder in part.folders]
    else:
        left = {folder for folder in elsewhere | {*BOTS_ALONE} if "/" not in folder}
        own = ["tests"]
    return [*own, *(f"--ignore=tests/{folder}" for folder in sorted(left))]


def where(runs):
    """Say where each part is that has not ended."""
    return "; ".join(f"{run.name} {run.at}" for run in runs if run.at != ENDED)


def clock(began):
    """Write the time that has gone by since a moment of the monotonic clock."""
    minutes, seconds = divmod(int(time.monotonic() - began), 60)
    return f"{minutes:2}:{seconds:02}"


class _Run:
    """One part's process; progress shows as it comes, what is told at the end in one piece."""

    _printing = threading.Lock()

    def __init__(self, number, part, arguments, env, folder):
        self.name, environment, paths = part
        self.at = WAITS
        self._made = time.monotonic()
        self.counts = []
        self.worked = 0.0  # seconds of CPU, of all that it started and ended
        kept = f"cache_dir={folder / f'{number}-cache'}"  # which tests failed
        self._command = [str(python(environment)), "-m", "pytest", "-o", kept, *paths, *arguments]
        # A folder for temporary files of its own: pytest clears older runs' from a shared one.
        self._folder = folder / str(number)
        self._env = {**env, "PYTEST_DEBUG_TEMPROOT": str(self._folder)}

    def follow_alone(self):
        """Run the tests that failed once more, beside no others, and return the exit code."""
        failed = sum(int(number) for number, what in self.counts if what != "passed")
        self.print(f"{self.name}: {failed} failed beside other parts; once more, alone\n")
        before = [(number, what) for number, what in self.counts if what == "passed"]
        self._command += ["--last-failed", "--last-failed-no-failures=none"]
        code = self.follow()
        self.counts = before + self.counts
        return code

    def follow(self):
        """Run it to its end and return the exit code."""
        self._folder.mkdir(mode=0o755, exist_ok=True)
        began = time.monotonic()
        self.at = "begins"
        process = subprocess.Popen(
            self._command, cwd=ROOT, env=self._env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        last, held = "", []
        for line in self._lines(process.stdout):
            if held or (line.startswith("=") and "test session starts" not in line):
                held.append(line)
            elif "%]" in line:
                self.print(f"[{clock(self._made)}] {self.name}: {line}")
            if COUNT.search(line) and " in " in line:
                last = line
        _, status, usage = os.wait4(process.pid, 0)
        code = process.returncode = os.waitstatus_to_exitcode(status)
        self.worked += usage.ru_utime + usage.ru_stime
        self.counts = COUNT.findall(last)
        took = int(time.monotonic() - began)
        self.at = ENDED
        end = f"{self.name}: ended with {code} after {took} s, {self.worked:.0f} s of CPU\n"
        self.print("".join(held) if code != NOTHING_SELECTED else "", end)
        return code

    def _lines(self, stream):
        """Give what pytest writes by lines; `at` says where it is, also within a line."""
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        share, rest = "0%", ""
        while True:
            piece = stream.read1(65536)
            *lines, rest = (rest + decode(piece, final=not piece)).split("\n")
            for line in lines:
                share = (SHARE.findall(line) or [share])[-1]
                yield line + "\n"
            place = PLACE.search(rest)
            self.at = f"{share} {place.group() if place else ''}".strip()
            if not piece:
                return

    @classmethod
    def print(cls, *texts):
        """Print in one piece."""
        with cls._printing:
            print(*texts, sep="", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
