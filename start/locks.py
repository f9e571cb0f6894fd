"""`make lock`: resolve requirements/*.in into hashed lock files that name no host."""

import subprocess
import sys

from start.environments import LOCKS, ROOT, SetupError, find_uv, say

# name → Python version, further options
BOT = ("3.10", ["--override", "requirements/bot-overrides.txt"])
FILES = {
    "web": ("3.12", []),
    "test": ("3.12", []),
    "bench": ("3.12", []),
    "sbom": ("3.12", []),
    "bot": BOT,
    "bot-test": BOT,
    "uv": ("3.9", []),
}


def main():
    """Write every lock file anew; returns the exit code."""
    try:
        uv = find_uv()
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    for name, (version, options) in FILES.items():
        say(f"resolving requirements/{name}.in …")
        command = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
        command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
        command += ["--python-version", version, *options]
        command += [f"requirements/{name}.in", "-o", str(LOCKS / f"{name}.lock")]
        if subprocess.run(command, cwd=ROOT).returncode:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
