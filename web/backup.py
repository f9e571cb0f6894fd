"""Backup into one file and verified restore: database, bot's memory, pictures, key.

SQLite is copied by its own online backup while it is in use, PostgreSQL by pg_dump. A manifest in
the file names every part with its digest, so that a restore knows a damaged file before it begins.
The keys of conversations stay outside (keysfile.py), so that an erasure reaches backups too.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, make_url, text

from web import keysfile, private
from web.desk.database import open_database
from web.settings import Settings

MANIFEST = "manifest.json"
FORMAT = 1
DATABASE, DUMP, MEMORY, KEY, PICTURES = (
    "xiaohu.db", "xiaohu.dump", "bot/tracker.db", "secret_key", "attachments",
)  # fmt: skip
PRIVATE = 0o600
LONGEST = 6 * 3600.0  # seconds that a dump or its restore may take


class BackupError(RuntimeError):
    """Backup or restore cannot go on; the message says in a line why."""


def back_up(
    settings: Settings, target: Path, now: datetime, keys: Path | None = None
) -> dict[str, Any]:
    """Write a backup, whole or not at all; returns its manifest.

    The database comes first, so that every picture it names is in the backup, too, and every
    conversation it holds has its key in the file of keys. keys: that file, replaced; None for
    the one beside the backup. Raises BackupError.
    """
    if target.exists():
        raise BackupError(f"{target} is there already")
    with tempfile.TemporaryDirectory(dir=target.parent or None, prefix=".backup-") as made:
        folder = Path(made)
        if settings.database_file is not None:
            _copy_sqlite(settings.database_file, folder / DATABASE)
            keysfile.take_out(folder / DATABASE)
        else:
            _dump(settings.database, folder / DUMP)
        memory = _memory(settings)
        if memory.exists():
            _copy_sqlite(memory, folder / MEMORY)
        for name in (KEY, PICTURES):
            source = settings.var / name
            if source.is_dir():
                shutil.copytree(source, folder / name)
            elif source.exists():
                shutil.copy2(source, folder / name)
        try:
            count = keysfile.write(settings, keys or target.with_name(keysfile.NAME), now)
        except keysfile.WrongKeys as error:
            raise BackupError(str(error)) from None
        manifest = {
            "format": FORMAT,
            "keys": count,
            "made_at": now.isoformat(timespec="seconds"),
            "revision": _revision(settings.database),
            "parts": {name: _digest(folder / name) for name in _files(folder)},
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        packed = folder.with_suffix(".tar")
        try:
            packed.touch(PRIVATE)
            with tarfile.open(packed, "w") as tar:
                for name in (MANIFEST, *manifest["parts"]):  # type: ignore[misc]
                    tar.add(folder / name, name)
            with packed.open("rb+") as file:
                os.fsync(file.fileno())
            packed.replace(target)
        finally:
            packed.unlink(missing_ok=True)
    return manifest


def verify(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup into an empty folder and check every part; returns its manifest.

    Raises BackupError when a part is missing, damaged or no sound database.
    """
    try:
        with tarfile.open(source) as tar:
            tar.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        parts = dict(manifest["parts"])
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{source} is no backup: {error}") from None
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{source} is of format {manifest.get('format')}, not {FORMAT}")
    for name, digest in parts.items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise BackupError(f"{source} is damaged: {name}")
        if name.endswith(".db"):
            _check_sqlite(folder / name)
    if not {DATABASE, DUMP} & set(parts):
        raise BackupError(f"{source} holds no database")
    return manifest


