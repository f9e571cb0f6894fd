"""`make test`: every test of both environments by one command."""

import os
import re
import subprocess
import sys

from start.browser import ensure as ensure_browser
from start.environments import BOT, ROOT, WEB, SetupError, ensure, python, say

# What runs where. `search` is used by both sides, so its tests run in both.
BOT_PARTS = ("tests/bot", "tests/actions", "tests/search")
WEB_LEAVES_OUT = ("tests/bot", "tests/actions")
NOTHING_SELECTED = 5
COUNT = re.compile(r"(\d+) (passed|failed|error|errors|skipped)\b")


def main(arguments):
    """Run both parts; returns the exit code of the first that failed."""
    try:
        ensure(tests=True)
        env = {
            **os.environ,
            "XIAOHU_CHROMIUM": ensure_browser(),
            "PYTHONWARNINGS": "ignore::SyntaxWarning",
        }
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    env.pop("VIRTUAL_ENV", None)
    # Built once and with progress to see, rather than inside whichever test comes first.
    for environment, module, *options in (
        (WEB, "search", "--build"),
        (BOT, "bot.runtime.train"),
    ):
        command = [str(python(environment)), "-m", module, *options]
        if subprocess.run(command, cwd=ROOT, env=env).returncode:
            return 1
    web = [f"--ignore={part}" for part in WEB_LEAVES_OUT]
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    codes = [
        _part("the bot's environment", BOT, [*BOT_PARTS, *arguments], env, totals),
        _part("web's environment", WEB, ["tests", *web, *arguments], env, totals),
    ]
    print(
        f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped",
        flush=True,
    )
    if all(code == NOTHING_SELECTED for code in codes):
        say("no test was selected")
        return NOTHING_SELECTED
    return next((code for code in codes if code not in (0, NOTHING_SELECTED)), 0)


def _part(name, environment, arguments, env, totals):
    say(f"testing in {name}")
    command = [str(python(environment)), "-m", "pytest", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    last = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        if COUNT.search(line) and " in " in line:
            last = line
    for number, what in COUNT.findall(last):
        totals["failed" if what.startswith("error") else what] += int(number)
    return process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
