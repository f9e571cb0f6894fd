"""Pictures over HTTP: what the address names for good, or what is there now for a while."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request, send_file

from faq.pictures.files import Picture
from web.assets import FOREVER
from web.desk.pixels import BadPicture
from web.pictures import widths
from web.pictures.catalogue import widths_of
from web.services import services

# Each is a document of its own when it is opened alone: nothing in it may run or fetch.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
KINDS = {"webp": "image/webp", "jpg": "image/jpeg"}

blueprint = Blueprint("pictures", __name__, url_prefix="/pictures")


@blueprint.get("/<digest>/<name>")
def drawing(digest: str, name: str) -> Response:
    """Serve a drawing as it is."""
    picture = _found(name, drawn=True)
    try:
        raw = services().pictures.content(picture)
    except FileNotFoundError:
        abort(404)
    response = Response(raw, content_type="image/svg+xml; charset=utf-8")
    return _sealed(response, picture, digest)


@blueprint.get("/<digest>/<name>/<int:width>.<form>")
def photo(digest: str, name: str, width: int, form: str) -> Response:
    """Serve one of a picture's widths, made at the first request."""
    picture = _found(name, drawn=False)
    if form not in KINDS or width not in widths_of(picture):
        abort(404)
    web = services()
    folder = web.settings.var / "widths"
    path = widths.kept(folder, picture, width, form)
    if not path.is_file():
        try:
            path = widths.make(folder, picture, width, form, web.pictures.content(picture))
        except (FileNotFoundError, BadPicture):
            abort(404)
    return _sealed(send_file(path, mimetype=KINDS[form], etag=False), picture, digest, width)


def _found(name: str, *, drawn: bool) -> Picture:
    picture = services().pictures.find(name)
    if picture is None or picture.drawn is not drawn:
        abort(404)
    return picture


def _sealed(response: Response, picture: Picture, digest: str, width: int = 0) -> Response:
    """Let it be kept for good where the address names this very content."""
    response.headers["Cache-Control"] = FOREVER if digest == picture.digest else "no-cache"
    response.headers["Content-Security-Policy"] = POLICY
    response.set_etag(f"{picture.digest}-{width}")
    response.make_conditional(request)
    return response
