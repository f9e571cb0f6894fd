"""`python -m faq pictures`: draw what is described, and list what has no picture yet."""

from __future__ import annotations

import sys

import click

from faq import words
from search import Settings


@click.group("pictures")
def pictures() -> None:
    """The articles' pictures, in data/pictures."""


@pictures.command("draw")
@click.pass_obj
def draw(settings: Settings) -> None:
    """Draw data/pictures/<name>.svg from each <name>.yml."""
    from faq.pictures import drawn

    count, changed = drawn.draw(settings.data)
    click.echo(words.say("drawing.drawn", count=count, changed=changed))


@pictures.command("missing")
@click.option("--strict", is_flag=True, help="Exit with 1 where there are any.")
@click.pass_obj
def missing(settings: Settings, strict: bool) -> None:
    """List the FAQs that have steps and no picture."""
    from faq.pictures import drawn
    from search.content import read_content
    from search.pictures import PICTURE

    faqs = list(read_content(settings.data).faqs.values())
    shown = [match["to"] for faq in faqs for match in PICTURE.finditer(faq.answer)]
    having = sum(bool(PICTURE.search(faq.answer)) for faq in faqs)
    click.echo(words.say("drawing.shown", pictures=len(set(shown)), faqs=having))
    found = drawn.bare(faqs)
    click.echo(words.say("drawing.missing", count=len(found)))
    for faq in found:
        click.echo(f"  {faq.category}/{faq.id}  {faq.question}")
    sys.exit(1 if strict and found else 0)
