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
from faq.table_commands import bring_in, export, new_company, voices_group
from faq.terminal import open_or_none, progress, today
from search import SearchError, Settings, open_engine


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
@click.option("--fix", is_flag=True, help="Fix what needs no thought.")
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
    from faq import checking, fixing

    fixed = fixing.fix(settings.data) if fix else []
    engine = None if no_rank else open_or_none(settings)
    found = checking.check(settings.data, today(), engine)
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

    found = trying.attempt(open_engine(settings, progress=progress), text, limit)
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
    from faq import comparing, customers, golden

    goldens, _ = golden.read(settings.data)
    texts = [line.strip() for line in asked or () if line.strip()]
    texts += customers.last_questions(settings)
    after = open_engine(settings, progress=progress)
    with comparing.revision_engine(settings, against, progress) as before:
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
        progress(words.say("confusions.progress", done=done + 1, total=total))

    engine = open_engine(settings, progress=progress)
    judged = list(judge_unseen(engine.generation, told))
    if as_json:
        click.echo(json.dumps(confusing.as_json(judged), ensure_ascii=False, indent=1))
        return
    for line in confusing.lines(judged, engine):
        click.echo(line)


@main.command()
@click.option("--days", default=28, show_default=True, help="How far back.")
@click.option(
    "--format", "form", type=click.Choice(["md", "csv", "xlsx"]), default="md", show_default=True
)
@click.option("--letter", is_flag=True, help="The letter to the product team, of one page.")
@click.option("--drafts", type=click.Path(path_type=Path), help="Write a file per cluster there.")
@click.pass_obj
def report(settings: Settings, days: int, form: str, letter: bool, drafts: Path | None) -> None:
    """Report what customers asked, and what to write next."""
    from faq import checking, customers, letters, publishing, reporting
    from search.content import read_content
    from search.reading.encoder import encoder_of

    if drafts is not None:
        reporting.refuse_live(settings.data, drafts)
    end = today()
    begin = end - dt.timedelta(days=days - 1)
    source = customers.Source.of(settings)
    content = read_content(settings.data)
    questions, votes, told = list(source.read()), source.votes(), source.opinions()

    def make(first: dt.date, last: dt.date) -> reporting.Report:
        normalise, encode = checking.normaliser(), encoder_of(settings)
        return reporting.make(questions, votes, content.faqs, first, last, normalise, told, encode)

    made = make(begin, end)
    if letter:
        before = make(begin - dt.timedelta(days=days), begin - dt.timedelta(days=1))
        click.echo(letters.as_letter(made, before), nl=False)
    elif form == "xlsx":
        click.echo(publishing.as_workbook(made), nl=False)
    else:
        text = publishing.as_markdown(made) if form == "md" else publishing.as_csv(made)
        click.echo(text, nl=False)
    if drafts is not None:
        reporting.write_drafts(made, drafts)


for command in (bring_in, new_company, export, voices_group, pictures):
    main.add_command(command)


def _show(settings: Settings, found: list[Finding], fixed: int) -> None:
    for item in found:
        click.echo(str(item))
    if fixed:
        click.echo(words.say("fixed", count=fixed))
    bad = len(errors(found))
    total = sum(1 for _ in (settings.data / "faq").glob("*/*.md"))
    click.echo(words.say("summary", files=total, errors=bad, warnings=len(found) - bad))


if __name__ == "__main__":
    main(prog_name="python -m faq")
