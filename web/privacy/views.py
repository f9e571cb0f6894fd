"""The page /privacy: what is kept of customers, how long, and what they may have done with it."""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Blueprint, render_template

from faq.retention import Retention
from web.helpcenter import site
from web.helpcenter.views import assets as pages
from web.privacy import retention
from web.services import services
from web.widget.views import assets as widget_assets

HERE = Path(__file__).parent
log = logging.getLogger(__name__)
blueprint = Blueprint(
    "privacy",
    __name__,
    url_prefix="/privacy",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)


@blueprint.get("")
def show() -> str:
    """Show it."""
    settings = services().settings
    return render_template(
        "privacy/page.html",
        asset_revision=pages.revision(),
        widget_revision=widget_assets.revision(),
        kept=_kept(settings.data / "retention.yml"),
        bot_days=settings.bot_keep_days,
        mail=services().mail.ready,
        wallet=services().helper is not None,
        tips=services().tips().stop,
        **site.context(),
    )


def _kept(path: Path) -> Retention | None:
    """Read the limits; None while the file cannot be used, and so nothing is deleted by it."""
    try:
        return retention.read(path)
    except retention.BadRetention as error:
        log.error("the page of privacy shows no limits: %s", error)
        return None
