"""The pages of the bot's words and the company's facts: one pattern for every file of the table."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import yaml
from flask import Blueprint, Response, abort, jsonify, request

from faq import wordforms, words
from faq.editable import EDITABLE, PARTS, Editable, pageless, said
from faq.errors import FaqError, Refused
from faq.kinds import HOURS
from faq.retention import Retention
from search.errors import BadContent
from web import announcements
from web.api.requests import body
from web.console.login import agent
from web.editor import desk, way
from web.editor.bodies import RehearsalBody, WordsBody
from web.editor.page import page
from web.editor.refusals import refuse
from web.helpcenter import articles
from web.offload import offload
from web.privacy import retention
from web.problems import problem
from web.publishing import comparing, meaning, rehearsal
from web.publishing.judging import Judge
from web.publishing.roles import is_of
from web.services import services, utc_now

pages = Blueprint("editor_words", __name__, url_prefix="/editor", template_folder="templates")
blueprint = Blueprint("editor_words_api", __name__, url_prefix="/editor/api")
blueprint.register_error_handler(FaqError, refuse)
LARGEST = 512 * 1024  # bytes: the longest lists of words have their room


@blueprint.before_request
def take_long_ones() -> None:
    """Take bodies longer than others': a whole file may be edited."""
    request.max_content_length = LARGEST


@pages.get("/words")
@pages.get("/safety")
def listing() -> str:
    """List the files that somebody of this role may change."""
    mine = [file for file in EDITABLE.values() if is_of(file.name, agent().role)]
    there = [file for file in mine if (desk.data() / file.name).is_file()]
    parts = [
        {"title": said()["parts"][part], "files": [file for file in there if file.part == part]}
        for part in PARTS
    ]
    shown = [part for part in parts if part["files"]]
    lead = agent().role == "lead"
    elsewhere = {
        name: why for name, why in pageless().items() if name.startswith("safety/") == lead
    }
    return page("editor/words.html", parts=shown, path_of=_path, pageless=elsewhere)


@pages.get("/hours", defaults={"name": HOURS})
@pages.get("/words/<path:name>")
@pages.get("/safety/<path:name>")
def one(name: str) -> str:
    """Show one file as a form."""
    file = _file(name)
    stored, draft = way.stands(name)
    if stored.text is None:
        abort(404)
    text = stored.text
    try:
        fields = offload(lambda: wordforms.fields_of(file, text))
    except (ValueError, KeyError, TypeError):
        fields = None  # broken by hand: only the whole text can fix it
    return page(
        "editor/word.html",
        file=file,
        place=_path(file),
        fields=[_shown(field) for field in fields or ()],
        broken=fields is None,
        text=text,
        version=stored.version,
        base=desk.store().read(name).version,
        draft=draft,
        deeds=words.table("deeds"),
        hours_words=words.table("hours"),
        review=services().settings.review,
        variables=sorted(services().variables),
        elsewhere=name == HOURS and services().settings.hours is not None,
        here=announcements.HERE,
    )


@blueprint.post("/hours/judge", defaults={"name": HOURS})
@blueprint.post("/words/<path:name>/judge")
@blueprint.post("/safety/<path:name>/judge")
def judge(name: str) -> Response:
    """Say what is wrong with a form as it stands, and what it changes."""
    file, sent = _file(name), body(WordsBody)
    stored, _ = way.stands(name)
    text = _written(file, stored.text or "", sent)
    variables = services().variables
    published = desk.store().read(name).text
    parts = offload(
        lambda: comparing.compare(
            name, published, text, variables, lambda one: str(articles.render(one, variables))
        )
    )
    lines = [
        {"mark": line.mark, "parts": [list(part) for part in line.parts]}
        for part in comparing.worth_showing(parts)
        for line in part.lines
    ]
    return jsonify({"findings": desk.as_json(_judged(name, text)), "differing": lines[:200]})


