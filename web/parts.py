"""Everything that the app works with, opened in order: database, bus, content, mail, wallet."""

from __future__ import annotations

import logging

import search
from faq import kinds
from faq.history import open_history
from faq.store import Store
from tracing.tracer import open_tracer
from web import keyring, offload, private
from web.accounts.oidc import Client
from web.admission import Admission
from web.assistant.fallback import Fallback
from web.assistant.owed import sweep as finish_owed
from web.assistant.spread import open_bots
from web.assistant.turn import Assistant
from web.canned import Canned
from web.contacts import open_contacts
from web.content import Files, Texts, Variables
from web.desk.database import open_database
from web.desk.puzzles import LIFE
from web.desk.rota import arrivals
from web.editor.weekly import Weekly
from web.flows import fast_lane
from web.health import metrics
from web.health.checks import Checks, checks_of
from web.health.pulse import Pulse
from web.limits import Limit, Shared
from web.mail.carrier import Carrier
from web.mail.incoming import Incoming
from web.mail.mailbox import Mailbox
from web.mail.post import Post
from web.migrations import migrate
from web.notifications import keys, tips
from web.notifications.following import Follower
from web.notifications.push import Pusher
from web.outages.ending import Crier
from web.pictures.catalogue import Pictures
from web.privacy import retention, seal
from web.privacy.unsealed import Unsealed
from web.proof.gateway import Gateway
from web.publishing.duty import Duty
from web.publishing.gate import Gate
from web.publishing.hand import Hand
from web.publishing.ledger import Ledger, take_over
from web.publishing.releases import Releases
from web.realtime.bus import open_bus
from web.realtime.dispatcher import Dispatcher
from web.realtime.reader import Reader
from web.realtime.ticker import Ticker
from web.services import Services, utc_now
from web.settings import Settings
from web.sources import judging, read_life
from web.wallet import acting, notices
from web.wallet.client import Wallet
from web.wallet.helping import Helper
from web.wallet.notices import Quiet
from web.wallet.tls import Credentials
from web.watch import sweep
from web.world import world

log = logging.getLogger(__name__)
EMAILS = 2.0  # seconds between looks for emails that are due
FOLLOWING = 3.0  # seconds between looks for what customers did not see
FREEZES = 5.0  # seconds between looks for freezes that are not known to hold
NEWS = 5.0  # seconds between looks for outages that are over, and for news whose night is over
SHIFTS = 10.0  # seconds between looks who is there as the rota says
OWED = 1.0  # seconds between looks for answers that a process left owed
AGED = 60.0  # seconds between looks whether the hourly deletion is due
VERSIONS = "versions"  # below var: where earlier versions of the program kept theirs


def open_parts(settings: Settings, engine: search.Engine | None) -> Services:
    """Open all parts; raises what the database, its migrations and the bus raise.

    engine: None leaves the app without search: a human can still be reached.
    """
    private.keep_folder(settings.var)
    private.keep_folder(settings.pictures)
    if settings.database_file is not None:
        private.keep_database(settings.database_file)
    database = open_database(settings.database, settings.db_connections, keyring.keys_of(settings))
    migrate(database, settings.var, may=settings.migrates)
    variables = Variables(settings, engine)
    bus = open_bus(settings.redis_url)
    pulse = Pulse()
    tracer = open_tracer(settings.traces, "xiaohu-web")
    bot = open_bots(settings.bot_url, settings.bot_timeout, settings.bot_secret, pulse.late, tracer)
    life = read_life(settings)
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
        contacts.lures,
    )
    pusher = None
    if settings.push_contact:
        pusher = Pusher(
            lambda: keys.read_or_make(database, contacts.vault, utc_now),
            settings.push_contact,
            settings.push_hosts,
        )
    follower = Follower(
        database,
        pusher,
        content.brand,
        lambda: content.hours().zone,
        writes=mail.ready,
        quiet=Quiet(settings.wallet_quiet),
        prefix=settings.prefix,
    )
    crier = Crier(
        database,
        bus,
        settings.data,
        lambda: content.fallback().get("outage_over", ""),
        lambda: content.hours().zone,
        Quiet(settings.wallet_quiet),
    )
    weekly = None
    if settings.report_to and engine is not None:
        weekly = Weekly(
            settings,
            database,
            engine,
            contacts.vault,
            lambda: content.hours().zone,
            settings.report_to,
        )
    shared = Shared.of(settings.redis_url)

    def limit(name: str, burst: float, rate: float) -> Limit:
        return Limit(burst, rate, shared=shared, name=name, times=settings.range_times)

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
        world(settings, variables, content.hours, content.brand),
        settings.bot_timeout,
        content.hours,
        lambda: fast_lane(content.flows),
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
    releases = Releases(database, store, judging(settings.data, engine, content))
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
        tracer=tracer,
        assistant=assistant,
        helper=helper,
        engine=engine,
        life=life,
        brand=content.brand,
        goals=content.goals,
        review=content.review,
        tips=content.tips,
        variables=variables,
        messages=limit("messages", 40, 1),
        openings=limit("openings", 300, 5),
        bookings=limit("bookings", 10, 10 / 86_400),
        free_bookings=limit("free-bookings", 3, 3 / 86_400),
        places=limit("places", settings.places, settings.places / 3600),
        worked=limit("worked", 1, 1 / (2 * LIFE.total_seconds())),  # a solution counts once
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
        pusher=pusher,
        follower=follower,
        crier=crier,
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
        shifts=Ticker(
            [lambda: arrivals.note(database, content.hours(), settings.silence, utc_now())], SHIFTS
        ),
        dispatcher=Dispatcher(database, bus, utc_now, rule, settings.silence)
        if (rule := settings.handing_out)
        else None,
        owed=Ticker([lambda: finish_owed(database, assistant, utc_now())], OWED),
        emails=Ticker(
            [lambda: mail.deliver(utc_now()), lambda: incoming.collect(utc_now())], EMAILS
        ),
        following=Ticker([lambda: follower.look(utc_now())], FOLLOWING),
        freezes=Ticker([lambda: acting.pursue(database, helper, bus, utc_now())], FREEZES)
        if helper
        else None,
        news=Ticker(
            [
                lambda: crier.look(utc_now()),
                lambda: notices.deliver(database, bus, utc_now()),
            ],
            NEWS,
        ),
        retention=Ticker(
            [
                retention.job(
                    database, settings.data, contacts.pictures, settings.bot_memory, utc_now
                ),
                lambda: seal.catch_up(database),
                Unsealed(database, contacts.pictures).go_on,
                lambda: weekly.write(utc_now()) if weekly else 0,
                lambda: tips.send(
                    database,
                    bus,
                    content.tips(),
                    lambda: content.hours().zone,
                    Quiet(settings.wallet_quiet),
                    lambda faq: engine is not None and faq in engine.generation.content.faqs,
                    utc_now(),
                ),
            ],
            AGED,
        ),
        numbers=Ticker([lambda: metrics.observe(parts)]),
        store=store,
        releases=releases,
        duty=duty,
        publishing=Ticker([lambda: duty.look(utc_now())]),
        oidc=Client(settings.oidc) if settings.oidc else None,
        texting=Gateway(settings.sms_url, settings.sms_secret) if settings.sms_url else None,
    )
    return parts
