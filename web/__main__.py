"""`python -m web`: serve, and what an operator does by hand."""

from __future__ import annotations

import sys

if __name__ == "__main__" and "serve" in sys.argv[1:2]:
    # Before anything else is imported: sockets, locks and sleeps must let other requests run.
    from gevent import monkey

    monkey.patch_all()

import logging
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web import private
from web.environment import BadSettings
from web.settings import Settings
from web.wallet.command import wallet

if TYPE_CHECKING:
    from web.desk.database import Database

KEYS = "The file of conversations' keys (xiaohu.keys beside the backup)."


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Run and look after the web process."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        context.obj = Settings.from_env()
    except BadSettings as error:
        raise click.ClickException(str(error)) from None
    if context.obj.json_log:
        from web import logs

        logs.begin()


main.add_command(wallet)


@main.command()
@click.option("--host", help="Address to listen on (XIAOHU_HOST, 127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (XIAOHU_PORT, 8000).")
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """Serve pages, chat and console."""
    from dataclasses import replace

    from web.server import Server

    # Only the worker opens the database and the rest: the process that watches it stays small.
    Server(replace(settings, host=host or settings.host, port=port or settings.port)).run()


@main.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the database to the newest shape; a step of its own with XIAOHU_MIGRATE=step."""
    _open(settings, may=True).close()
    click.echo("The database is up to date.")


@main.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--keys", type=click.Path(path_type=Path, dir_okay=False), help=KEYS)
@click.pass_obj
def back_up(settings: Settings, file: Path, keys: Path | None) -> None:
    """Write database, bot's memory, pictures and key into one file; web may go on running.

    The keys of conversations go into a file of their own, which is replaced each time: keep the
    newest only, so that no backup tells what was erased since.
    """
    from web import backup

    try:
        manifest = backup.back_up(settings, file, datetime.now(UTC), keys)
    except (backup.BackupError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{file}: {len(manifest['parts'])} parts at {manifest['revision']}, verified.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--check", is_flag=True, help="Only verify the file.")
@click.option("--replace", is_flag=True, help="Overwrite what is there.")
@click.option("--keys", type=click.Path(path_type=Path, dir_okay=False), help=KEYS)
@click.pass_obj
def restore(
    settings: Settings, file: Path, *, check: bool, replace: bool, keys: Path | None
) -> None:
    """Put a backup in place, verified first. Web and bot must not run."""
    import tempfile

    from web import backup

    try:
        if check:
            with tempfile.TemporaryDirectory() as folder:
                manifest = backup.verify(file, Path(folder))
        else:
            manifest = backup.restore(settings, file, replace=replace, keys=keys)
    except (backup.BackupError, OSError) as error:
        raise click.ClickException(str(error)) from None
    done = "is sound" if check else "is restored"
    click.echo(f"The backup of {manifest['made_at']} ({manifest['revision']}) {done}.")


@main.command()
@click.pass_obj
def reseal(settings: Settings) -> None:
    """Seal all that is sealed under a new SECRET_KEY; the old one is in XIAOHU_OLD_SECRET_KEYS."""
    from web.audit import chain
    from web.audit.commands import by_command
    from web.desk.errors import DeskError
    from web.desk.vault import Vault
    from web.privacy import identities, seal, sealed

    vault = Vault((settings.secret_key, *settings.old_secret_keys))
    try:
        database = _open(settings)
        count = seal.renew_keys(database, vault) + seal.renew_words(database, vault)
        count += identities.renew(database, vault)
        with database.write() as session:
            count += sealed.reseal(session, vault)
            chain.append(session, by_command("reseal", ""), datetime.now(UTC))
    except DeskError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{count} sealed texts are sealed under the newest key.")


@main.command()
@click.option("--sub", required=True, help="The customer's id.")
@click.option("--name", help="The customer's name.")
@click.option("--hours", type=float, default=1.0, show_default=True)
@click.pass_obj
def token(settings: Settings, sub: str, name: str | None, hours: float) -> None:
    """Sign an identity for trying /app out (needs XIAOHU_JWT_SECRET)."""
    from web.desk.errors import DeskError
    from web.identity import sign

    try:
        click.echo(sign(settings, sub, name, datetime.now(UTC), timedelta(hours=hours)))
    except DeskError as error:
        raise click.ClickException(str(error)) from None


def _open(settings: Settings, *, may: bool | None = None) -> Database:
    from web.desk.database import open_database
    from web.keyring import keys_of
    from web.migrations import WrongShape
    from web.migrations import migrate as bring_up

    private.keep_folder(settings.var)
    if settings.database_file is not None:
        private.keep_database(settings.database_file)
    database = open_database(settings.database, keys=keys_of(settings))
    try:
        bring_up(database, settings.var, may=may if may is not None else settings.migrates)
    except WrongShape as error:
        database.close()
        raise click.ClickException(str(error)) from None
    return database


class _Lazy(click.Group):
    """Commands of another module, read when they are asked for: serve must be patched before."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Name them."""
        return self._group().list_commands(context)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Find one."""
        return self._group().get_command(context, name)

    def _group(self) -> click.Group:
        module = "accounts" if self.name in ("account", "agent") else self.name
        group: click.Group = import_module(f"web.{module}.commands").group(_open)
        return group


ACCOUNTS = "Look after the staff's accounts: add, list, close, open, role, password, reset …"
main.add_command(_Lazy("account", help=ACCOUNTS))
main.add_command(_Lazy("audit", help="Check the record of who did what."))
main.add_command(_Lazy("privacy", help="A customer's copy and erasure; what is too old."))
main.add_command(_Lazy("agent", help=f"{ACCOUNTS} (as account)"))

if __name__ == "__main__":
    main(prog_name="python -m web")
