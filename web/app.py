"""The web application, put together from its parts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Flask, g, request
from flask.sessions import SecureCookieSessionInterface

import search
from web import blueprints, compression, headers, logs, prefix, problems
from web.audit import watch
from web.console import login
from web.editor import access
from web.health import metrics, traces
from web.parts import open_parts
from web.proxies import BehindProxies
from web.settings import Settings
from web.sources import open_search

if TYPE_CHECKING:
    from flask import Response

LARGEST_BODY = 64 * 1024


class _Sessions(SecureCookieSessionInterface):
    """Cookies marked Secure exactly when the request came by https."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Tell whether to mark the cookie."""
        return request.is_secure


def create_app(settings: Settings, engine: search.Engine | None = None) -> Flask:
    """Build the app: open the database, the index, the bus; raises what these raise.

    engine: one that is open already. A broken index leaves the app running without search: a
    human can still be reached.
    """
    services = open_parts(settings, engine or open_search(settings))
    app = Flask("web", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SESSION_COOKIE_NAME="desk",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as its session: consoles stay open
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.session_interface = _Sessions()
    app.extensions.update(
        services=services,
        settings=settings,
        search=services.engine,
        database=services.database,
        bus=services.bus,
        bot=services.bot,
    )
    if settings.proxies:
        app.wsgi_app = BehindProxies(app.wsgi_app, settings)  # type: ignore[method-assign,assignment]
    blueprints.protect(app)
    login.register(app)
    access.register(app)
    watch.register(app)
    problems.register(app)
    headers.register(app, settings)
    app.context_processor(lambda: {"brand": services.brand()})
    logs.name_requests(app, settings.proxies)
    traces.register(app, services.tracer)
    compression.register(app)
    _measure(app)
    blueprints.register(app)
    if settings.prefix:
        prefix.register(app, settings.prefix)
    return app


def _measure(app: Flask) -> None:
    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def stop(response: Response) -> Response:
        started = g.pop("started", None)
        seconds = time.perf_counter() - started if started is not None else 0.0
        metrics.count_request(request.endpoint, request.method, response.status_code, seconds)
        return response
