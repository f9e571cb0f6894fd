"""The editors' pages: sign in, the list, one FAQ, announcements, the report."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from faq import words
from search import UnknownFaq
from web import announcements
from web.accounts import door
from web.console import login as signing
from web.desk import cards
from web.editor import deleted, desk, flowpage, furtherpages, listing, unusable, way
from web.editor.page import assets, page
from web.helpcenter.views import assets as site_assets
from web.publishing import drafts
from web.publishing.models import OPEN
from web.services import services, utc_now

FORM = "editor/login.html"

blueprint = Blueprint("editor", __name__, url_prefix="/editor", template_folder="templates")


@blueprint.get("/static/<revision>/<path:name>")
def static(revision: str, name: str) -> AnyResponse:
    """Serve a style sheet or script of the pages."""
    return assets.send(revision, name)


@blueprint.get("/login")
def login() -> Any:
    """Show the form."""
    if current_user.is_authenticated:
        return redirect("/editor")
    return door.show(FORM, _next(), revision=assets.revision())


@blueprint.post("/login")
def enter() -> Any:
    """Check name and password."""
    return door.check(FORM, _next(), revision=assets.revision())


@blueprint.post("/logout")
def leave() -> Any:
    """Sign out."""
    signing.sign_out()
    return redirect(url_for(".login"), 303)


@blueprint.get("")
@blueprint.get("/")
def faqs() -> Any:
    """List the FAQs with their health."""
    live = desk.engine()
    if live is None:
        abort(503)
    counts = desk.health()
    day = desk.today()
    asked = listing.Asked(
        request.args.get("q", "").strip(),
        bool(request.args.get("troubled")),
        request.args.get("page", 1, int),
    )
    leaf = listing.leaf(live.generation.content.categories, counts, day, asked)
    found = [*live.problems, *services().contacts.content.problems()]
    troubles = unusable.tell(found, desk.data(), live.generation.content.faqs)
    with services().database.read() as session:
        waits = {Path(item.name).stem: item for item in drafts.waiting(session)}
    return page(
        "editor/list.html",
        leaf=leaf,
        waits=waits,
        here=announcements.HERE,
        troubles=[item for item in troubles if not item.served],
        dangling=[item for item in troubles if item.served],
    )


@blueprint.get("/faq/<faq_id>")
def edit(faq_id: str) -> Any:
    """Show one FAQ for writing."""
    live = desk.engine()
    if live is None:
        abort(503)
    try:
        faq = live.faq(faq_id)
    except UnknownFaq:
        if any(gone.id == faq_id for gone in _every_deleted()):
            return redirect(url_for(".deleted_ones"))
        abort(404)
    if faq.id != faq_id:
        return redirect(url_for(".edit", faq_id=faq.id))
    name = faq.path.relative_to(desk.data()).as_posix()
    stored, draft = way.stands(name)
    written = way.parsed(draft.target, stored.text)[0] if draft and stored.text else None
    mine = [problem for problem in live.problems if problem.path == faq.path]
    # One that is served all the same is told beside its field.
    troubles = [item for item in unusable.tell(mine, desk.data(), {}) if not item.served]
    return _edit(
        faq=written if written is not None and written.id == faq.id else faq,
        version=stored.version,
        base=desk.store().read(name).version,
        draft=draft,
        new=False,
        troubles=troubles,
    )


@blueprint.get("/drafts/<int:draft_id>/edit")
def write_on(draft_id: int) -> Any:
    """Show an article that was never published, for writing."""
    with services().database.read() as session:
        draft = drafts.get(session, draft_id)
        text = drafts.text_of(session, draft)
    faq = way.parsed(draft.target, text)[0] if text is not None else None
    if faq is None or draft.state not in OPEN:
        return redirect(url_for("editor_review.one", draft_id=draft_id))
    return _edit(faq=faq, version=drafts.token(draft), base="", draft=draft, new=False)


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> Any:
    """Show an empty form, filled with what is given: texts, or a deleted FAQ; nothing is saved.

    Many ways of asking are too long for an address, so that they are sent.
    """
    given = request.values
    gone = _deleted(given.get("deleted", ""))
    if gone is not None and gone.faq is not None:
        return _edit(faq=gone.faq, version="", new=True, category=gone.category)
    return _edit(
        faq=None,
        version="",
        new=True,
        category=given.get("category", ""),
        question=given.get("question", "")[:200],
        given_id=given.get("id", "")[:60],
        similar=given.getlist("similar")[:40],
    )


@blueprint.get("/deleted")
def deleted_ones() -> Any:
    """List the deleted FAQs, to be brought back."""
    live = desk.engine()
    return page(
        "editor/deleted.html",
        entries=_every_deleted(),
        titles={part.id: part.title for part in live.generation.content.categories} if live else {},
        here=announcements.HERE,
    )


@blueprint.get("/flows")
def guided() -> Any:
    """List the guided flows."""
    return page("editor/flows.html", flows=services().flows, starting=flowpage.starting())


@blueprint.get("/flows/<name>")
def guided_one(name: str) -> Any:
    """Show one guided flow, step by step."""
    flow = services().flows.get(name)
    if flow is None:
        abort(404)
    return page(
        "editor/flow.html",
        flow=flow,
        fields=cards.names("customer"),
        numbers={step.slot: number for number, step in enumerate(flow.steps, 1)},
        links={other: services().flows[other].title for other in flow.links & {*services().flows}},
        questions=flowpage.questions(flow),
        starting=flowpage.starting().get(name, []),
    )


@blueprint.get("/announcements")
def notices() -> Any:
    """List the announcements."""
    now = utc_now()
    found = [
        {
            "notice": item,
            "state": "now" if item.holds(now) else "later" if _ahead(item, now) else "over",
            "version": desk.store().read(f"announcements/{item.id}.md").version,
        }
        for item in announcements.every(desk.data())
    ]
    order = {"now": 0, "later": 1, "over": 2}
    found.sort(key=lambda entry: order[str(entry["state"])])
    return page(
        "editor/announcements.html",
        entries=found,
        problems=[
            unusable.below(desk.data(), text) for text in announcements.problems(desk.data())
        ],
        here=announcements.HERE,
        now=now.astimezone(announcements.HERE),
    )


def _ahead(item: announcements.Announcement, now: dt.datetime) -> bool:
    return item.start is not None and item.start > now


def _every_deleted() -> list[deleted.Deleted]:
    return deleted.every(desk.data(), desk.store(), frozenset(services().variables))


def _deleted(name: str) -> deleted.Deleted | None:
    category, _, faq_id = name.partition("/")
    if not faq_id:
        return None
    known = frozenset(services().variables)
    return deleted.one(desk.data(), desk.store(), category, faq_id, known)


def _edit(**values: Any) -> str:
    live = desk.engine()
    content = live.generation.content if live else None
    return page(
        "editor/edit.html",
        categories=content.categories if content else (),
        variables=sorted(content.variables) if content else (),
        others=list(content.faqs.values()) if content else (),
        flows=desk.flows(),
        further=desk.further_fields(values.get("faq")),
        asked_next=0 if values["new"] else furtherpages.count(values["faq"].id),
        labels=desk.labels(),
        deeds=words.table("deeds"),
        review=services().settings.review,
        here=announcements.HERE,
        site_revision=site_assets.revision(),
        **values,
    )


def _next() -> str:
    """Return where to go after signing in; never out of the editor."""
    wish = request.values.get("next", "")
    inside = wish == "/editor" or wish.startswith("/editor/")
    safe = inside and wish.isascii() and wish.isprintable() and "\\" not in wish
    return wish if safe and not wish.startswith("/editor/log") else "/editor"
