"""What the lead's pages share: their frame, the names of topics, their files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, render_template
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from web import flows
from web.assets import Assets
from web.console import login as signing
from web.services import services

FOLDER = Path(__file__).parent
assets = Assets(FOLDER / "static", (FOLDER.parent / "console" / "static" / "desk.css",))
blueprint = Blueprint("lead", __name__, url_prefix="/console", template_folder="templates")


@blueprint.get("/static/<revision>/<path:name>")
def static(revision: str, name: str) -> Response:
    """Serve a style sheet or script of the pages."""
    return assets.send(revision, name)


def page(template: str, **values: Any) -> str:
    """Render a page in the lead's frame."""
    me = signing.agent()
    return render_template(
        template,
        revision=assets.revision(),
        me=me,
        csrf_token=generate_csrf(),
        topics=flows.topics(services().flows),
        **values,
    )
