"""Announcements as the editor page writes them: judged, saved, ended."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import NotFound

from faq import notices
from faq.errors import FaqError, Refused
from web import announcements
from web.api.requests import body
from web.editor import desk, notice_rules, way
from web.editor.bodies import NoticeBody, VersionBody
from web.editor.refusals import refuse
from web.publishing.judging import refuse_errors
from web.services import utc_now

blueprint = Blueprint("editor_notices_api", __name__, url_prefix="/editor/api/announcements")
blueprint.register_error_handler(FaqError, refuse)


@blueprint.post("/judge")
def judge_notice() -> Response:
    """Give an announcement's findings."""
    notice = body(NoticeBody).notice(announcements.HERE)
    return jsonify({"findings": desk.as_json(notice_rules.judge(notice))})


@blueprint.put("/<notice_id>")
def announce(notice_id: str) -> Response:
    """Save an announcement; nothing bad is saved."""
    sent = body(NoticeBody)
    if sent.id != notice_id:
        raise Refused("the id is not the address's")
    notice = sent.notice(announcements.HERE)
    text = notices.compose(notice)
    refuse_errors(notice_rules.judge(notice))
    return _announced(notice_id, text, sent.version)


@blueprint.post("/<notice_id>/end")
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
        way.carry_out(way.Wish(name, None, sent.version, reason=sent.reason), list)
        return jsonify({"version": ""})
    return _announced(notice_id, notices.compose(ended), sent.version)


def _announced(notice_id: str, text: str, seen: str) -> Response:
    name = f"announcements/{notice_id}.md"
    return jsonify(way.carry_out(way.Wish(name, text, seen), list).as_json())
