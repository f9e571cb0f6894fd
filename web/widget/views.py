"""What a page needs to show the chat: /widget.js, the modules, and the full-screen /app."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Blueprint, Response, make_response, render_template

from web import dialling, flows
from web.assets import Assets
from web.desk.masking import TABLE, compiled
from web.services import services

HERE = Path(__file__).parent

blueprint = Blueprint("widget", __name__, template_folder="templates")
assets = Assets(HERE / "static", more=(HERE / "templates", TABLE))


@blueprint.after_request
def allow_any_site(response: Response) -> Response:
    """Let any site load the modules; none of these answers depends on who asks."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.get("/widget.js")
def loader() -> Response:
    """Serve the loader: the one file whose address is written into other sites."""
    response = _script(render_template("widget/loader.js", revision=assets.revision()))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@blueprint.get("/widget/<revision>/words.js")
def words(revision: str) -> Response:
    """Serve the list of all words that the chat shows; the company's name in it may change."""
    response = _script(render_template("widget/words.js"))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@blueprint.get("/widget/<revision>/contact-words.js")
def contact_words(revision: str) -> Response:
    """Serve the words about callbacks, calls, the card and pictures."""
    return assets.keep(_script(render_template("widget/contact-words.js")), revision)


@blueprint.get("/widget/<revision>/flow-words.js")
def flow_words(revision: str) -> Response:
    """Serve what customers read of the guided flows, as their files say now."""
    return flows.as_module(services().flows)


@blueprint.get("/widget/<revision>/masking-words.js")
def masking_words(revision: str) -> Response:
    """Serve the table of secrets, the very one that the server uses."""
    rules = json.dumps(compiled(), ensure_ascii=False, separators=(",", ":"))
    return assets.keep(_script(f"export const rules = {rules};\n"), revision)


@blueprint.get("/widget/<revision>/places.js")
def places(revision: str) -> Response:
    """Serve where links may lead and which numbers may be called, as settings and content say."""
    web = services()
    known = {
        "hosts": web.settings.hosts,
        "dial": dialling.pattern(dialling.numbers(web.variables)),
        "calling": dialling.CALLING,
    }
    text = json.dumps(known, ensure_ascii=False)
    response = _script(f"export const places = {text};\n")
    response.headers["Cache-Control"] = "public, max-age=300"  # an edited number is soon there
    return response


@blueprint.get("/widget/<revision>/<path:name>")
def module(revision: str, name: str) -> Response:
    """Serve a module or the style sheet."""
    return assets.send(revision, name)


@blueprint.get("/app")
def app_page() -> Response:
    """Serve the full-screen helper that the wallet opens in a web view."""
    parents = " ".join(services().settings.embed_origins)
    page = render_template("widget/app.html", revision=assets.revision(), parents=parents)
    response = make_response(page)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _script(text: str) -> Response:
    return Response(text, mimetype="text/javascript")
