"""Security headers, by what a page is for."""

from __future__ import annotations

import base64
import hashlib

from flask import Flask, Response, g, request

from web.settings import Settings

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
)
STATIC = ("/desk/static", "/console/static", "/editor/static", "/account/static")
PRIVATE = ("/api/", "/desk", "/console", "/editor", "/account", "/audit")


def allow_inline(*, script: str, style: str) -> None:
    """Let the page that is being answered hold this very script and style, by their digests."""
    g.inline = {"script-src": _source(script), "style-src": _source(style)}


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def register(app: Flask, settings: Settings) -> None:
    """Add the headers to every answer."""
    embedders = " ".join(("'self'", *settings.embed_origins))

    @app.after_request
    def add(response: Response) -> Response:
        path = request.path
        headers = response.headers
        if path.startswith(("/desk", "/console", "/editor", "/account", "/audit")):
            framers = "'none'"
            headers["X-Frame-Options"] = "DENY"
        elif path.startswith("/widget"):
            framers = "*"
        elif path.startswith("/app"):
            framers = embedders
        else:
            framers = "'self'"
        policy = POLICY
        for kind, source in g.pop("inline", {}).items():
            policy = policy.replace(f"{kind} 'self'", f"{kind} 'self' {source}")
        headers.setdefault("Content-Security-Policy", f"{policy}; frame-ancestors {framers}")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        headers.setdefault(
            "Permissions-Policy", "camera=(self), microphone=(self), geolocation=(), payment=()"
        )
        # The widget's files and pictures are loaded by other people's pages; nothing else is.
        open_to_all = path.startswith(("/widget", "/api/v1/", "/pictures/"))
        headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if open_to_all else "same-origin"
        )
        if not open_to_all:
            headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if path.startswith(PRIVATE) and not path.startswith(
            ("/desk/static", "/console/static", "/editor/static", "/account/static")
        ):
            headers.setdefault("Cache-Control", "no-store")
        if request.is_secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response
