"""What customers ask next about an FAQ, as a form and back into its file."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from faq.errors import Refused
from faq.writing import open_yaml, quoted, texts


def form_of(text: str | None) -> list[dict[str, Any]]:
    """List the points of a file, none for a file that is not there; raises Refused.

    `at` is the place of a point in the file.
    """
    return [
        {"at": at, "asks": [str(ask) for ask in one["asks"]], "says": str(one["says"])}
        for at, one in enumerate(_load(text))
    ]


def apply(text: str | None, form: Sequence[Mapping[str, Any]], head: str = "") -> str:
    """Return the file as a form has it; raises Refused.

    Points that did not change stay as they were written. head: the comment above a new file.
    """
    old = _load(text)
    made = [_written(old, one) for one in form]
    if [id(one) for one in made] != [id(one) for one in old]:
        comment = old.ca.comment
        old.clear()
        old.extend(made)
        old.ca.comment = comment
    out = io.StringIO()
    open_yaml().dump(old, out)
    # The points stand at the margin, what is in them is indented.
    lines = out.getvalue().splitlines()
    if all(line.startswith(("  ", "#")) or not line.strip() for line in lines):
        lines = [line.removeprefix("  ") for line in lines]
    above = [f"# {head}"] if text is None and head else []
    return "\n".join([*above, *lines, ""])


def _load(text: str | None) -> CommentedSeq:
    try:
        found = open_yaml().load(text) if text is not None else CommentedSeq()
    except YAMLError as error:
        raise Refused(f"the points are no YAML: {error}") from None
    if not isinstance(found, CommentedSeq) or not all(
        isinstance(one, Mapping) and isinstance(one.get("asks"), list) and "says" in one
        for one in found
    ):
        raise Refused("the file is no list of points")
    return found


def _written(old: Sequence[CommentedMap], form: Mapping[str, Any]) -> CommentedMap:
    at, says = form["at"], " ".join(str(form["says"]).split())
    asks = list(texts(form["asks"]))
    if at is not None and 0 <= at < len(old):
        node: CommentedMap = old[at]
        if [str(ask) for ask in node["asks"]] != asks:
            node["asks"] = CommentedSeq([quoted(ask) for ask in asks])
        if str(node["says"]) != says:
            node["says"] = quoted(says)
        return node
    return CommentedMap(asks=CommentedSeq([quoted(ask) for ask in asks]), says=quoted(says))
