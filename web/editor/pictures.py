"""Pictures that editors paste: made anew in the bounded worker, named by their content."""

from __future__ import annotations

import io
import re

from flask import Blueprint, Response, jsonify, request
from PIL import Image
from werkzeug.exceptions import RequestEntityTooLarge

from faq.errors import FaqError
from faq.pictures.files import Picture, digest_of
from search.pictures import FOLDER
from web.console.login import agent
from web.desk import pictures
from web.editor import desk
from web.editor.refusals import refuse
from web.offload import offload
from web.pictures.catalogue import WIDTHS, address, widths_of
from web.services import services, utc_now

STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_STEM, MARK = 40, 8

blueprint = Blueprint("editor_pictures", __name__, url_prefix="/editor/api/pictures")
blueprint.register_error_handler(FaqError, refuse)


@blueprint.post("")
def add() -> tuple[Response, int]:
    """Take a picture, the request's body; `for` in the address begins its name.

    Answers with its name, its size and where it can be seen. Raises RequestEntityTooLarge, Busy,
    BadPicture.
    """
    request.max_content_length = pictures.LARGEST
    if (request.content_length or 0) > pictures.LARGEST:
        raise RequestEntityTooLarge
    stem = request.args.get("for", "")[:LONGEST_STEM].strip("-")
    if not STEM.fullmatch(stem):
        stem = "picture"
    with services().admission.uploads.passing():
        raw = request.get_data(cache=False)
        content, width, height = offload(lambda: _remade(raw))
    digest = digest_of(content)
    made = Picture(f"{stem}-{digest[:MARK]}.webp", digest, width, height)
    in_git = desk.store().add(f"{FOLDER}/{made.name}", content, agent().display, utc_now())
    shown = {
        "name": made.name,
        "width": width,
        "height": height,
        "address": address(made, widths_of(made)[0]),
        "in_git": in_git,
    }
    return jsonify(shown), 201


def _remade(raw: bytes) -> tuple[bytes, int, int]:
    """Encode a picture's pixels alone, as wide as any screen needs: (WebP, width, height)."""
    image = pictures.decode(raw)
    if image.width > WIDTHS[-1]:
        height = max(1, round(image.height * WIDTHS[-1] / image.width))
        image = image.resize((WIDTHS[-1], height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=88, method=4)
    return out.getvalue(), image.width, image.height
