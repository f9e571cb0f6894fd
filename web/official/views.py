"""The page 官方核验; it works without JavaScript and keeps nothing that is asked."""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, request

from web.desk.links import Places
from web.dialling import dial
from web.helpcenter import site
from web.helpcenter.views import assets as pages
from web.official import badges
from web.official.checking import LONGEST, OURS, Known, check, host_of
from web.services import Services, services

HERE = Path(__file__).parent
PUBLIC = ("police", "ambulance", "antifraud", "consumer_line", "lifeline")
blueprint = Blueprint(
    "official",
    __name__,
    url_prefix="/verify",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)


@blueprint.get("")
def ask() -> Response:
    """Show the form."""
    return _page()


@blueprint.post("")
def answer() -> Response:
    """Say whether it is ours."""
    web = services()
    web.openings.take_here("verify:")
    asked = request.form.get("asked", "")[:LONGEST].strip()
    if not asked:
        return _page()
    verdict, name = check(asked, _known(web)), None
    if verdict.kind == "badge":
        with web.database.read() as session:
            agent = badges.holder(session, verdict.told, web.settings.secret_key)
            name = agent.display if agent else None
    return _page(asked=asked, verdict=verdict, name=name)


@blueprint.get("/leaving")
def leaving() -> Response:
    """Name where a link leads that leaves our site; only listed addresses can be opened."""
    address = request.args.get("to", "")[: LONGEST * 10].strip()
    own = urlsplit(site.address("/")).netloc.lower()
    places = Places(own, services().settings.hosts)
    kind = places.kind(address)
    host = urlsplit(address).netloc if kind != "foreign" else host_of(address)
    return _shown("official/leaving.html", address=address, kind=kind, host=host.lower())


def _known(web: Services) -> Known:
    settings = web.settings
    own = urlsplit(site.address("/")).netloc
    sender = parseaddr(settings.mail_from)[1]
    addresses = [one for one in (settings.variables.get("email", ""), sender) if one]
    public = [dial(web.variables.get(name, "")) for name in PUBLIC]
    return Known(
        variables=settings.variables,
        public=[one for one in public if one],
        hosts=(own.lower(), *settings.hosts),
        addresses=addresses,
    )


def _page(**told: Any) -> Response:
    values = {"asked": "", "verdict": None, "name": None, **told}
    numbers = [text for name in OURS if dial(text := services().settings.variables.get(name, ""))]
    return _shown("official/verify.html", numbers=numbers, **values)


def _shown(template: str, **values: Any) -> Response:
    page = render_template(template, asset_revision=pages.revision(), **site.context(), **values)
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
