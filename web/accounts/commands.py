"""`python -m web account …` (also `agent`): the accounts from the operator's side."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from web.accounts import factors, outside, staff
from web.accounts.passwords import SHORTEST, WeakPassword, check
from web.accounts.roles import HOMES
from web.audit import chain
from web.audit.commands import by_command
from web.desk import agents, sessions
from web.desk.agents import ROLES
from web.desk.database import Database
from web.desk.errors import DeskError
from web.settings import Settings

REASONS = {
    "short": f"a password has at least {SHORTEST} characters",
    "long": "a password has at most 256 characters",
    "common": "this password is among those that are guessed first; choose another",
    "name": "a password is not the account's name",
    "same": "this is the password from before",
}


def group(open_database: Callable[[Settings], Database]) -> click.Group:
    """Make the group of commands. open_database: opens and brings up to date."""

    def change(settings: Settings, work: Callable[[Any], Any]) -> Any:
        context = click.get_current_context()
        words = (context.info_name, context.params.get("name"), context.params.get("role"))
        deed = by_command("account-command", " ".join(word for word in words if word))
        try:
            with open_database(settings).write() as session:
                found = work(session)
                chain.append(session, deed, datetime.now(UTC))
                return found
        except WeakPassword as error:
            raise click.ClickException(REASONS[error.reason]) from None
        except DeskError as error:
            raise click.ClickException(str(error)) from None

    @click.group()
    def account() -> None:
        """Look after the staff's accounts."""

    @account.command("add")
    @click.argument("name")
    @click.option("--display", help="The name that customers see.")
    @click.option("--role", type=click.Choice(ROLES), default="agent", show_default=True)
    @click.pass_obj
    def add(settings: Settings, name: str, display: str | None, role: str) -> None:
        """Make an account. The password is asked for, or read from a pipe; empty makes one."""
        password = _password(name, display or name)
        now = datetime.now(UTC)
        shown = (display or name)[:64]
        change(settings, lambda session: staff.add(session, name, shown, role, password, now))
        click.echo(f"{role.capitalize()} {name} can sign in at {HOMES[role]}.")

    @account.command("list")
    @click.option("--factors", "with_factors", is_flag=True, help="Show who has a second factor.")
    @click.pass_obj
    def listing(settings: Settings, with_factors: bool) -> None:
        """List the accounts."""
        with open_database(settings).read() as session:
            having = factors.having(session)
            for one in agents.everyone(session):
                state = "active" if one.active else "closed"
                second = "\tsecond factor" if one.id in having else "\t-"
                line = f"{one.name}\t{one.display}\t{one.role}\t{state}"
                click.echo(line + (second if with_factors else ""))

    @account.command("password")
    @click.argument("name")
    @click.pass_obj
    def password(settings: Settings, name: str) -> None:
        """Give an account a new password; it is signed out everywhere."""
        wished = _password(name, name)
        change(settings, lambda session: agents.set_password(session, name, wished))
        click.echo(f"Agent {name} has a new password.")

    @account.command("reset")
    @click.argument("name")
    @click.pass_obj
    def reset(settings: Settings, name: str) -> None:
        """Draw a password to be changed at once, and take the second factor away."""
        drawn = staff.draw_password()
        change(settings, lambda session: staff.reset(session, name, drawn))
        click.echo(f"Password of {name}, shown this once, to be changed at once: {drawn}")

    @account.command("close")
    @click.argument("name")
    @click.pass_obj
    def close(settings: Settings, name: str) -> None:
        """Close an account: it is signed out, and its customers are at the front of the queue."""
        change(settings, lambda session: agents.change(session, name, active=False))
        click.echo(f"Account {name} is closed.")

    @account.command("open")
    @click.argument("name")
    @click.pass_obj
    def reopen(settings: Settings, name: str) -> None:
        """Open a closed account again."""
        change(settings, lambda session: agents.change(session, name, active=True))
        click.echo(f"Account {name} is open.")

    @account.command("role")
    @click.argument("name")
    @click.argument("role", type=click.Choice(ROLES))
    @click.pass_obj
    def role(settings: Settings, name: str, role: str) -> None:
        """Give an account another role; it has to sign in again."""
        change(settings, lambda session: agents.change(session, name, role=role))
        click.echo(f"Account {name} is an {role}'s.")

    @account.command("display")
    @click.argument("name")
    @click.argument("display")
    @click.pass_obj
    def display(settings: Settings, name: str, display: str) -> None:
        """Change the name that customers see."""
        shown = change(settings, lambda session: _shown(session, name, display))
        click.echo(f"Account {name} is shown as {shown}.")

    @account.command("tie")
    @click.argument("name")
    @click.argument("subject")
    @click.pass_obj
    def tie(settings: Settings, name: str, subject: str) -> None:
        """Say who an account is at the provider of OpenID Connect: the `sub` of their tokens."""
        if settings.oidc is None:
            raise click.ClickException("XIAOHU_OIDC_ISSUER is not set")
        issuer, now = settings.oidc.issuer, datetime.now(UTC)
        change(settings, lambda session: outside.tie(session, name, issuer, subject, now))
        click.echo(f"{name} signs in as {subject} of {issuer}.")

    @account.command("sign-out")
    @click.argument("name")
    @click.pass_obj
    def sign_out(settings: Settings, name: str) -> None:
        """End every session of an account."""

        def work(session: Any) -> None:
            sessions.sign_out_everywhere(session, agents.named(session, name).id)

        change(settings, work)
        click.echo(f"{name} is signed out everywhere.")

    return account


def _shown(session: Any, name: str, display: str) -> str:
    shown = staff.check_name(display[:64])
    agents.change(session, name, display=shown)
    return shown


def _password(name: str, display: str) -> str:
    """Ask for a password, or read one line of a pipe; an empty one is made and shown once."""
    if sys.stdin.isatty():
        password: str = click.prompt(
            "Password (empty: make one)", default="", hide_input=True, show_default=False
        )
        if password and click.prompt("Once more", hide_input=True) != password:
            raise click.ClickException("the two differ")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        password = staff.draw_password()
        click.echo(f"Password, shown this once: {password}")
    try:
        check(password, name, display)
    except WeakPassword as error:
        raise click.ClickException(REASONS[error.reason]) from None
    return password
