"""The two virtual environments: web's (.venv, Python 3.12) and the bot's (.venv-bot, 3.10).

Each is made from its lock file and remade when that file changes; a stamp inside says from which.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from start.pythons import find as find_python

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
WEB = ROOT / ".venv"
BOT = ROOT / ".venv-bot"
INERT = ROOT / "bot" / "inert"
STAMP = "made-from"


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


def check_writable(folder, fix):
    """Make the folder if need be and write to it; raises SetupError, which ends with the fix."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SetupError(f"cannot write to {folder} ({error.strerror}): {fix}") from None


def _ensure(environment, version, lock, test_lock, tests, inert=()):
    """Make one environment; a test lock holds all that the lock holds, at the same versions."""
    plain, full = (_stamp([file, *inert]) for file in (lock, test_lock))
    wanted, wanted_lock = (full, test_lock) if tests else (plain, lock)
    made = _made_from(environment)
    if made in (wanted, full):
        return
    check_writable(ROOT, f"{environment.name} is made there; give it to the user who starts it")
    uv = find_uv()
    if made == plain:
        say(f"adding the tests' packages to {environment.name} …")
    else:
        say(f"making {environment.name} (Python {version}) from {wanted_lock.relative_to(ROOT)} …")
        _make(uv, environment, version)
    # The lock is complete, so nothing is resolved; Rasa's own pins would refuse our raised ones.
    install = [uv, "pip", "install", "--quiet", "--no-deps", "--python", str(python(environment))]
    fix = "see to the network and run it again, or set UV_DEFAULT_INDEX to a mirror near you"
    _run([*install, "--require-hashes", "-r", str(wanted_lock)], "the packages", fix)
    if inert:
        _run([*install, str(INERT)], "the packages", fix)
    (environment / STAMP).write_text(wanted)


def _made_from(environment):
    """Return the stamp of an environment that can be used; empty when there is none."""
    try:
        made = (environment / STAMP).read_text()
        return made if python(environment).exists() else ""
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return ""
    except OSError as error:
        raise SetupError(
            f"cannot read {environment} ({error.strerror}): give it to the user who starts it, "
            f"or remove it to have it made anew: rm -rf '{environment}'"
        ) from None


def _make(uv, environment, version):
    found = find_python(uv, version)
    if found is None:
        say(f"no Python {version} on this machine; uv fetches one …")
    command = [uv, "venv", "--quiet", "--clear", "--python", found or version, str(environment)]
    if found:
        _run(command, environment.name, f"remove it and run it again: rm -rf '{environment}'")
        return
    fix = f"install python{version} (pyenv install {version}), or set UV_PYTHON_INSTALL_MIRROR"
    _run(command, f"Python {version}", f"{fix} to a mirror of python-build-standalone")


def find_uv():
    """Find uv, or install the locked one into .uv/."""
    own = ROOT / ".uv" / "bin" / "uv"
    found = shutil.which("uv") or (str(own) if own.exists() else None)
    if found:
        return found
    say("fetching uv …")
    fix = "install uv, or your system's python3-venv package (Debian: apt-get install python3-venv)"
    _run([sys.executable, "-m", "venv", str(ROOT / ".uv")], "environment for uv", fix)
    pip = str(ROOT / ".uv" / "bin" / "pip")
    fetch = [pip, "install", "--quiet", "--require-hashes", "-r", str(LOCKS / "uv.lock")]
    _run(fetch, "uv", "install uv, or set PIP_INDEX_URL to a mirror near you")
    return str(own)


def _run(command, what, fix):
    """Run a command; raises SetupError in one line: what there is none of, why, and the fix."""
    # A virtual environment that is active in the caller's shell must not be the one changed.
    env = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    done = subprocess.run(
        command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace",
    )  # fmt: skip
    if done.returncode:
        told = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        why = " … ".join(dict.fromkeys([*told[:1], *told[-1:]]))
        raise SetupError(f"could not get {what} ({why or 'no reason given'}): {fix}")