@blueprint.post("/hours/try", defaults={"name": HOURS})
@blueprint.post("/words/<path:name>/try")
@blueprint.post("/safety/<path:name>/try")
def attempt(name: str) -> Response:
    """Say what a form as it stands would do, before it is saved."""
    file, sent = _file(name), body(RehearsalBody)
    live = desk.engine()
    if live is None:
        return problem(503, "unavailable", "search is not ready")
    stored, _ = way.stands(name)
    text = _written(file, stored.text or "", sent)
    stage = rehearsal.Stage(desk.data(), live, services().variables, utc_now())
    database = services().database

    def due(kept: Retention) -> dict[str, int]:
        with database.read() as session:
            return retention.due(session, kept, stage.now)

    def work() -> tuple[list[rehearsal.Told], list[str]]:
        if file.tries == "show":
            return rehearsal.show(file, text, sent.path, sent.said, stage)
        if file.tries == "all":
            return rehearsal.ask_all(text, stage), []
        if file.tries == "when":
            return rehearsal.when(text, _moment(sent.message, stage.now), stage), []
        if file.tries == "means":
            return meaning.means(file, text, stage.data, due), []
        return rehearsal.hear(file, text, sent.message, stage), []

    try:
        told, buttons = offload(work)
    except (BadContent, ValueError, KeyError, TypeError, LookupError, re.error, yaml.YAMLError):
        return jsonify({"told": None})  # what is wrong stands under 检查
    return jsonify({"told": [_said(one) for one in told], "buttons": buttons})


@blueprint.put("/hours", defaults={"name": HOURS})
@blueprint.put("/words/<path:name>")
@blueprint.put("/safety/<path:name>")
def save(name: str) -> Response:
    """Save a form over the version that the editor saw; nothing bad is saved."""
    file, sent = _file(name), body(WordsBody)
    before, _ = way.expect(name, sent.version)
    text = _written(file, before.text or "", sent)
    wish = way.Wish.to_save(name, text, sent)
    kept = way.carry_out(wish, lambda: _judged(name, text))
    return jsonify({**kept.as_json(), "findings": desk.as_json(kept.findings)})


def _file(name: str) -> Editable:
    file = EDITABLE.get(name)
    if file is None or not is_of(name, agent().role):
        abort(404)
    return file


def _path(file: Editable) -> str:
    if file.name == HOURS:
        return "hours"
    return f"{'safety' if file.lead else 'words'}/{file.name}"


def _written(file: Editable, before: str, sent: WordsBody) -> str:
    """Return the file as the form says; its whole text where that was edited."""
    if sent.text is not None:
        return sent.text.replace("\r\n", "\n").rstrip() + "\n"
    values = {tuple(field.path): field.value for field in sent.values}
    try:
        return offload(lambda: wordforms.apply(file, before, values))
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{file.name}: {error}") from None


def _judged(name: str, text: str) -> list[Any]:
    judges, day = Judge(desk.data(), desk.engine()), desk.today()
    forbidden = services().contacts.forbidden
    return offload(lambda: judges.text(name, text, day, forbidden))


def _moment(typed: str, now: datetime) -> datetime:
    """Read a time as the page's field gives it, at the wallet's customers; now where it is none."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=announcements.HERE)
    except ValueError:
        return now


def _said(told: rehearsal.Told) -> dict[str, str]:
    live = desk.engine()
    faq = live.generation.content.find(told.text) if live and told.kind == "faq" else None
    if faq is None and told.kind != "said":
        return {"kind": told.kind, "html": "", "text": told.text}
    text = told.text if faq is None else faq.short
    web = services()
    shown = articles.render(text, web.variables, web.pictures.shown, web.settings.link_places)
    return {"kind": told.kind, "html": str(shown), "text": ""}


def _shown(field: wordforms.Field) -> dict[str, Any]:
    """Lay a field out: its label apart from the part of the file that it stands in."""
    names = said()["labels"]
    label = [str(names.get(name, name)) for name in field.label]
    head = label[0] if len(label) > 1 else ""
    value: Any = json.loads(str(field.value)) if field.kind == "hours" else field.value
    rows = len(value.split("\n")) if isinstance(value, str) else 0
    return {
        "path": list(field.path),
        "kind": field.kind,
        "head": head,
        "label": " › ".join(label[1:] if head else label),
        "value": value,
        "rows": min(max(rows + 1, 3), 24),
    }