def restore(
    settings: Settings, source: Path, *, replace: bool = False, keys: Path | None = None
) -> dict[str, Any]:
    """Put a verified backup in place while nothing runs; returns its manifest.

    Conversations that were erased since have no key any more, and are erased again. replace:
    overwrite what is there. keys: the file of keys, None for the one beside the backup. Raises
    BackupError before anything is changed when the backup is bad, of the other kind of database,
    without its keys, or would overwrite something.
    """
    private.keep_folder(settings.var)
    with tempfile.TemporaryDirectory(dir=settings.var, prefix=".restore-") as made:
        folder = Path(made)
        manifest = verify(source, folder)
        own = DUMP if settings.database_file is None else DATABASE
        if own not in manifest["parts"]:
            raise BackupError(f"{source} is of another kind of database than DATABASE_URL")
        if not replace and _has_tables(settings):
            raise BackupError("the database is not empty: --replace overwrites it")
        known = _keys(keys or source.with_name(keysfile.NAME)) if manifest.get("keys") else {}
        if settings.database_file is not None:
            _put_sqlite(folder / DATABASE, settings.database_file)
        else:
            _load(settings.database, folder / DUMP)
        if (folder / MEMORY).exists():
            _put_sqlite(folder / MEMORY, _memory(settings))
        if (folder / KEY).exists():
            (folder / KEY).replace(settings.var / KEY)
        if (folder / PICTURES).exists():
            shutil.rmtree(settings.var / PICTURES, ignore_errors=True)
            (folder / PICTURES).replace(settings.var / PICTURES)
    found = _revision(settings.database)
    if found != manifest["revision"]:
        raise BackupError(f"the restored database is at {found}, not {manifest['revision']}")
    if manifest.get("keys"):
        try:
            keysfile.put_back(settings, known)
        except keysfile.WrongKeys as error:
            raise BackupError(str(error)) from None
    return manifest


def _keys(path: Path) -> dict[str, str]:
    try:
        return keysfile.read(path)
    except keysfile.WrongKeys as error:
        raise BackupError(str(error)) from None


def _memory(settings: Settings) -> Path:
    """Return the bot's memory; where PostgreSQL holds it, the file that it would have had."""
    url = make_url(settings.bot_memory)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database)
    return settings.var / MEMORY


def _files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database that may be written meanwhile, what stands in its WAL included."""
    if not source.exists():
        raise BackupError(f"there is no database {source}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(PRIVATE)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    _check_sqlite(target)


def _check_sqlite(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            found = database.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BackupError(f"{path.name} is damaged: {found}")


def _put_sqlite(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    for end in ("-wal", "-shm"):
        target.with_name(target.name + end).unlink(missing_ok=True)
    source.chmod(PRIVATE)
    source.replace(target)


def _dump(url: str, target: Path) -> None:
    keys = f"--exclude-table-data={keysfile.TABLE}"
    _run("pg_dump", "--format=custom", "--no-owner", keys, f"--file={target}", _address(url))
    _run("pg_restore", "--list", str(target))


def _load(url: str, source: Path) -> None:
    _run(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
        f"--dbname={_address(url)}", str(source),
    )  # fmt: skip


def _address(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(*command: str) -> None:
    found = shutil.which(command[0])
    if found is None:
        raise BackupError(f"{command[0]} is not on the path: install PostgreSQL's client programs")
    try:
        done = _call(found, command)
    except subprocess.TimeoutExpired:
        raise BackupError(f"{command[0]} took longer than {LONGEST / 3600:.0f} hours") from None
    if done.returncode:
        told = done.stderr.strip().splitlines() or ["no reason given"]
        raise BackupError(f"{command[0]}: {told[-1]}")


def _call(program: str, command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command, found on the path
        [program, *command[1:]], capture_output=True, text=True, check=False, timeout=LONGEST
    )


def _has_tables(settings: Settings) -> bool:
    file = settings.database_file
    if file is not None and not file.exists():
        return False
    database = open_database(settings.database)
    try:
        return bool(inspect(database.engine).get_table_names())
    finally:
        database.close()


def _revision(url: str) -> str | None:
    database = open_database(url)
    try:
        if not inspect(database.engine).has_table("alembic_version"):
            return None
        with database.engine.connect() as connection:
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found
    finally:
        database.close()
