"""A start that cannot succeed says the fix in one line; what looks hard but is not, starts.

Each runs `python3 -m start` in a copy of what it needs, as `make run` does. That the whole product
starts under LC_ALL=C in a folder with blanks and Chinese characters is shown by tests/newcomer.py.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from start import pythons
from start.environments import find_uv
from tests.product import ROOT, free_port

# Root may write everywhere; without its capabilities it is a user like any other.
AS_USER = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
USERS = pytest.mark.skipif(
    bool(AS_USER) and not shutil.which("setpriv"), reason="root without setpriv can write anywhere"
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy what a start reads before anything is installed."""
    folder = tmp_path / "小狐 帮助中心"
    for part in ("start", "requirements", "bot/inert"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def start(folder: Path, *before: str, **changes: str) -> str:
    """Start in vain; returns the one line that says why."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("XIAOHU_")}
    env |= {"XIAOHU_PORT": str(free_port()), "XIAOHU_BOT_PORT": str(free_port())}
    done = subprocess.run(
        [*before, sys.executable, "-m", "start"],
        cwd=folder, env=env | {"LC_ALL": "C"} | changes, capture_output=True, text=True, timeout=99,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert all(line.endswith(" …") for line in done.stdout.splitlines()), done.stdout
    return done.stderr


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield int(holder.getsockname()[1])


@pytest.mark.parametrize("variable", ["XIAOHU_PORT", "XIAOHU_BOT_PORT"])
def test_a_port_in_use_is_named_with_who_holds_it_and_a_free_one(
    copy: Path, taken: int, variable: str
) -> None:
    told = start(copy, **{variable: str(taken)})
    assert f"port {taken} is taken (process {os.getpid()}: " in told
    assert f"kill {os.getpid()}" in told
    offered = int(told.split(f"{variable}=")[1].split()[0])
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", offered))


def test_a_port_or_address_that_cannot_be_is_named_with_its_setting(copy: Path) -> None:
    assert "XIAOHU_PORT=八千 is no port" in start(copy, XIAOHU_PORT="八千")
    assert "XIAOHU_BOT_PORT=70000 is no port" in start(copy, XIAOHU_BOT_PORT="70000")
    told = start(copy, XIAOHU_HOST="192.0.2.1")
    assert "XIAOHU_HOST=192.0.2.1 is no address of this machine" in told
    port = str(free_port())
    assert "XIAOHU_BOT_PORT" in start(copy, XIAOHU_PORT=port, XIAOHU_BOT_PORT=port)


@USERS
def test_without_permission_to_write_the_folder_is_named(copy: Path, tmp_path: Path) -> None:
    copy.chmod(0o555)
    told = start(copy, *AS_USER)
    assert f"cannot write to {copy / 'var'} (Permission denied)" in told
    assert "XIAOHU_VAR" in told
    told = start(copy, *AS_USER, XIAOHU_VAR=str(tmp_path / "var"))
    assert f"cannot write to {copy} (Permission denied)" in told
    assert ".venv" in told


@USERS
def test_an_environment_of_another_user_is_named_with_how_to_remove_it(copy: Path) -> None:
    (copy / ".venv").mkdir(mode=0o000)
    told = start(copy, *AS_USER)
    assert f"cannot read {copy / '.venv'} (Permission denied)" in told
    assert f"rm -rf '{copy / '.venv'}'" in told


def test_without_uv_and_venv_the_package_to_install_is_named(copy: Path) -> None:
    # as Debian's python3 does without its package python3-venv
    missing = "The virtual environment was not created because ensurepip is not available."
    (copy / "venv.py").write_text(f"raise SystemExit({missing!r})")
    told = start(copy, PATH="/nowhere")
    assert missing in told
    assert "apt-get install python3-venv" in told


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give uv to a user who has no Python on the path nor in pyenv; returns uv's path."""
    uv = Path(find_uv())
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "uv").symlink_to(uv)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "pythons"))
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    return str(tmp_path / "bin" / "uv")


def test_without_a_python_and_a_way_to_fetch_it_both_fixes_are_named(
    copy: Path, alone: str
) -> None:
    if found := pythons.find(alone, "3.12"):
        pytest.skip(f"{found} stands where every user finds it")
    nowhere = f"http://127.0.0.1:{free_port()}"  # for a network where github.com cannot be reached
    told = start(copy, UV_PYTHON_INSTALL_MIRROR=nowhere, UV_HTTP_RETRIES="0")
    assert "could not get Python 3.12" in told
    assert "pyenv install 3.12" in told
    assert "UV_PYTHON_INSTALL_MIRROR" in told


def test_a_python_of_pyenv_is_found_beside_the_path_and_a_broken_one_passed_over(
    alone: str, tmp_path: Path
) -> None:
    for name in ("3.12.0", "3.12.1"):
        (tmp_path / "pyenv" / "versions" / name / "bin").mkdir(parents=True)
    broken = tmp_path / "pyenv" / "versions" / "3.12.0" / "bin" / "python3.12"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    works = tmp_path / "pyenv" / "versions" / "3.12.1" / "bin" / "python3.12"
    works.symlink_to(sys.executable)
    found = pythons.find(alone, "3.12")
    if found and not found.startswith(str(tmp_path)):
        pytest.skip(f"{found} stands where every user finds it")
    assert found == str(works)
