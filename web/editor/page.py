"""What every editors' page is given: its style, its token, who is signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import render_template
from flask_wtf.csrf import generate_csrf

from web.assets import Assets
from web.console import login as signing
from web.desk import improvements
from web.publishing import drafts
from web.publishing.roles import is_of
from web.services import services

assets = Assets(Path(__file__).parent / "static")


def _waiting(role: str) -> int:
    """Count what waits for somebody, for the head of every page."""
    with services().database.read() as session:
        proposed = improvements.count(session) if is_of("faq/", role) else 0
        return proposed + sum(
            item.state == "waiting" and is_of(item.name, role) for item in drafts.waiting(session)
        )


def page(template: str, **values: Any) -> str:
    """Fill a page's template in."""
    agent = signing.agent()
    return render_template(
        template,
        revision=assets.revision(),
        editor=agent.display,
        role=agent.role,
        csrf_token=generate_csrf(),
        waiting=_waiting(agent.role),
        **values,
    )
