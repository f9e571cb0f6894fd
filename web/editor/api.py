"""The editor page's JSON: judge, preview, try, save, history, announcements."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import NotFound

from faq import checking, neighbours, notices, trying
from faq.errors import Collision, FaqError, NoRevision, Refused
from faq.history import Version
from faq.writing import Draft, compose
from search.documents import read_faq
from web import announcements
from web.api.requests import body
from web.console.login import agent
from web.editor import desk
from web.editor.bodies import DraftBody, NoticeBody, RollbackBody, TryBody, VersionBody
from web.editor.offload import offload
from web.helpcenter import articles
from web.problems import problem
from web.services import services, utc_now

blueprint = Blueprint("editor_api", __name__, url_prefix="/editor/api")


@blueprint.errorhandler(FaqError)
def refuse(error: FaqError) -> Response:
    """Say what cannot be done, and in a collision what stands there now."""
    if isinstance(error, Collision):
        return problem(
            409,
            "changed-meanwhile",
            str(error),
            title="Somebody saved this in between",
            now=error.now,
            version=error.version,
        )
    if isinstance(error, NoRevision):
        return problem(404, "not-found", str(error))
    return problem(422, "refused", str(error), title="This cannot be saved")


@blueprint.post("/judge")
def judge() -> Response:
    """Give a draft's findings and what it looks like."""
    draft = body(DraftBody).draft(desk.today())
    found = desk.judge(draft)
    variables = services().variables
    return jsonify(
        {
            "findings": [item.as_json() | {"path": item.path.name} for item in found],
            "lead": articles.render(draft.answer.split("\n\n", 1)[0], variables),
            "rest": articles.render("\n\n".join(draft.answer.split("\n\n")[1:]), variables),
            "question": draft.question,
            "urgent": draft.urgent,
        }
    )


@blueprint.post("/try")
def attempt() -> Response:
    """Rank a message, on a draft where there is one."""
    sent = body(TryBody)
    live = desk.engine()
    if live is None:
        return problem(503, "unavailable", "search is not ready")
    draft = sent.draft.draft(desk.today()) if sent.draft else None

    def work() -> dict[str, Any]:
        seen = live.preview({draft.name: compose(draft)}) if draft else live
        return trying.attempt(seen, sent.text)

    return jsonify(offload(work))


@blueprint.post("/neighbours")
def near() -> Response:
    """List customers' questions near a draft."""
    draft = body(DraftBody).draft(desk.today())
    asked = desk.recent_questions()
    own = (draft.question, *draft.similar)
    found = offload(lambda: neighbours.neighbours(own, asked, draft.id, checking.normaliser()))
    return jsonify(
        {
            "neighbours": [
                {"text": item.text, "times": item.times, "near": item.near, "faq": item.faq_id}
                for item in found
            ]
        }
    )


@blueprint.put("/faqs/<faq_id>")
def save(faq_id: str) -> Response:
    """Save a draft over the version that the editor saw; nothing bad is saved."""
    sent = body(DraftBody)
    if sent.id != faq_id:
        raise Refused("the id is not the address's")
    return _saved(sent.draft(desk.today()), sent.version)


@blueprint.delete("/faqs/<category>/<faq_id>")
def delete(category: str, faq_id: str) -> Response:
    """Delete an FAQ of the version that the editor saw."""
    sent = body(VersionBody)
    name = f"faq/{category}/{faq_id}.md"
    desk.store().delete(name, sent.version, agent().display, utc_now())
    _take_up()
    return jsonify({"deleted": faq_id})


@blueprint.get("/faqs/<category>/<faq_id>/versions")
def versions(category: str, faq_id: str) -> Response:
    """List the earlier versions."""
    return jsonify({"versions": _versions(f"faq/{category}/{faq_id}.md")})


@blueprint.get("/faqs/<category>/<faq_id>/versions/<revision>")
def version(category: str, faq_id: str, revision: str) -> Response:
    """Give the text of an earlier version."""
    name = f"faq/{category}/{faq_id}.md"
    return jsonify({"text": desk.store().text_of(name, revision)})


@blueprint.post("/faqs/<category>/<faq_id>/rollback")
def roll_back(category: str, faq_id: str) -> Response:
    """Bring an earlier version back, as a new one."""
    sent = body(RollbackBody)
    name = f"faq/{category}/{faq_id}.md"
    text = desk.store().text_of(name, sent.revision)
    live = desk.engine()
    known = frozenset(live.variables) if live else frozenset(services().variables)
    faq, problems = read_faq(desk.data() / name, text, known)
    if faq is None:
        raise Refused("; ".join(f"{item.line}: {item.reason}" for item in problems))
    return _saved(Draft.of(faq), sent.version, text)


@blueprint.put("/announcements/<notice_id>")
def announce(notice_id: str) -> Response:
    """Save an announcement."""
    sent = body(NoticeBody)
    if sent.id != notice_id:
        raise Refused("the id is not the address's")
    text = notices.compose(sent.notice(announcements.HERE))
    return _announced(notice_id, text, sent.version)


@blueprint.post("/announcements/<notice_id>/end")
def end(notice_id: str) -> Response:
    """End an announcement now."""
    sent = body(VersionBody)
    found = next((item for item in announcements.every(desk.data()) if item.id == notice_id), None)
    if found is None:
        raise NotFound(f"no announcement {notice_id}")
    now = utc_now()
    start = min(found.start, now) if found.start else None
    ended = notices.Notice(found.id, found.title, found.text, found.level, start, now)
    if start == now:  # it had not begun: there is nothing to end
        name = f"announcements/{notice_id}.md"
        desk.store().delete(name, sent.version, agent().display, now)
        return jsonify({"version": ""})
    return _announced(notice_id, notices.compose(ended), sent.version)


def _announced(notice_id: str, text: str, seen: str) -> Response:
    name = f"announcements/{notice_id}.md"
    now = utc_now()
    kept = desk.store().write(name, text, seen, agent().display, now, lambda text: None)
    return jsonify({"version": kept})


def _saved(draft: Draft, seen: str, text: str | None = None) -> Response:
    desk.store().expect(draft.name, seen)  # before the long work; asked again under the lock
    found = desk.judge(draft)
    kept = desk.store().write(
        draft.name,
        text or compose(draft),
        seen,
        agent().display,
        utc_now(),
        lambda _: desk.refuse_errors(found),
    )
    _take_up()
    return jsonify(
        {
            "version": kept,
            "findings": [item.as_json() | {"path": item.path.name} for item in found],
            "versions": _versions(draft.name),
        }
    )


def _take_up() -> None:
    """Serve the change from here at once; the other processes see it a moment later."""
    live = desk.engine()
    if live is not None:
        live.refresh()


def _versions(name: str) -> list[dict[str, Any]]:
    def shown(item: Version) -> dict[str, Any]:
        note = item.note.split(" ", 1)[0].lower()
        at = item.at.isoformat(timespec="seconds")
        return {"revision": item.revision, "at": at, "who": item.who, "note": note}

    return [shown(item) for item in desk.store().versions(name)]
