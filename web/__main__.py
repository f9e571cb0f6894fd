"""`python -m web`: serve, and what an operator does by hand."""

from __future__ import annotations

import sys

if __name__ == "__main__" and "serve" in sys.argv[1:2]:
    # Before anything else is imported: sockets, locks and sleeps must let other requests run.
    from gevent import monkey

    monkey.patch_all()

import logging
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from web import private
from web.settings import BadSettings, Settings

if TYPE_CHECKING:
    from web.desk.database import Database

SHORTEST = 10  # characters of an agent's password


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
@click.pass_obj
def back_up(settings: Settings, file: Path) -> None:
    """Write database, bot's memory, pictures and key into one file; web may go on running."""
    from web import backup

    try:
        manifest = backup.back_up(settings, file, datetime.now(UTC))
    except (backup.BackupError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{file}: {len(manifest['parts'])} parts at {manifest['revision']}, verified.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--check", is_flag=True, help="Only verify the file.")
@click.option("--replace", is_flag=True, help="Overwrite what is there.")
@click.pass_obj
def restore(settings: Settings, file: Path, *, check: bool, replace: bool) -> None:
    """Put a backup in place, verified first. Web and bot must not run."""
    import tempfile

    from web import backup

    try:
        if check:
            with tempfile.TemporaryDirectory() as folder:
                manifest = backup.verify(file, Path(folder))
        else:
            manifest = backup.restore(settings, file, replace=replace)
    except (backup.BackupError, OSError) as error:
        raise click.ClickException(str(error)) from None
    done = "is sound" if check else "is restored"
    click.echo(f"The backup of {manifest['made_at']} ({manifest['revision']}) {done}.")


@main.group()
def agent() -> None:
    """Look after the agents' accounts."""


@agent.command("add")
@click.argument("name")
@click.option("--display", help="The name that customers see.")
@click.option(
    "--role",
    type=click.Choice(["agent", "editor"]),
    default="agent",
    show_default=True,
    help="agent: /desk. editor: /editor, without any conversation.",
)
@click.pass_obj
def add_agent(settings: Settings, name: str, display: str | None, role: str) -> None:
    """Make an account. The password is asked for, or read from a pipe; empty makes one."""
    from web.desk import agents
    from web.desk.errors import DeskError

    if not 0 < len(name.strip()) <= 64 or not name.isprintable():
        raise click.ClickException("a name has 1 to 64 characters")
    password = _password()
    database = _open(settings)
    try:
        with database.write() as session:
            agents.add(session, name, (display or name)[:64], password, datetime.now(UTC), role)
    except DeskError as error:
        raise click.ClickException(str(error)) from None
    page = "/editor" if role == "editor" else "/desk"
    click.echo(f"{role.capitalize()} {name} can sign in at {page}.")


@agent.command("list")
@click.pass_obj
def list_agents(settings: Settings) -> None:
    """List the accounts."""
    from web.desk import agents

    with _open(settings).read() as session:
        for one in agents.everyone(session):
            state = "active" if one.active else "closed"
            click.echo(f"{one.name}\t{one.display}\t{one.role}\t{state}")


@agent.command("password")
@click.argument("name")
@click.pass_obj
def change_password(settings: Settings, name: str) -> None:
    """Give an account a new password; it is signed out everywhere."""
    from web.desk import agents
    from web.desk.errors import DeskError

    password = _password()
    try:
        with _open(settings).write() as session:
            agents.set_password(session, name, password)
    except DeskError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Agent {name} has a new password.")


@agent.command("close")
@click.argument("name")
@click.pass_obj
def close_agent(settings: Settings, name: str) -> None:
    """Close an account: it is signed out, and its customers are at the front of the queue."""
    _change(settings, name, active=False)
    click.echo(f"Account {name} is closed.")


@agent.command("open")
@click.argument("name")
@click.pass_obj
def open_agent(settings: Settings, name: str) -> None:
    """Open a closed account again."""
    _change(settings, name, active=True)
    click.echo(f"Account {name} is open.")


@agent.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(["agent", "editor"]))
@click.pass_obj
def change_role(settings: Settings, name: str, role: str) -> None:
    """Make an account an agent's or an editor's; it has to sign in again."""
    _change(settings, name, role=role)
    click.echo(f"Account {name} is an {role}'s.")


@agent.command("display")
@click.argument("name")
@click.argument("display")
@click.pass_obj
def change_display(settings: Settings, name: str, display: str) -> None:
    """Change the name that customers see."""
    if not display.strip() or not display.isprintable():
        raise click.ClickException("a name has 1 to 64 characters")
    _change(settings, name, display=display.strip()[:64])
    click.echo(f"Account {name} is shown as {display.strip()[:64]}.")


def _change(settings: Settings, name: str, **wished: Any) -> None:
    from web.desk import agents
    from web.desk.errors import DeskError

    try:
        with _open(settings).write() as session:
            agents.change(session, name, **wished)
    except DeskError as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.pass_obj
def reseal(settings: Settings) -> None:
    """Seal kept phone numbers under a new SECRET_KEY; the old one is in XIAOHU_OLD_SECRET_KEYS."""
    from web.desk import callbacks
    from web.desk.errors import DeskError
    from web.desk.vault import Vault

    vault = Vault((settings.secret_key, *settings.old_secret_keys))
    try:
        with _open(settings).write() as session:
            count = callbacks.reseal(session, vault)
    except DeskError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{count} numbers are sealed under the newest key.")


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
    from web.migrations import WrongShape
    from web.migrations import migrate as bring_up

    private.keep_folder(settings.var)
    if settings.database_file is not None:
        private.keep_database(settings.database_file)
    database = open_database(settings.database)
    try:
        bring_up(database, settings.var, may=may if may is not None else settings.migrates)
    except WrongShape as error:
        database.close()
        raise click.ClickException(str(error)) from None
    return database


def _password() -> str:
    """Ask for a password, or read one line of a pipe; an empty one is made and shown once."""
    if sys.stdin.isatty():
        password = click.prompt(
            "Password (empty: make one)", default="", hide_input=True, show_default=False
        )
        if password and click.prompt("Once more", hide_input=True) != password:
            raise click.ClickException("the two differ")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        password = secrets.token_urlsafe(12)
        click.echo(f"Password, shown this once: {password}")
    if len(password) < SHORTEST:
        raise click.ClickException(f"a password has at least {SHORTEST} characters")
    return password


if __name__ == "__main__":
    main(prog_name="python -m web")
