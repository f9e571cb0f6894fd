"""The whole site below a path, such as https://pay.example/help, as XIAOHU_BASE_URL says.

Templates and scripts name addresses from the root on. Where the site stands below a path these are
put below it in one place, when an answer leaves: a link that somebody adds can't be forgotten.
Scripts reach the server by what they were loaded from, or by one of the addresses in `IN_SCRIPTS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

FORM = re.compile(r"(?:/[a-zA-Z0-9][a-zA-Z0-9._~-]*)+")
IN_PAGES = re.compile(r'(?<=[ \n])((?:href|src|action|formaction|data-chat|data-style)=")/(?!/)')
SETS = re.compile(r'(?<= srcset=")[^"]*')
# Whatever follows `base +` stands below the loader's own address already.
IN_SCRIPTS = re.compile(
    r"""(?<!base\ \+\ ["'`])(?<=["'`])/(?=
        widget/ | desk/ | console/ | editor(?:/|["'`]) | api/v1/ | faq/\$ | (?:app|complaint)["'`]
    )""",
    re.X,
)
ORIGIN = re.compile(r"(?<![.\w$])location\.origin\b")


class BadPrefix(ValueError):
    """The path of XIAOHU_BASE_URL can't be used."""


def prefix_of(base_url: str) -> str:
    """Read the path of the public address, "" where the site stands at the root.

    Raises BadPrefix.
    """
    path = urlsplit(base_url).path.rstrip("/")
    if path and not FORM.fullmatch(path):
        raise BadPrefix(f"XIAOHU_BASE_URL: {path!r} is no path that a site can stand below")
    return path


class Below:
    """Takes the path away from requests' addresses; a proxy may have done so already."""

    def __init__(self, app: WSGIApplication, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "")
        if path == self._prefix or path.startswith(f"{self._prefix}/"):
            environ["PATH_INFO"] = path.removeprefix(self._prefix) or "/"
        environ["SCRIPT_NAME"] = self._prefix
        return self._app(environ, start)


def register(app: Flask, prefix: str) -> None:
    """Put the site's addresses below the path in all that leaves; raises BadPrefix.

    To be called after all blueprints are there.
    """
    rules = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    if prefix.split("/")[1] in rules:
        raise BadPrefix(f"XIAOHU_BASE_URL: {prefix} is the name of a page of ours")
    app.config["SESSION_COOKIE_PATH"] = f"{prefix}/"
    app.wsgi_app = Below(app.wsgi_app, prefix)  # type: ignore[method-assign,assignment]

    def put_below(response: Response) -> Response:
        place = response.headers.get("Location", "")
        if _is_ours(place, prefix):
            response.headers["Location"] = prefix + place
        put = {"text/html": in_page, "text/javascript": in_script}.get(response.mimetype or "")
        if put is None or response.status_code == 304:
            return response
        response.direct_passthrough = False
        plain = response.get_data(as_text=True)
        told = put(plain, prefix)
        if told != plain:
            response.set_data(told)
            # What it was made of says no more whether a browser's copy is still right.
            for name in ("ETag", "Last-Modified"):
                response.headers.pop(name, None)
        return response

    # Those that are registered last run first: it must see what is not compressed yet.
    app.after_request(put_below)


def in_page(text: str, prefix: str) -> str:
    """Put the addresses of a page below the path."""

    def put(match: re.Match[str]) -> str:
        place = text[match.end() - 1 : match.end() + len(prefix)]
        there = _is_ours(place, prefix)
        return match[1] + (prefix if there else "") + "/"

    told = IN_PAGES.sub(put, text)
    return SETS.sub(lambda match: re.sub(r"(?<![^\s,])/(?!/)", f"{prefix}/", match[0]), told)


def in_script(text: str, prefix: str) -> str:
    """Put the addresses in a script below the path."""
    told = IN_SCRIPTS.sub(f"{prefix}/", text)
    return ORIGIN.sub(f'(location.origin + "{prefix}")', told)


def _is_ours(place: str, prefix: str) -> bool:
    """Tell whether an address is one of ours that is not below the path yet."""
    if not place.startswith("/") or place.startswith("//"):
        return False
    return not re.match(rf"{re.escape(prefix)}(?:[/?#\"]|$)", place)
