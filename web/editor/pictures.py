"""Pictures that editors paste: made anew in a bounded process, named by their content."""

from __future__ import annotations

import re

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from faq.errors import FaqError
from faq.pictures.files import Picture, digest_of
from search.pictures import FOLDER
from web.console.login import agent
from web.desk import pixels
from web.editor import desk
from web.editor.refusals import refuse
from web.pictures.catalogue import WIDTHS, address, widths_of
from web.pictures.remaking import receive_picture
from web.services import services, utc_now

STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_STEM, MARK = 40, 8
SHARP = pixels.Form(WIDTHS[-1], quality=88, method=4)  # as wide as any screen needs

blueprint = Blueprint("editor_pictures", __name__, url_prefix="/editor/api/pictures")
blueprint.register_error_handler(FaqError, refuse)


@blueprint.post("")
def add() -> tuple[Response, int]:
    """Take a picture, the request's body; `for` in the address begins its name.

    Answers with its name, its size and where it can be seen. Raises RequestEntityTooLarge, Busy,
    BadPicture.
    """
    request.max_content_length = pixels.LARGEST
    if (request.content_length or 0) > pixels.LARGEST:
        raise RequestEntityTooLarge
    stem = request.args.get("for", "")[:LONGEST_STEM].strip("-")
    if not STEM.fullmatch(stem):
        stem = "picture"
    with services().admission.uploads.passing():
        raw = request.get_data(cache=False)
        drawn = receive_picture(raw, SHARP)
    digest = digest_of(drawn.content)
    made = Picture(f"{stem}-{digest[:MARK]}.webp", digest, drawn.width, drawn.height)
    in_git = desk.store().add(f"{FOLDER}/{made.name}", drawn.content, agent().display, utc_now())
    shown = {
        "name": made.name,
        "width": drawn.width,
        "height": drawn.height,
        "address": address(made, widths_of(made)[0]),
        "in_git": in_git,
    }
    return jsonify(shown), 201
