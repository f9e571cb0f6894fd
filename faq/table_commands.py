"""Commands that take content in from files of other programs, and give it out to them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from faq import words
from faq.terminal import open_or_none, today
from search import Settings


@click.command("import")
@click.argument("table", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.option("--no-rank", is_flag=True, help="Leave out what has to be ranked (fast).")
@click.pass_obj
def bring_in(settings: Settings, table: Path, dry_run: bool, no_rank: bool) -> None:
    """Import FAQs from .xlsx or .csv; exit code 1 when a row has an error (good rows go in)."""
    from faq import exchange, importing

    engine = None if no_rank else open_or_none(settings)
    found = importing.bring_in(settings.data, table, today(), engine, write=not dry_run)
    for row, why in found.errors:
        click.echo(words.say("table.row", row=row, why=why))
    heads = exchange.columns()
    told = "，".join(f"{heads[name]} ← {head}" for name, head in found.columns)
    click.echo(words.say("table.told", columns=told), err=True)
    counts = {name: len(getattr(found, name)) for name in ("added", "changed", "same", "errors")}
    click.echo(words.say("table.summary", rows=found.rows, **counts))
    if dry_run:
        click.echo(words.say("table.dry"))
    sys.exit(1 if found.errors else 0)


@click.command("new-company")
@click.option(
    "--from",
    "table",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A table: .xlsx, .xls, .ods, .csv, .tsv, .txt.",
)
@click.option("--to", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", help="The company's name; that of the folder when left out.")
@click.option(
    "--column", "said", multiple=True, help="NAME=HEAD, e.g. 问题=常见问题, or NAME=C; repeatable."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.pass_obj
def new_company(
    settings: Settings,
    table: Path,
    to: Path,
    name: str | None,
    said: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Make another company's content folder from its table of questions and answers.

    Exit code 1 when a row has an error (good rows go in).
    """
    from faq import company, exchange

    heads = exchange.columns()
    columns = exchange.said(said)
    made = company.found(table, to, settings.data, today(), name, columns, write=not dry_run)
    told = "，".join(f"{heads.get(name, name)} ← {head}" for name, head in made.told)
    click.echo(words.say("table.told", columns=told), err=True)
    for line in (*made.notes, *made.errors):
        click.echo(line, err=True)
    if dry_run:
        click.echo(words.say("table.dry"))
    else:
        counts = {"count": len(made.written), "categories": len(made.categories)}
        click.echo(words.say("company.done", folder=to, **counts))
        click.echo(words.say("company.next", folder=to))
    sys.exit(1 if made.errors else 0)


@click.command("export")
@click.argument("table", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def export(settings: Settings, table: Path) -> None:
    """Export all FAQs to .xlsx or .csv."""
    from faq import exchange
    from search.content import read_content

    content = read_content(settings.data)
    titles = {part.id: part.title for part in content.categories}
    count = exchange.write_table(content.faqs.values(), titles, table)
    click.echo(words.say("table.exported", count=count, path=table))


@click.group("voices")
def voices_group() -> None:
    """The rows of data/voices/: how customers of many kinds ask."""


@voices_group.command("import")
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--author", required=True, help="A place and a trade, such as chengdu-shopkeeper.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.pass_obj
def take_voices(settings: Settings, source: Path, author: str, dry_run: bool) -> None:
    """Take in one author's rows: sections `## <faq-id>` or `## beyond: <topic>`, a row a line.

    Exit code 1 when a section names neither an FAQ nor a topic (the others go in).
    """
    from faq import checking, voices
    from search.content import read_content

    content, normalise = read_content(settings.data), checking.normaliser()
    found = voices.take(content, settings.data, source, author, normalise, write=not dry_run)
    for text, folder, other in found.claimed:
        click.echo(words.say("voices.claimed", text=text, folder=folder, other=other))
    for name, count in found.unknown.items():
        click.echo(words.say("voices.unknown", name=name, count=count))
    added, folders = found.added.total(), len(found.added)
    counts = {"added": added, "folders": folders, "known": found.known, "near": found.near}
    click.echo(words.say("voices.summary", **counts))
    if dry_run:
        click.echo(words.say("table.dry"))
    sys.exit(1 if found.unknown else 0)
