"""`python -m faq`: check, try, compare, report and exchange the help center's content."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import IO

import click

from faq import words
from faq.errors import FaqError
from faq.findings import Finding, errors
from faq.pictures.commands import pictures
from search import Engine, SearchError, Settings, day_here, open_engine


class _Group(click.Group):
    """Turns the errors that are meant for editors into one line and exit code 2."""

    def invoke(self, context: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(context)
        except (FaqError, SearchError) as error:
            click.echo(str(error), err=True)
            context.exit(2)


@click.group(cls=_Group)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Content folder.")
@click.pass_context
def main(context: click.Context, data: Path | None) -> None:
    """Tools for the content editors of the help center.

    Exit codes: 0 nothing wrong, 1 errors found (or a golden question lost), 2 cannot run.
    """
    settings = Settings.from_env()
    context.obj = Settings(data or settings.data, settings.index)


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--fix", is_flag=True, help="Mend what needs no thought.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--no-rank", is_flag=True, help="Leave out what has to be ranked (fast).")
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.pass_obj
def check(
    settings: Settings,
    files: tuple[Path, ...],
    fix: bool,
    as_json: bool,
    no_rank: bool,
    strict: bool,
) -> None:
    """Check the content; FILES narrow what is printed (for a pre-commit hook)."""
    from faq import checking, mending

    fixed = mending.fix(settings.data) if fix else []
    engine = None if no_rank else _open(settings)
    found = checking.check(settings.data, _today(), engine)
    if files:
        wanted = {path.resolve() for path in files}
        found = [item for item in found if item.path.resolve() in wanted]
    if as_json:
        print(
            json.dumps(
                {
                    "findings": [item.as_json() for item in found],
                    "errors": len(errors(found)),
                    "fixed": [str(path) for path in fixed],
                },
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        _show(settings, found, len(fixed))
    sys.exit(1 if errors(found) or (strict and found) else 0)


@main.command("try")
@click.argument("text")
@click.option("--limit", default=3, show_default=True, help="Owners to account for.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def attempt(settings: Settings, text: str, limit: int, as_json: bool) -> None:
    """Show how a message is understood and ranked, and why."""
    from faq import trying

    found = trying.attempt(open_engine(settings, progress=_progress), text, limit)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for line in trying.lines(found):
            click.echo(line)


@main.command()
@click.option("--against", default="HEAD", show_default=True, help="A git revision.")
@click.option("--asked", type=click.File(encoding="utf-8"), help="Further questions, one a line.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def diff(settings: Settings, against: str, asked: IO[str] | None, as_json: bool) -> None:
    """Compare answers between the working files and a git revision.

    Golden questions and the last customers' questions are asked on both sides. Exit code 1: a
    golden question lost its FAQ.
    """
    from faq import asked as customers
    from faq import comparing, golden

    goldens, _ = golden.read(settings.data)
    texts = [line.strip() for line in asked or () if line.strip()]
    texts += customers.last_questions(settings)
    after = open_engine(settings, progress=_progress)
    with comparing.revision_engine(settings, against, _progress) as before:
        changes, total = comparing.compare(before, after, goldens, texts)
        if as_json:
            found = {"asked": total, "changes": [change.as_json() for change in changes]}
            click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            for line in comparing.lines(changes, total, before, after):
                click.echo(line)
    sys.exit(1 if any(change.worse for change in changes) else 0)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def confusions(settings: Settings, as_json: bool) -> None:
    """Show which FAQs take each other's questions (cross-validation; about half a minute)."""
    from faq import confusing
    from search.confusions import judge_unseen

    def told(done: int, total: int) -> None:
        _progress(words.say("confusions.progress", done=done + 1, total=total))

    engine = open_engine(settings, progress=_progress)
    judged = list(judge_unseen(engine.generation, told))
    if as_json:
        click.echo(json.dumps(confusing.as_json(judged), ensure_ascii=False, indent=1))
        return
    for line in confusing.lines(judged, engine):
        click.echo(line)


@main.command()
@click.option("--days", default=28, show_default=True, help="How far back.")
@click.option("--format", "form", type=click.Choice(["md", "csv"]), default="md", show_default=True)
@click.option("--drafts", type=click.Path(path_type=Path), help="Write a file per cluster there.")
@click.pass_obj
def report(settings: Settings, days: int, form: str, drafts: Path | None) -> None:
    """Report what customers asked, and what to write next."""
    from faq import asked, checking, publishing, reporting
    from search.content import read_content

    if drafts is not None:
        reporting.refuse_live(settings.data, drafts)
    end = _today()
    begin = end - dt.timedelta(days=days - 1)
    source = asked.Source.of(settings)
    content = read_content(settings.data)
    made = reporting.make(
        list(source.read()),
        source.votes(),
        content.faqs,
        begin,
        end,
        checking.normaliser(),
        source.opinions(),
    )
    click.echo(publishing.as_markdown(made) if form == "md" else publishing.as_csv(made), nl=False)
    if drafts is not None:
        reporting.write_drafts(made, drafts)


@main.command("import")
@click.argument("table", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.option("--no-rank", is_flag=True, help="Leave out what has to be ranked (fast).")
@click.pass_obj
def bring_in(settings: Settings, table: Path, dry_run: bool, no_rank: bool) -> None:
    """Import FAQs from .xlsx or .csv; exit code 1 when a row has an error (good rows go in)."""
    from faq import exchange, importing

    engine = None if no_rank else _open(settings)
    found = importing.bring_in(settings.data, table, _today(), engine, write=not dry_run)
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


@main.command("new-company")
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
    made = company.found(table, to, settings.data, _today(), name, columns, write=not dry_run)
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


@main.command("export")
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


@main.group("voices")
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
    click.echo(words.say("voices.summary", added=added, folders=folders, known=found.known))
    if dry_run:
        click.echo(words.say("table.dry"))
    sys.exit(1 if found.unknown else 0)


main.add_command(pictures)


def _progress(step: str) -> None:
    click.echo(f"{step} …", err=True)


def _show(settings: Settings, found: list[Finding], fixed: int) -> None:
    for item in found:
        click.echo(str(item))
    if fixed:
        click.echo(words.say("fixed", count=fixed))
    bad = len(errors(found))
    total = sum(1 for _ in (settings.data / "faq").glob("*/*.md"))
    click.echo(words.say("summary", files=total, errors=bad, warnings=len(found) - bad))


def _open(settings: Settings) -> Engine | None:
    """Open the engine on the content; None when the content is too broken to be ranked."""
    try:
        return open_engine(settings, progress=_progress)
    except SearchError:
        return None


def _today() -> dt.date:
    return day_here(dt.datetime.now(dt.timezone.utc))


if __name__ == "__main__":
    main(prog_name="python -m faq")
