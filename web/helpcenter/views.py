"""The pages: home, category, article, results, and what crawlers read."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from search import Faq, Hit, Ranking, UnknownFaq, fill
from web.api.faqs import may_vote
from web.assets import Assets
from web.desk import feedback
from web.helpcenter import articles, site
from web.noting import note_search
from web.services import services, utc_now
from web.widget.views import assets as widget_assets

HERE = Path(__file__).parent
REASONS = ("unclear", "no_effect", "wrong_topic", "outdated")
LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
LONGEST = 200  # characters of a search

blueprint = Blueprint("helpcenter", __name__, template_folder="templates")
assets = Assets(HERE / "static")


@blueprint.get("/")
def home() -> str:
    """Show search, hot questions, the categories and the ways to a human."""
    return _page("helpcenter/home.html", hot=_listed("hot"), urgent=_listed("urgent"))


@blueprint.get("/category/<category_id>")
def category(category_id: str) -> str:
    """Show one category's questions."""
    engine = site.engine()
    found = [part for part in engine.categories() if part.id == category_id] if engine else []
    if not found:
        abort(404)
    leads = {faq.id: articles.describe(faq, site.variables()) for faq in found[0].faqs}
    return _page("helpcenter/category.html", category=found[0], leads=leads)


@blueprint.get("/faq/<faq_id>")
def article(faq_id: str) -> str | AnyResponse:
    """Show one answer; the address that it had before leads to it."""
    faq = _faq(faq_id)
    if faq.id != faq_id:
        return redirect(url_for(".article", faq_id=faq.id), 301)
    known = site.variables()
    lead, rest = articles.parts(
        faq, known, services().pictures.shown, services().settings.link_places
    )
    return _page(
        "helpcenter/article.html",
        faq=faq,
        lead=lead,
        rest=rest,
        related=_faqs(faq.related),
        description=articles.describe(faq, known),
        structured=articles.structured([faq], known),
        voted=request.args.get("feedback"),
    )


@blueprint.post("/faq/<faq_id>/feedback")
def vote(faq_id: str) -> AnyResponse:
    """Keep a vote sent by the page's plain form; pages with JavaScript use the API."""
    faq = _faq(faq_id)
    helpful = request.form.get("helpful") == "yes"
    reason = request.form.get("reason")
    web = services()
    if may_vote(web, faq.id):
        told = reason if reason in REASONS else None
        with web.database.write() as session:
            feedback.record(session, faq.id, helpful, told, utc_now())
    answer = "yes" if helpful else "no"
    back = url_for(".article", faq_id=faq.id, feedback=answer, _anchor="feedback")
    return redirect(back, 303)


@blueprint.record
def free_the_vote(state: BlueprintSetupState) -> None:
    """Take votes without a CSRF token: they are anonymous, and readers get no cookie for them."""
    if csrf := state.app.extensions.get("csrf"):
        csrf.exempt(vote)


@blueprint.get("/cases")
def cases() -> str:
    """Show where the cases of this browser's customer stand; the page's script fills it in."""
    return _page("helpcenter/cases.html", widget_revision=widget_assets.revision())


@blueprint.get("/search")
def results() -> str:
    """Show what fits a search: the sure answer opened, or the nearest, or that nothing does."""
    query = request.args.get("q", "")[:LONGEST].strip()
    engine = site.engine()
    if not query or engine is None:
        return _page("helpcenter/results.html", query=query, band=None, hot=_listed("hot"))
    life = services().life
    if life is not None and life.cries_for_help(query):
        said = life.say["first_nobody"][0]
        calm = fill(said, site.variables()).replace("**", "").split("\n")
        return _page("helpcenter/results.html", query=query, band="life", calm=calm)
    ranking = engine.rank(query, limit=10)
    note_search(services(), query, ranking, utc_now())
    hits = [_hit(hit, query) for hit in _worth(ranking)]
    opened = hits.pop(0) if ranking.band == "answer" and hits else None
    if opened:
        opened["lead"], opened["rest"] = articles.parts(
            opened["faq"],
            site.variables(),
            services().pictures.shown,
            services().settings.link_places,
        )
    return _page(
        "helpcenter/results.html",
        query=query,
        band=ranking.band,
        topic=ranking.topic,
        meant=engine.meant(query, ranking),
        opened=opened,
        hits=hits,
    )


