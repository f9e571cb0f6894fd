"""The Chromium that the browser tests drive."""

import os
import shutil
import subprocess
from pathlib import Path

from start.environments import SetupError, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("--no-install-recommends", "chromium", "fonts-noto-cjk")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find():
    """Return the browser's path, or None."""
    own = os.environ.get("XIAOHU_CHROMIUM")
    if own:
        return own
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (MAC if Path(MAC).exists() else None)


def ensure():
    """Find Chromium, or install Debian's where we are root; raises SetupError otherwise."""
    found = find()
    if found:
        return found
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("installing chromium for the browser tests …")
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", *PACKAGES],
        ):
            subprocess.run(command, env=env, stdout=subprocess.DEVNULL)
        found = find()
        if found:
            return found
    raise SetupError(
        "the browser tests need Chromium: install it (Debian: apt-get install chromium "
        "fonts-noto-cjk), or name one in XIAOHU_CHROMIUM"
    )
