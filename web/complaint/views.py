"""The complaint builder's pages; each step works without JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template, request

from web.complaint import letters, packs
from web.helpcenter import site
from web.helpcenter.views import assets as pages
from web.services import services, utc_now

HERE = Path(__file__).parent
blueprint = Blueprint(
    "complaint",
    __name__,
    url_prefix="/complaint",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)


@blueprint.get("")
def ask() -> str:
    """Show the questions."""
    return _page(fields={}, missing=[])


@blueprint.post("")
def write() -> tuple[str, int]:
    """Write the letter from the answers, or say which ones are missing."""
    services().votes.take_here()
    fields = letters.tidy(request.form)
    missing = [field for field in letters.NEEDED if field not in fields]
    if missing:
        return _page(fields=fields, missing=missing), 422
    today = utc_now().astimezone(services().contacts.hours.zone)
    return _page(fields=fields, missing=[], letter=letters.write(fields, today)), 200


@blueprint.post("/pack")
def pack() -> Response:
    """Pack the letter alone; with a conversation the API packs the rest too."""
    services().votes.take_here()
    letter = letters.tidy_letter(request.form.get("letter", ""))
    return packs.answer(packs.build(letter))


def _page(**values: Any) -> str:
    return render_template(
        "complaint/page.html",
        asset_revision=pages.revision(),
        letter=values.pop("letter", None),
        needed=letters.NEEDED,
        **site.context(),
        **values,
    )
