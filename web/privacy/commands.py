"""`python -m web privacy …`: a customer's copy, erasure, and what is too old."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import click

from web.audit import chain
from web.audit.commands import by_command
from web.desk import reasons
from web.desk.database import Database
from web.desk.errors import DeskError, ThinReason
from web.desk.vault import Vault
from web.privacy import correction, erasure, retention, seal
from web.privacy.unsealed import Unsealed
from web.settings import Settings


def _says(context: click.Context, option: click.Parameter, text: str) -> str:
    try:
        return reasons.require(text)
    except ThinReason as error:
        raise click.BadParameter(str(error)) from None


def group(open_database: Callable[[Settings], Database]) -> click.Group:
    """Make the group of commands."""

    @click.group()
    def privacy() -> None:
        """Carry out customers' rights and the limits of data/retention.yml."""

    def which(database: Database, case: str | None, subject: str | None) -> list[str]:
        if (case is None) == (subject is None):
            raise click.ClickException("give either --case or --identity")
        try:
            with database.read() as session:
                if case is not None:
                    return erasure.of_case(session, case)
                return erasure.of_subject(session, subject or "")
        except DeskError as error:
            raise click.ClickException(str(error)) from None

    def record(database: Database, settings: Settings, action: str, case: str | None,
               subject: str | None, reason: str) -> None:  # fmt: skip
        # An identity stands in the record as a keyed hash: the record can't forget.
        mark = Vault((settings.secret_key,)).fingerprints(subject or "")[0][:16]
        done = by_command(action, case or f"identity:{mark}", reason)
        with database.write() as session:
            chain.append(session, done, datetime.now(UTC))

    @privacy.command("copy")
    @click.option("--case", help="The number of a case.")
    @click.option("--identity", help="The customer's id, as the wallet signs it.")
    @click.option("--reason", required=True, callback=_says, help="Why, for the record.")
    @click.pass_obj
    def copy(settings: Settings, case: str | None, identity: str | None, reason: str) -> None:
        """Print all that is kept of a customer, as JSON."""
        database = open_database(settings)
        ids = which(database, case, identity)
        vault = Vault((settings.secret_key, *settings.old_secret_keys))
        record(database, settings, "copy", case, identity, reason)
        with database.read() as session:
            found = erasure.copy(session, ids, vault)
        click.echo(json.dumps({"conversations": found}, ensure_ascii=False, indent=2))

    @privacy.command("correct")
    @click.option("--case", help="The number of a case.")
    @click.option("--identity", help="The customer's id, as the wallet signs it.")
    @click.option("--name", help="The name that is shown of the customer from now on.")
    @click.option("--set", "wished", multiple=True, metavar="FIELD=TEXT",
                  help="A field of the card; without a text it is cleared.")  # fmt: skip
    @click.option("--reason", required=True, callback=_says, help="Why, for the record.")
    @click.pass_obj
    def correct(
        settings: Settings, case: str | None, identity: str | None, name: str | None,
        wished: tuple[str, ...], reason: str,
    ) -> None:  # fmt: skip
        """Put right what is kept about a customer: the name, and what the cards say."""
        database = open_database(settings)
        ids = which(database, case, identity)
        fields = {key: text for key, _, text in (one.partition("=") for one in wished)}
        try:
            with database.write() as session:
                done = correction.correct(session, ids, name, fields, datetime.now(UTC))
        except ValueError as error:
            raise click.ClickException(str(error)) from None
        record(database, settings, "correct", case, identity, reason)
        click.echo(f"{done} conversations are corrected.")

    @privacy.command("erase")
    @click.option("--case", help="The number of a case.")
    @click.option("--identity", help="The customer's id, as the wallet signs it.")
    @click.option("--reason", required=True, callback=_says, help="Why, for the record.")
    @click.option("--yes", is_flag=True, help="Don't ask.")
    @click.pass_obj
    def erase(
        settings: Settings, case: str | None, identity: str | None, reason: str, yes: bool
    ) -> None:
        """Erase a customer's conversations for good: database, pictures, emails, bot's memory."""
        database = open_database(settings)
        ids = which(database, case, identity)
        if not yes:
            click.confirm(f"Erase {len(ids)} conversations for good?", abort=True)
        record(database, settings, "erase", case, identity, reason)
        gone = erasure.erase(database, settings.pictures, settings.bot_memory, ids, identity)
        click.echo(f"{gone} conversations are erased.")

    @privacy.command("sweep")
    @click.pass_obj
    def sweep(settings: Settings) -> None:
        """Delete now what data/retention.yml says is too old."""
        try:
            kept = retention.read(settings.data / "retention.yml")
        except retention.BadRetention as error:
            raise click.ClickException(str(error)) from None
        now, folder = datetime.now(UTC), settings.pictures
        database = open_database(settings)
        gone = retention.carry_out(database, kept, folder, settings.bot_memory, now)
        for name, count in gone.items():
            click.echo(f"{name}\t{count}")

    @privacy.command("seal")
    @click.pass_obj
    def seal_now(settings: Settings) -> None:
        """Seal at once what still lies in the open from before; web does it bit by bit."""
        database = open_database(settings)
        count = seal.catch_up(database, None)
        rest = Unsealed(database, settings.pictures)
        while not rest.is_over:
            rest.go_on()
        told = f"{rest.sealed} cards and pictures, {rest.words} texts, {rest.identities} identities"
        click.echo(f"{count} events, {told} are sealed.")

    return privacy
