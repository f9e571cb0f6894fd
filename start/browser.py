"""The Chromium that the browser tests drive."""

import os
import shutil
import subprocess
from pathlib import Path

from start.environments import SetupError, say

# The same engine without the windows, menus and tabs that nobody sees: half the work for a test.
SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONTS = "fonts-noto-cjk"
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find():
    """Return the path of the browser that most tests drive, or None."""
    return os.environ.get("XIAOHU_CHROMIUM") or shutil.which(SHELL) or find_whole()


def find_whole():
    """Return the path of one that can ask for a camera, which the shell cannot, or None."""
    own = os.environ.get("XIAOHU_CHROMIUM")
    if own and Path(own).name != SHELL:
        return own
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (MAC if Path(MAC).exists() else None)


def ensure():
    """See that there is Chromium: Debian's is installed where we are root.

    Raises SetupError where there is none. A shell beside it is installed where that can be had.
    """
    if os.environ.get("XIAOHU_CHROMIUM"):
        return
    there = {"chromium": find_whole(), SHELL: shutil.which(SHELL)}
    missing = [name for name, path in there.items() if not path]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        say("installing chromium for the browser tests …")
        _apt("update", "-qq", "-o", "Acquire::http::Timeout=10", "-o", "Acquire::Retries=0")
        for name in missing:
            _apt("install", "-y", "-qq", "--no-install-recommends", name, FONTS)
    if not find_whole():
        raise SetupError(
            "the browser tests need Chromium: install it (Debian: apt-get install chromium "
            f"{FONTS}), or name one in XIAOHU_CHROMIUM"
        )


def _apt(*words):
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", *words], env=env, stdout=subprocess.DEVNULL)
