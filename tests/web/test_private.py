"""What customers wrote lies in files that no other user of the machine can read."""

from __future__ import annotations

import os
from pathlib import Path

from web import private
from web.settings import Settings


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_database_and_what_lies_beside_it_are_private(make, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        made = make()
        made.test_client().post("/api/v1/conversations", json={"channel": "help"})
    finally:
        os.umask(before)
    file = made.extensions["services"].settings.database_file
    if file is None:
        return  # PostgreSQL keeps its own
    for part in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        assert mode(part) == 0o600, part
    assert mode(made.extensions["services"].settings.var) == 0o700


def test_files_of_an_earlier_start_become_private(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir(mode=0o755)
    for name in ("xiaohu.db", "xiaohu.db-wal"):
        (folder / name).write_bytes(b"")
        (folder / name).chmod(0o644)
    private.keep_folder(folder)
    private.keep_database(folder / "xiaohu.db")
    assert mode(folder) == 0o700
    assert mode(folder / "xiaohu.db") == mode(folder / "xiaohu.db-wal") == 0o600


def test_the_file_is_known_from_the_settings(tmp_path: Path) -> None:
    named = Settings(var=tmp_path, secret_key="a secret of the tests only")
    assert named.database_file == tmp_path / "xiaohu.db"
    url = "postgresql://help@db.example/help"
    other = Settings(var=tmp_path, secret_key="a secret of the tests only", database_url=url)
    assert other.database_file is None
