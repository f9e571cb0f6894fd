"""The Pythons that the environments are made with: this machine's own before a fetched one."""

import os
import subprocess
from pathlib import Path

# Where Pythons stand beside the path, from the root of the file system; and in pyenv's folder.
PLACES = (
    "usr/local/bin/python{version}",
    "opt/python/{version}*/bin/python{version}",
    "opt/homebrew/opt/python@{version}/bin/python{version}",
    "usr/local/opt/python@{version}/bin/python{version}",
    "Library/Frameworks/Python.framework/Versions/{version}/bin/python{version}",
)
PYENV = "versions/{version}*/bin/python{version}"
# What web and bot need of it; a Python built without these would fail much later.
NEEDS = "import sys, ssl, sqlite3, zlib; print('%d.%d' % sys.version_info[:2])"


def find(uv, version):
    """Return the path of a Python of this version that works, or None if there is none here."""
    # --system: an environment of ours is no Python to make another one with.
    asked = [uv, "python", "find", "--quiet", "--no-python-downloads", "--system", version]
    told = subprocess.run(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    places = [(pyenv, PYENV), *((Path("/"), place) for place in PLACES)]
    found = [Path(line) for line in told.stdout.split("\n") if line]
    for folder, place in places:
        found += sorted(folder.glob(place.format(version=version)))
    return next((str(one) for one in found if _works(one, version)), None)


def _works(python, version):
    try:
        told = subprocess.run(
            [python, "-c", NEEDS], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
    except OSError:
        return False
    return told.stdout.strip() == version
