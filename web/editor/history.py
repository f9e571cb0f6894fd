"""The page of a file's versions: who changed what, two of them compared, one brought back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request

from faq import words
from faq.editable import EDITABLE, FLOW, FURTHER
from faq.errors import NoRevision
from faq.history import Version
from faq.kinds import HOURS
from faq.store import is_editable
from web import announcements
from web.console import login as signing
from web.editor import desk
from web.editor.page import page
from web.helpcenter import articles
from web.publishing import comparing
from web.publishing.roles import is_of
from web.services import services

blueprint = Blueprint("editor_history", __name__, url_prefix="/editor", template_folder="templates")
NOW = "now"  # in the address: the file as it stands


@blueprint.get("/versions")
def versions() -> Any:
    """List a file's versions and show what differs between two of them.

    The address names the file, and the two (from, to); without these the newest and what it was
    before.
    """
    name = request.args.get("file", "")
    if not is_editable(name) or not is_of(name, signing.agent().role):
        abort(404)
    return _page(name)


def _page(name: str) -> str:
    found = desk.store().versions(name)
    now = desk.store().read(name)
    if not found and now.text is None:
        abort(404)
    readable = [item for item in found if item.deed != "delete"]
    before, after = request.args.get("from", ""), request.args.get("to", "")
    if not after:
        after = readable[0].revision if readable else NOW
    if not before:
        older = [item.revision for item in readable if item.live]
        later = [item.revision for item in readable].index(after) if readable else 0
        rest = [item.revision for item in readable[later + 1 :] if item.revision in older]
        before = rest[0] if rest else after
    variables = services().variables
    try:
        parts = comparing.compare(
            name,
            _text(name, before),
            _text(name, after),
            variables,
            lambda text: str(articles.render(text, variables)),
        )
    except NoRevision:
        abort(404)
    return page(
        "editor/versions.html",
        file=name,
        title=title_of(name),
        back=address_of(name),
        versions=found,
        now=now,
        before=before,
        after=after,
        current=_current(found, now.text),
        shown={item.revision: item for item in found},
        parts=comparing.worth_showing(parts),
        changed=comparing.is_changed(parts),
        here=announcements.HERE,
        is_faq=name.startswith("faq/") and name.endswith(".md"),
        deeds=words.table("deeds"),
    )


def _current(found: list[Version], text: str | None) -> str | None:
    """Return which version is the one that stands now; None where there is no file."""
    if text is None:
        return None
    return next((item.revision for item in found if item.live and item.deed != "delete"), None)


def address_of(name: str) -> str:
    """Return the page on which a file is written."""
    if name == HOURS:
        return "/editor/hours"
    if name in EDITABLE:
        part = "safety" if EDITABLE[name].lead else "words"
        return f"/editor/{part}/{name}"
    if flow := FLOW.fullmatch(name):
        return f"/editor/flows/{flow[1]}/edit"
    if further := FURTHER.fullmatch(name):
        return f"/editor/further/{further[1]}"
    if name.startswith("announcements/"):
        return "/editor/announcements"
    return f"/editor/faq/{name.rpartition('/')[2].removesuffix('.md')}"


def title_of(name: str) -> str:
    """Say what a file is called on the pages: an FAQ's question, an announcement's title."""
    if name in EDITABLE:
        return EDITABLE[name].title
    if flow := FLOW.fullmatch(name):
        known = services().flows.get(flow[1])
        return words.say("files.flow", title=known.title if known else flow[1])
    if further := FURTHER.fullmatch(name):
        return words.say("files.further", title=_question(further[1]))
    faq_id = name.rpartition("/")[2].removesuffix(".md")
    if name.startswith("faq/"):
        return _question(faq_id)
    notices = (item for item in announcements.every(desk.data()) if item.id == faq_id)
    return next((item.title for item in notices), faq_id)


def _question(faq_id: str) -> str:
    live = desk.engine()
    found = live.generation.content.find(faq_id) if live is not None else None
    return found.question if found is not None else faq_id


def as_json(item: Version) -> dict[str, Any]:
    """Show a version to a page's script."""
    at = item.at.isoformat(timespec="seconds")
    shown = {"revision": item.revision, "at": at, "who": item.who, "note": item.deed}
    return shown | {"reason": item.reason, "live": item.live}


def _text(name: str, revision: str) -> str | None:
    if revision == NOW:
        return desk.store().read(name).text
    return desk.store().text_of(name, revision)
