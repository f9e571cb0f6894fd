"""The two virtual environments: web's (.venv, Python 3.12) and the bot's (.venv-bot, 3.10).

Each is made from its lock file and remade when that file changes; a stamp inside says from which.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
WEB = ROOT / ".venv"
BOT = ROOT / ".venv-bot"
INERT = ROOT / "bot" / "inert"


class SetupError(Exception):
    """Set-up cannot go on; the message says what to do."""


def say(text):
    """Print one line of progress."""
    print(f"setup: {text}", flush=True)


def ensure(tests=False):
    """Make both environments if they are missing or stale; raises SetupError."""
    _ensure(WEB, "3.12", LOCKS / "web.lock", LOCKS / "test.lock", tests)
    inert = [path for path in sorted(INERT.rglob("*.*")) if _is_source(path)]
    _ensure(BOT, "3.10", LOCKS / "bot.lock", LOCKS / "bot-test.lock", tests, inert)


def python(environment):
    """Return the path of an environment's interpreter."""
    return environment / "bin" / "python"


def _is_source(path):
    return path.suffix in {".py", ".toml"} and "build" not in path.relative_to(INERT).parts


def _stamp(files):
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _ensure(environment, version, lock, test_lock, tests, inert=()):
    """Make one environment; a test lock holds all that the lock holds, at the same versions."""
    stamp = environment / "made-from"
    plain, full = (_stamp([file, *inert]) for file in (lock, test_lock))
    wanted, wanted_lock = (full, test_lock) if tests else (plain, lock)
    made = stamp.read_text() if stamp.exists() and python(environment).exists() else ""
    if made in (wanted, full):
        return
    uv = find_uv()
    # The lock is complete, so nothing is resolved; Rasa's own pins would refuse our raised ones.
    install = [uv, "pip", "install", "--quiet", "--no-deps", "--python", str(python(environment))]
    if made == plain:
        say(f"adding the tests' packages to {environment.name} …")
    else:
        say(f"making {environment.name} (Python {version}) from {wanted_lock.relative_to(ROOT)} …")
        _run([uv, "venv", "--quiet", "--clear", "--python", version, str(environment)])
        if inert:
            _run([*install, str(INERT)])
    _run([*install, "--require-hashes", "-r", str(wanted_lock)])
    stamp.write_text(wanted)


def find_uv():
    """Find uv, or install the locked one into .uv/."""
    own = ROOT / ".uv" / "bin" / "uv"
    found = shutil.which("uv") or (str(own) if own.exists() else None)
    if found:
        return found
    say("fetching uv …")
    try:
        _run([sys.executable, "-m", "venv", str(ROOT / ".uv")])
    except SetupError:
        raise SetupError(
            "uv is not installed and this Python cannot make a virtual environment for it: "
            "install uv, or your system's python3-venv package"
        ) from None
    pip = str(ROOT / ".uv" / "bin" / "pip")
    _run([pip, "install", "--quiet", "--require-hashes", "-r", str(LOCKS / "uv.lock")])
    return str(own)


def _run(command):
    # A virtual environment that is active in the caller's shell must not be the one changed.
    env = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    done = subprocess.run(command, env=env, cwd=ROOT)
    if done.returncode:
        raise SetupError(f"this command failed: {' '.join(map(str, command))}")
