"""What a page needs to show the chat: /widget.js, the modules, and the full-screen /app."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, abort, make_response, render_template

from web import dialling, flows, headers
from web.assets import Assets
from web.desk import cards
from web.desk.masking import TABLE, compiled
from web.pack import Pack
from web.services import services
from web.widget.face import Face, face_of

HERE = Path(__file__).parent

blueprint = Blueprint("widget", __name__, template_folder="templates")
assets = Assets(HERE / "static", more=(HERE / "templates", TABLE, cards.TABLE))
STYLES = ("launcher.css", "chat.css", "human.css", "contact.css", "transactions.css")
# Modules that a pack leaves outside: settings and content change them while web runs.
OUTSIDE = {f"./{name}.js": f"./{name}.js" for name in ("places", "words", "flow-words")}
PACKS = ("chat", "cases-page", "privacy-page")
packs: dict[str, tuple[str, str]] = {}  # name → revision and text


@blueprint.after_request
def allow_any_site(response: Response) -> Response:
    """Let any site load the modules; none of these answers depends on who asks."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.get("/widget.js")
def loader() -> Response:
    """Serve the loader: the one file whose address is written into other sites."""
    sheet = HERE / "static" / "launcher.css"
    text = render_template(
        "widget/loader.js",
        revision=assets.revision(),
        style=sheet.read_text("utf-8"),
        face=_face(),
    )
    response = _script(text)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@blueprint.get("/widget/<revision>/words.js")
def words(revision: str) -> Response:
    """Serve the words that the chat shows, and the company's logo: both may change at any time."""
    response = _script(render_template("widget/words.js", face=_face()))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@blueprint.get("/widget/<revision>/flow-words.js")
def flow_words(revision: str) -> Response:
    """Serve what customers read of the guided flows, as their files say now."""
    return flows.as_module(services().flows)


def _styles() -> str:
    sheets = [(HERE / "static" / name).read_text("utf-8") for name in STYLES]
    return f"export const styles = {json.dumps(sheets, ensure_ascii=False)};\n"


def _face() -> Face:
    """Return the face of the company; an edit of its logo is seen by the next reader."""
    web = services()
    logo = web.brand().logo
    return face_of(web.settings.data / logo if logo else None)


def _rules() -> str:
    rules = json.dumps(compiled(), ensure_ascii=False, separators=(",", ":"))
    return f"export const rules = {rules};\n"


def _contact_words() -> str:
    fields = cards.WRITTEN.items()
    return render_template(
        "widget/contact-words.js",
        fields=cards.names("customer"),
        long=[name for name, field in fields if field.lines > 1],
        expects={name: field.expects for name, field in fields},
    )


# Modules that are made: words, the table of secrets that the server uses, styles.
MADE: dict[str, Callable[[], str]] = {
    "contact-words.js": _contact_words,
    "masking-words.js": _rules,
    "styles.js": _styles,
}


@blueprint.get("/widget/<revision>/<name>.pack.js")
def pack(revision: str, name: str) -> Response:
    """Serve a module with all that it imports as one file, but for what changes meanwhile."""
    if name not in PACKS:
        abort(404)
    if packs.get(name, ("",))[0] != assets.revision():
        whole = Pack(_module, OUTSIDE.get).text(f"./{name}.js")
        packs[name] = (assets.revision(), whole)
    return assets.keep(_script(packs[name][1]), revision)


def _module(address: str) -> str:
    name = address.removeprefix("./")
    made = MADE.get(name)
    return made() if made else (HERE / "static" / name).read_text("utf-8")


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
    """Serve a module or a style sheet by itself."""
    made = MADE.get(name)
    return assets.keep(_script(made()), revision) if made else assets.send(revision, name)


@blueprint.get("/app")
def app_page() -> Response:
    """Serve the full-screen helper that the wallet opens in a web view."""
    parents = " ".join(services().settings.embed_origins)
    script = (HERE / "static" / "app.js").read_text("utf-8")
    style = (HERE / "static" / "app.css").read_text("utf-8")
    headers.allow_inline(script=script, style=style)
    page = render_template(
        "widget/app.html",
        revision=assets.revision(), parents=parents, script=script, style=style,
        outside=[name.removeprefix("./") for name in OUTSIDE],
    )  # fmt: skip
    response = make_response(page)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _script(text: str) -> Response:
    return Response(text, mimetype="text/javascript")
