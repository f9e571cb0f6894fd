"""Pictures in Markdown: `![what is to be seen](name)`; who cannot see one reads its words."""

from __future__ import annotations

import re
from collections.abc import Callable

FOLDER = "pictures"  # below the content folder: the one place of the articles' pictures
PICTURE = re.compile(r"!\[(?P<words>[^\]\n]*)\]\(\s*(?P<to>[^)\s]*)[^)\n]*\)")
_ALONE = re.compile(r"^[ \t]*(?:!\[[^\]\n]*\]\([^)\n]*\)[ \t]*)+(?:\n|\Z)", re.MULTILINE)


def without(markdown: str) -> str:
    """Leave the pictures out, and the lines that hold nothing else."""
    if "![" not in markdown:
        return markdown
    return PICTURE.sub("", _ALONE.sub("", markdown))


def in_words(markdown: str, form: str = "[{words}]") -> str:
    """Put each picture's words in its place, for e-mails and other plain texts.

    form: how they are set off; a picture without words is left out.
    """
    return replace(markdown, lambda words, to: form.format(words=words) if words else "")


def replace(markdown: str, made: Callable[[str, str], str]) -> str:
    """Replace each picture by what is made of its words and its target."""
    if "![" not in markdown:
        return markdown
    return PICTURE.sub(lambda match: made(match["words"].strip(), match["to"]), markdown)
