"""`python -m web audit verify`, and what commands write down themselves."""

from __future__ import annotations

import getpass
from collections.abc import Callable

import click
from sqlalchemy.orm import Session

from web.audit import chain
from web.audit.chain import Deed
from web.desk.database import Database
from web.settings import Settings


def by_command(action: str, target: str, reason: str = "") -> Deed:
    """Describe what the operator does by a command."""
    try:
        who = getpass.getuser()
    except (OSError, KeyError):
        who = "?"
    return Deed(who=f"command:{who}", action=action, object=target, reason=reason)


def group(open_database: Callable[[Settings], Database]) -> click.Group:
    """Make the group of commands."""

    @click.group()
    def audit() -> None:
        """Check the record of who did what."""

    @audit.command("verify")
    @click.option("--expect", help="NUMBER:HASH of an entry, as noted elsewhere before.")
    @click.pass_obj
    def verify(settings: Settings, expect: str | None) -> None:
        """Check that no entry was changed, taken out or cut off; prints NUMBER:HASH to be noted."""
        noted = None
        if expect:
            number, _, value = expect.partition(":")
            if not number.isdigit():
                raise click.ClickException("--expect is NUMBER:HASH")
            noted = (int(number), value)
        with open_database(settings).read() as session:
            verdict = _checked(session, noted)
        if verdict.wrong is not None:
            raise click.ClickException(f"entry {verdict.wrong}: {verdict.why}")
        click.echo(f"{verdict.entries} entries hold; note elsewhere:")
        click.echo(f"{verdict.entries}:{verdict.head}")

    return audit


def _checked(session: Session, noted: tuple[int, str] | None) -> chain.Verdict:
    return chain.verify(session, noted)
