"""Answers that every browser may see, sent compressed; what never changes is compressed once."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict

from flask import Flask, Response, request

KINDS = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml", "application/json"})
SMALLEST = 900  # bytes; one packet holds less than that anyway
KEPT = 256  # compressed files in memory, a few kilobytes each
BEST, QUICK = 9, 5
# Where an answer holds a token and what somebody else chose, its length would tell of the token.
PRIVATE = ("/api/v1/conversations", "/api/v1/cases", "/desk", "/editor", "/complaint", "/metrics")
STATIC = ("/desk/static/", "/console/static/", "/editor/static/", "/complaint/static/")


def register(app: Flask) -> None:
    """Compress the answers of an app."""
    kept: OrderedDict[bytes, bytes] = OrderedDict()

    @app.after_request
    def compress(response: Response) -> Response:
        if not _may_be(response):
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] <= 0:
            return response
        response.direct_passthrough = False
        plain = response.get_data()
        if len(plain) < SMALLEST:
            return response
        if "immutable" in response.headers.get("Cache-Control", "") or _is_static():
            key = hashlib.sha256(plain).digest()
            small = kept.pop(key, None) or gzip.compress(plain, BEST, mtime=0)
            kept[key] = small
            if len(kept) > KEPT:
                kept.popitem(last=False)
        else:
            small = gzip.compress(plain, QUICK, mtime=0)
        response.set_data(small)
        response.headers["Content-Encoding"] = "gzip"
        tag, _ = response.get_etag()
        if tag:
            response.set_etag(tag, weak=True)
        return response


def _is_static() -> bool:
    return request.path.startswith(STATIC)


def _may_be(response: Response) -> bool:
    """Tell whether an answer is whole, public text."""
    return (
        request.method == "GET"
        and response.status_code == 200
        and response.mimetype in KINDS
        and "Content-Encoding" not in response.headers
        and (response.direct_passthrough or not response.is_streamed)
        and (not request.path.startswith(PRIVATE) or _is_static())
    )
