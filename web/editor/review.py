"""What waits: the list of drafts, one with its difference and comments, and what is decided."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from faq import words
from faq.editable import is_words
from faq.errors import FaqError
from web import announcements
from web.api.requests import body
from web.console.login import agent
from web.editor import desk, history, improvements, way
from web.editor.bodies import CommentBody, DecisionBody
from web.editor.page import page
from web.editor.refusals import refuse
from web.helpcenter import articles
from web.publishing import comparing, drafts
from web.publishing.models import OPEN, ContentDraft
from web.publishing.roles import is_of, publisher_of
from web.services import services, utc_now

pages = Blueprint("editor_review", __name__, url_prefix="/editor", template_folder="templates")
blueprint = Blueprint("editor_review_api", __name__, url_prefix="/editor/api")
blueprint.register_error_handler(FaqError, refuse)


@pages.get("/drafts")
def listing() -> str:
    """List what waits for somebody or for its time."""
    me = agent()
    with services().database.read() as session:
        found = [item for item in drafts.waiting(session) if is_of(item.name, me.role)]
        entries = [
            {
                "draft": item,
                "title": _title(session, item),
                "said": len(drafts.comments(session, item.id)),
                "may": _may(session, item),
            }
            for item in found
        ]
        proposed = improvements.listed(session)
    return page(
        "editor/drafts.html",
        entries=entries,
        proposed=proposed,
        writes=is_of("faq/", me.role),
        deeds=words.table("deeds"),
        review=services().settings.review,
        here=announcements.HERE,
        me=me.display,
    )


@pages.get("/drafts/<int:draft_id>")
def one(draft_id: int) -> str:
    """Show a draft: what differs as customers see it, what the checks say, what was said."""
    web = services()
    with web.database.read() as session:
        draft = drafts.get(session, draft_id)
        text = drafts.text_of(session, draft)
        said = drafts.comments(session, draft_id)
        title = _title(session, draft)
        may, wrote = _may(session, draft), agent().id in drafts.writers(session, draft)
    _permit(draft)
    current = desk.store().read(draft.name)
    is_open = draft.state in OPEN
    before = current.text if is_open else _before(draft)
    parts = comparing.compare(
        draft.target,
        before,
        text,
        web.variables,
        lambda markdown: str(articles.render(markdown, web.variables)),
    )
    return page(
        "editor/draft.html",
        draft=draft,
        title=title,
        back=_address(draft),
        parts=comparing.worth_showing(parts),
        changed=comparing.is_changed(parts),
        findings=web.releases.findings(draft, text) if is_open else [],
        stale=is_open and current.version != draft.base and current.text != text,
        comments=said,
        open=is_open,
        may=may,
        wrote=wrote,
        publishers=publisher_of(draft.name),
        deeds=words.table("deeds"),
        review=web.settings.review,
        here=announcements.HERE,
        now=utc_now().astimezone(announcements.HERE),
    )


@blueprint.post("/drafts/<int:draft_id>/publish")
def publish(draft_id: int) -> Response:
    """Publish a draft, now or at a time; nobody their own where changes are reviewed."""
    sent, me, web, now = body(DecisionBody), agent(), services(), utc_now()
    due = sent.moment(announcements.HERE)
    with web.database.read() as session:
        draft = drafts.get(session, draft_id)
        drafts.refuse_unless(_may(session, draft), "not-yours-to-publish")
    who = way.shown(me.display)
    if due is not None and due > now:
        way.refuse_bad(draft)
        with web.database.write() as session:
            draft = drafts.get(session, draft_id)
            drafts.decide(session, draft, sent.edition, "scheduled", who, me.id, now, due)
        return jsonify({"state": "scheduled", "due": due.isoformat()})
    saved = web.releases.publish(draft_id, sent.edition, who, me.id, now)
    way.take_up()
    return jsonify({"state": "published", "in_git": saved.in_git})


@blueprint.post("/drafts/<int:draft_id>/<any(reject, withdraw):verb>")
def close(draft_id: int, verb: str) -> Response:
    """Turn a draft down, or take one's own back; what it said stays among the versions."""
    sent, me, now = body(DecisionBody), agent(), utc_now()
    who = way.shown(me.display)
    with services().database.write() as session:
        draft = drafts.get(session, draft_id)
        own = me.id in drafts.writers(session, draft)
        allowed = own if verb == "withdraw" else _may(session, draft)
        drafts.refuse_unless(allowed, "not-yours-to-close")
        if sent.text:
            drafts.comment(session, draft_id, who, sent.text, now)
        state = "withdrawn" if verb == "withdraw" else "rejected"
        drafts.decide(session, draft, sent.edition, state, who, me.id, now)
    return jsonify({"state": state})


@blueprint.post("/drafts/<int:draft_id>/comments")
def say(draft_id: int) -> Response:
    """Say something about a draft."""
    sent = body(CommentBody)
    with services().database.write() as session:
        _permit(drafts.get(session, draft_id))
        who = way.shown(agent().display)
        drafts.comment(session, draft_id, who, sent.text, utc_now())
    return jsonify({"said": sent.text})


def _may(session: Session, draft: ContentDraft) -> bool:
    review = services().settings.review
    return drafts.may_publish(session, draft, agent(), review=review)


def _permit(draft: ContentDraft) -> None:
    drafts.refuse_unless(is_of(draft.name, agent().role), "not-yours")


def _title(session: Session, draft: ContentDraft) -> str:
    text = drafts.text_of(session, draft)
    if not is_words(draft.target) and text is not None:
        faq = way.parsed(draft.target, text)[0]
        if faq is not None:
            return faq.question
    return history.title_of(draft.name)


def _address(draft: ContentDraft) -> str:
    """Return the page on which a draft is written on; a new article's is its own."""
    if not is_words(draft.name) and desk.store().read(draft.name).text is None:
        return f"/editor/drafts/{draft.id}/edit"
    return history.address_of(draft.name)


def _before(draft: ContentDraft) -> str | None:
    """Return what a closed draft was meant to replace: the live version before it."""
    for item in desk.store().versions(draft.name):
        if item.live and item.at < draft.at and item.deed != "delete":
            return desk.store().text_of(draft.name, item.revision)
    return None
