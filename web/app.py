"""The web application, put together from its parts."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import yaml
from flask import Flask, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import CSRFProtect

import search
from faq import kinds
from faq.brand import Brand
from faq.findings import Finding
from faq.history import open_history
from faq.store import Store
from safety import Life
from search.errors import BadContent, Problem
from search.kept import ACCEPTED, Kept
from search.normalise import Normaliser
from web import announcements, compression, headers, logs, offload, prefix, private, problems
from web.accounts.own import blueprint as own_account
from web.accounts.pages import blueprint as accounts
from web.admission import Admission
from web.api.reference import blueprint as reference
from web.api.views import blueprint as api
from web.assistant.client import Bot
from web.assistant.fallback import Fallback
from web.assistant.owed import sweep as finish_owed
from web.assistant.turn import Assistant
from web.audit import watch
from web.audit.pages import blueprint as audit
from web.canned import Canned
from web.complaint.views import blueprint as complaint
from web.console import login
from web.console.answers import blueprint as desk_answers
from web.console.api import blueprint as desk_api
from web.console.blocks import blueprint as desk_blocks
from web.console.contacts import blueprint as desk_contacts
from web.console.handling import blueprint as desk_handling
from web.console.offers import blueprint as desk_offers
from web.console.staff import blueprint as desk_staff
from web.console.tickets import blueprint as desk_tickets
from web.console.views import blueprint as console
from web.console.wallet import blueprint as desk_wallet
from web.contacts import open_contacts
from web.content import Current, Files, Texts, Variables
from web.desk.database import Database, open_database
from web.desk.hours import Hours
from web.editor import access
from web.editor.api import blueprint as editor_api
from web.editor.companypages import blueprint as editor_company_api
from web.editor.companypages import pages as editor_company
from web.editor.flowpages import blueprint as editor_flows_api
from web.editor.flowpages import pages as editor_flows
from web.editor.furtherpages import blueprint as editor_further_api
from web.editor.furtherpages import pages as editor_further
from web.editor.history import blueprint as editor_history
from web.editor.pictures import blueprint as editor_pictures
from web.editor.report import blueprint as editor_report
from web.editor.review import blueprint as editor_review_api
from web.editor.review import pages as editor_review
from web.editor.views import blueprint as editor
from web.editor.wordpages import blueprint as editor_words_api
from web.editor.wordpages import pages as editor_words
from web.health import metrics
from web.health.checks import Checks, checks_of
from web.health.pulse import Pulse
from web.health.views import blueprint as health
from web.helpcenter.views import blueprint as helpcenter
from web.lead.board import blueprint as lead_board
from web.lead.pages import blueprint as lead
from web.lead.received import blueprint as desk_reviews
from web.lead.reports import blueprint as lead_reports
from web.lead.reviews import blueprint as lead_reviews
from web.limits import Limit, Shared
from web.mail.carrier import Carrier
from web.mail.incoming import Incoming
from web.mail.mailbox import Mailbox
from web.mail.post import Post
from web.migrations import migrate
from web.official.views import blueprint as official
from web.pictures.catalogue import Pictures
from web.pictures.views import blueprint as pictures
from web.privacy import retention
from web.privacy.views import blueprint as privacy
from web.proxies import BehindProxies
from web.publishing.duty import Duty
from web.publishing.gate import Gate
from web.publishing.hand import Hand
from web.publishing.judging import Judge
from web.publishing.ledger import Ledger, take_over
from web.publishing.releases import Judging, Releases
from web.realtime.bus import Bus, open_bus
from web.realtime.dispatcher import Dispatcher
from web.realtime.reader import Reader
from web.realtime.ticker import Ticker
from web.services import Services, utc_now
from web.settings import Settings
from web.wallet import acting, notices
from web.wallet.client import Wallet
from web.wallet.helping import Helper
from web.wallet.notices import Quiet
from web.wallet.tls import Credentials
from web.wallet.views import blueprint as wallet_events
from web.watch import sweep
from web.widget.views import blueprint as widget

if TYPE_CHECKING:
    from flask import Response

log = logging.getLogger(__name__)
LARGEST_BODY = 64 * 1024
LETTERS = 2.0  # seconds between looks for letters that are due
FREEZES = 5.0  # seconds between looks for freezes that are not known to hold
OWED = 1.0  # seconds between looks for answers that a process left owed
AGED = 60.0  # seconds between looks whether the hourly deletion is due
VERSIONS = "versions"  # below var: where earlier versions of the program kept theirs
CHANNELS = ("chat", "callback", "video")


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
    parts = _open(settings, engine or _open_engine(settings))
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
        services=parts,
        settings=settings,
        search=parts.engine,
        database=parts.database,
        bus=parts.bus,
        bot=parts.bot,
    )
    if settings.proxies:
        app.wsgi_app = BehindProxies(app.wsgi_app, settings)  # type: ignore[method-assign]
    csrf = CSRFProtect(app)
    csrf.exempt(api)  # bearer tokens, no cookies: nothing to forge
    csrf.exempt(wallet_events)  # signed by the wallet
    csrf.exempt(complaint)  # writes nothing down
    csrf.exempt(official)  # nor does this
    login.register(app)
    access.register(app)
    watch.register(app)
    problems.register(app)
    headers.register(app, settings)
    app.context_processor(lambda: {"brand": parts.brand()})
    logs.name_requests(app, settings.proxies)
    compression.register(app)
    _measure(app)
    for blueprint in (
        api,
        wallet_events,
        desk_api,
        desk_contacts,
        desk_handling,
        desk_offers,
        desk_tickets,
        desk_answers,
        desk_staff,
        desk_wallet,
        desk_blocks,
        lead,
        lead_board,
        lead_reports,
        lead_reviews,
        desk_reviews,
        console,
        health,
        helpcenter,
        pictures,
        reference,
        complaint,
        official,
        privacy,
        widget,
        editor,
        editor_api,
        editor_pictures,
        editor_report,
        editor_history,
        editor_review,
        editor_words,
        editor_words_api,
        editor_review_api,
        editor_flows,
        editor_flows_api,
        editor_company,
        editor_company_api,
        editor_further,
        editor_further_api,
        own_account,
        accounts,
        audit,
    ):
        app.register_blueprint(blueprint)
    if settings.prefix:
        prefix.register(app, settings.prefix)
    return app


def _open(settings: Settings, engine: search.Engine | None) -> Services:
    private.keep_folder(settings.var)
    private.keep_folder(settings.pictures)
    if settings.database_file is not None:
        private.keep_database(settings.database_file)
    database = open_database(settings.database, settings.db_connections)
    migrate(database, settings.var, may=settings.migrates)
    variables = Variables(settings, engine)
    bus = open_bus(settings.redis_url)
    pulse = Pulse()
    bot = Bot(settings.bot_url, settings.bot_timeout, settings.bot_secret, late=pulse.late)
    life = _read_life(settings)
    content = Files(settings)
    contacts = open_contacts(settings, database, bus, content)
    mail = Post(
        database,
        contacts.vault,
        Carrier.of(settings.smtp_url) if settings.smtp_url else None,
        settings.mail_from,
        settings.base_url,
        content.brand,
        answered=bool(settings.imap_url),
    )
    incoming = Incoming(
        database,
        bus,
        contacts.vault,
        Mailbox.of(settings.imap_url) if settings.imap_url else None,
        contacts.pictures,
        content.hours,
    )
    shared = Shared.of(settings.redis_url)

    def limit(name: str, burst: float, rate: float) -> Limit:
        return Limit(burst, rate, shared=shared, name=name)

    wallet = None
    if settings.wallet_url:
        shown_to_it = Credentials(settings.wallet_tls).context if settings.wallet_tls else None
        wallet = Wallet(
            settings.wallet_url,
            settings.wallet_secret,
            settings.wallet_timeout,
            context=shown_to_it,
        )
    helper = None
    if wallet and content.wallet().says:
        quiet = Quiet(settings.wallet_quiet)
        helper = Helper(wallet, content.wallet, content.hours, database, engine, variables, quiet)
    elif wallet:
        log.error("%s is missing: the wallet is not asked", settings.data / kinds.WALLET)
    shown = Pictures(settings.data)
    assistant = Assistant(
        database,
        bot,
        Fallback(engine, Texts(content.fallback), variables, life),
        bus,
        _world(settings, variables, content.hours, content.brand),
        settings.bot_timeout,
        content.hours,
        settings.silence,
        helper,
        shown.linked,
    )
    ledger = Ledger(database)
    take_over(ledger, settings.var / VERSIONS)
    disk = offload.disk.run
    gate = Gate(settings.var / "index", disk)
    history = open_history(settings.data, ledger, disk)
    store = Store(settings.data, settings.var, history, disk, admit=gate.admit)
    releases = Releases(database, store, _judging(settings.data, engine, content))
    duty = Duty(
        database,
        ledger,
        store,
        Hand(settings.data, store, ledger, disk),
        releases,
        gate,
        engine.refresh if engine is not None else lambda: None,
        review=settings.review,
    )
    parts = Services(
        settings=settings,
        database=database,
        bus=bus,
        bot=bot,
        assistant=assistant,
        helper=helper,
        engine=engine,
        life=life,
        brand=content.brand,
        goals=content.goals,
        review=content.review,
        variables=variables,
        messages=limit("messages", 40, 1),
        openings=limit("openings", 300, 5),
        bookings=limit("bookings", 10, 10 / 86_400),
        votes=limit("votes", 300, 5),
        opinions=limit("opinions", 3, 3 / 86_400),
        notes=limit("notes", 60, 0.2),
        all_notes=limit("all-notes", 2000, 2),
        haste=limit("haste", 6, 6 / 3600),
        contacts=contacts,
        uploads=limit("uploads", 10, 0.1),
        all_uploads=limit("all-uploads", 60, 1),
        signals=limit("signals", 300, 10),
        mail=mail,
        canned=Canned(content.canned, engine, variables),
        flows=content.flows,
        pictures=shown,
        admission=Admission(
            settings.max_turns, settings.max_streams, settings.max_uploads, settings.max_signins
        ),
        pulse=pulse,
        checks=Checks(
            checks_of(database, bot, bus, engine, settings.data, settings.var, utc_now, content)
        ),
        reader=Reader(database, bus, utc_now, settings.silence),
        watch=Ticker([lambda: sweep(database, bus, content.hours(), settings.silence, utc_now())]),
        dispatcher=Dispatcher(database, bus, utc_now, rule, settings.silence)
        if (rule := settings.handing_out)
        else None,
        owed=Ticker([lambda: finish_owed(database, assistant, utc_now())], OWED),
        letters=Ticker(
            [lambda: mail.deliver(utc_now()), lambda: incoming.collect(utc_now())], LETTERS
        ),
        freezes=Ticker([lambda: _pursue(database, helper, bus)], FREEZES) if helper else None,
        retention=Ticker(
            [
                retention.job(
                    database, settings.data, contacts.pictures, settings.bot_memory, utc_now
                )
            ],
            AGED,
        ),
        numbers=Ticker([lambda: metrics.observe(parts)]),
        store=store,
        releases=releases,
        duty=duty,
        publishing=Ticker([lambda: duty.look(utc_now())]),
    )
    return parts


def _pursue(database: Database, helper: Helper, bus: Bus) -> None:
    acting.pursue(database, helper, bus, utc_now())
    notices.deliver(database, bus, utc_now())


def _open_engine(settings: Settings) -> search.Engine | None:
    try:
        where = search.Settings(data=settings.data, index=settings.var / "index")
        return search.open_live(where, aside=offload.content.run)
    except Exception:
        # Bad content, a damaged index, a full disk: a human must be reached all the same.
        log.exception("search is not available")
        return None


def _read_life(settings: Settings) -> Life | None:
    """Follow what a cry for help is known by; without it a human is reached all the same."""
    name, normalise = "safety/life.yml", Normaliser()

    def read(path: Path, raw: bytes) -> Life:
        try:
            return Life.parse(raw.decode("utf-8"), normalise)
        except (ValueError, KeyError, TypeError, yaml.YAMLError, re.error) as error:
            reason = f"no words for cries for help: {error}"
            raise BadContent((Problem(path, 1, reason, "compare it with before"),)) from None

    try:
        return cast(Life, Current(Kept(settings.data / name, read, settings.var / ACCEPTED / name)))
    except BadContent:
        log.exception("%s cannot be used; cries for help are heard by the bot alone", name)
        return None


def _judging(data: Path, engine: search.Engine | None, content: Files) -> Judging:
    """Judge what goes live by everything that is there at that time."""
    judge = Judge(data, engine)

    def find(name: str, text: str, instead: str | None) -> list[Finding]:
        day, forbidden = search.day_here(utc_now()), content.forbidden()
        return offload.offload(lambda: judge.text(name, text, day, forbidden, instead))

    return find


def _world(
    settings: Settings,
    variables: Mapping[str, str],
    hours: Callable[[], Hours],
    brand: Callable[[], Brand],
) -> Callable[[datetime], dict[str, Any]]:
    """Say what the bot needs to know of the world at a time."""

    def describe(now: datetime) -> dict[str, Any]:
        notices = announcements.current(settings.data, now)
        return {
            "open": {name: hours().is_open(name, now) for name in CHANNELS},
            "announcements": [
                {
                    "id": notice.id,
                    "title": notice.title,
                    "text": search.fill(notice.text, variables),
                }
                for notice in notices
            ],
            "variables": dict(settings.variables),
            "greeting": _greeting(brand()),
        }

    return describe


def _greeting(brand: Brand) -> dict[str, Any] | None:
    """Say what the bot is to greet with; None leaves it to the bot's own words."""
    if brand.greeting is None:
        return None
    buttons = [{"title": title, "payload": payload} for title, payload in brand.buttons]
    return {"text": brand.greeting, "buttons": buttons}


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