@blueprint.get("/assets/<revision>/<path:name>")
def asset(revision: str, name: str) -> Response:
    """Serve a style sheet, script or picture of the pages."""
    return assets.send(revision, name)


@blueprint.get("/favicon.svg")
@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Serve the company's logo; browsers that ask for .ico take the drawing too."""
    logo = services().brand().logo
    path = services().settings.data / logo if logo else None
    if path is not None and path.is_file():
        response = send_file(path)
        # A drawing is a document of its own when it is opened alone: nothing in it may run.
        response.headers["Content-Security-Policy"] = LOGO_POLICY
    else:
        response = assets.send("", "plain.svg")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@blueprint.get("/brand.css")
def colours() -> Response:
    """Serve the company's colours."""
    response = make_response(render_template("helpcenter/brand.css"))
    response.mimetype = "text/css"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers what is theirs to read."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {path}" for path in ("/api/", "/desk", "/app", "/search", "/cases")]
    lines += ["", f"Sitemap: {site.address('/sitemap.xml')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List every page that may be found."""
    engine = site.engine()
    faqs = engine.faqs() if engine else ()
    pages: list[tuple[str, str | None]] = [(site.address("/"), None)]
    for part in engine.categories() if engine else ():
        pages.append((site.address(f"/category/{part.id}"), None))
    pages += [(site.address(f"/faq/{faq.id}"), faq.updated.isoformat()) for faq in faqs]
    response = make_response(render_template("helpcenter/sitemap.xml", pages=pages))
    response.mimetype = "application/xml"
    return response


def error_page(status: int) -> tuple[str, int]:
    """Return the page that says what went wrong, in the help center's look."""
    try:
        return _page("helpcenter/error.html", status=status, hot=_listed("hot")[:4]), status
    except Exception:
        # The page that explains a failure must not fail with it.
        current_app.logger.exception("error page")
        return render_template("helpcenter/broken.html", status=status), status


def _page(template: str, **values: Any) -> str:
    return render_template(template, asset_revision=assets.revision(), **site.context(), **values)


def _listed(name: str) -> Any:
    """Return the FAQs of one of the brand's lists."""
    return _faqs(services().brand().lists.get(name, ()))


def _faq(faq_id: str) -> Faq:
    engine = site.engine()
    if engine is None:
        abort(503)
    try:
        return engine.shown(faq_id)
    except UnknownFaq:
        abort(404)


def _faqs(ids: tuple[str, ...]) -> list[Faq]:
    engine, found = site.engine(), []
    for faq_id in ids:
        if engine is None:
            break
        with contextlib.suppress(UnknownFaq):  # deleted, or not to be seen today
            found.append(engine.shown(faq_id))
    return found


def _worth(ranking: Ranking) -> list[Hit]:
    """Return the hits to show: three where nothing fits, else five and what is near the first."""
    if ranking.band == "unknown":
        return list(ranking.hits[:3])
    floor = ranking.hits[0].score * 0.02 if ranking.hits else 0
    return [hit for at, hit in enumerate(ranking.hits) if at < 5 or hit.score >= floor]


def _hit(hit: Hit, query: str) -> dict[str, Any]:
    engine = site.engine()
    assert engine is not None  # noqa: S101  (a hit has come from it)
    known = site.variables()
    titles = {part.id: part.title for part in engine.categories()}
    pieces = [(fill(text, known), marked) for text, marked in engine.snippet(hit.id, query)]
    return {
        "faq": engine.faq(hit.id),
        "category": titles.get(hit.category, ""),
        "snippet": pieces,
    }
