"""Every kind of content file beside the FAQs and the index's own, each with its one reader.

The running web and bot read by these, `faq check` judges by them, and what is no good for the one
is told by the other. The FAQs, variables, categories and the ranking's lexicon are read together,
by search.content; the guided flows by faq.flows.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from faq import brand, retention, templates, tips, wallet
from search.dialogue import DETAILS, REPLIES, read_details, read_replies
from search.errors import BadContent, Problem
from search.files import Unreadable, read_file
from search.kept import load_mapping, load_texts, load_yaml
from search.reasons import because
from web.desk import links
from web.desk.forbidden import Forbidden
from web.desk.hours import BadHours, Hours
from web.desk.measures.goals import BadGoals, Goals
from web.desk.reviews.form import BadForm, Form

HOURS = "hours.yml"
GOALS = "goals.yml"
REVIEW = "review.yml"
CANNED = "canned.yml"
FALLBACK = "fallback.yml"
FORBIDDEN = "lexicon/forbidden_asks.yml"
WALLET = "wallet.yml"


def read_hours(path: Path, raw: bytes) -> Hours:
    """Read the opening hours; raises BadContent."""
    found = load_yaml(path, raw)
    try:
        return Hours.of(found, path)
    except BadHours as error:
        detail = str(error).removeprefix(f"{path}: ")
        code = f"hours-{error.kind}" if error.kind else "hours"
        reason = because(code, detail=detail, value=error.value)
        fix = 'write days such as mon-fri and times such as "09:00-18:00"'
        raise BadContent((Problem(path, 1, reason, fix),)) from None


def read_goals(path: Path, raw: bytes) -> Goals:
    """Read what the desk is measured against; raises BadContent."""
    found = load_yaml(path, raw)
    try:
        return Goals.of(found)
    except BadGoals as error:
        reason = because(f"goals-{error.kind}", **error.values)
        raise BadContent((Problem(path, 1, reason, "write `answer_seconds: 60`"),)) from None


def read_review(path: Path, raw: bytes) -> Form:
    """Read the form by which conversations are judged; raises BadContent."""
    found = load_yaml(path, raw)
    try:
        return Form.of(found)
    except BadForm as error:
        reason = because(f"review-{error.kind}", **error.values)
        fix = "write `criteria:` with `id: {title, hint, points}` entries"
        raise BadContent((Problem(path, 1, reason, fix),)) from None


def read_forbidden(path: Path, raw: bytes, hosts: Collection[str] | None = None) -> Forbidden:
    """Read the table of what nobody may ask for; raises BadContent.

    hosts: where links may lead; None, those of the environment's settings.
    """
    found = load_mapping(path, raw)
    try:
        return Forbidden(found, links.hosts(os.environ) if hosts is None else hosts)
    except (KeyError, TypeError, AttributeError, re.error) as error:
        reason = because("forbidden-table", detail=error)
        raise BadContent(
            (Problem(path, 1, reason, "compare it with an earlier version"),)
        ) from None


READERS: Mapping[str, Callable[[Path, bytes], Any]] = {
    brand.FILE: brand.read,
    HOURS: read_hours,
    GOALS: read_goals,
    REVIEW: read_review,
    CANNED: templates.read,
    FALLBACK: load_texts,
    FORBIDDEN: read_forbidden,
    WALLET: wallet.read,
    tips.FILE: tips.read,
    retention.FILE: retention.read,
    DETAILS: read_details,
    REPLIES: read_replies,
}
# What web has no use for itself.
BOT = (DETAILS, REPLIES)


def problems(data: Path, names: Iterable[str] = tuple(READERS)) -> Iterator[Problem]:
    """Say what is wrong with the folder's files of these kinds; one that is not there is none."""
    for name in names:
        path, read = data / name, READERS[name]
        try:
            read(path, read_file(path))
        except FileNotFoundError:
            if path.is_symlink():
                yield Problem(path, 1, because("dead-link"), "put the file there")
        except Unreadable as error:
            yield Problem(path, 1, error.reason, error.fix)
        except BadContent as error:
            yield from error.problems
