"""What a request needs, made once by create_app and kept with the app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from flask import current_app

from tracing.tracer import Tracer
from web.accounts.oidc import Client
from web.admission import Admission
from web.assistant.spread import AnyBot
from web.assistant.turn import Assistant
from web.canned import Canned
from web.contacts import Contacts
from web.desk.database import Database
from web.health.checks import Checks
from web.health.pulse import Pulse
from web.limits import Limit
from web.mail.post import Post
from web.notifications.following import Follower
from web.notifications.push import Pusher
from web.outages.ending import Crier
from web.pictures.catalogue import Pictures
from web.proof.gateway import Gateway
from web.publishing.duty import Duty
from web.publishing.releases import Releases
from web.realtime.bus import Bus
from web.realtime.dispatcher import Dispatcher
from web.realtime.reader import Reader
from web.realtime.ticker import Ticker
from web.settings import Settings

if TYPE_CHECKING:
    from faq.brand import Brand
    from faq.store import Store
    from faq.tips import Tips
    from flows import Flows
    from safety import Life
    from search import Engine
    from web.desk.measures.goals import Goals
    from web.desk.reviews.form import Form
    from web.wallet.helping import Helper


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of one running app. engine is None when the index cannot be opened.

    helper: what asks the wallet; None where there is none. dispatcher: None where agents take
    cases by hand. pusher: None where nothing is pushed.
    """

    settings: Settings
    database: Database
    bus: Bus
    bot: AnyBot
    tracer: Tracer
    assistant: Assistant
    helper: Helper | None
    engine: Engine | None
    life: Life | None
    brand: Callable[[], Brand]
    goals: Callable[[], Goals]
    review: Callable[[], Form]
    tips: Callable[[], Tips]
    variables: Mapping[str, str]
    messages: Limit
    openings: Limit
    votes: Limit
    opinions: Limit
    notes: Limit
    all_notes: Limit
    haste: Limit
    bookings: Limit
    free_bookings: Limit
    places: Limit
    worked: Limit
    contacts: Contacts
    uploads: Limit
    all_uploads: Limit
    signals: Limit
    mail: Post
    pusher: Pusher | None
    follower: Follower
    crier: Crier
    canned: Canned
    flows: Flows
    pictures: Pictures
    admission: Admission
    pulse: Pulse
    checks: Checks
    reader: Reader
    watch: Ticker
    shifts: Ticker
    dispatcher: Dispatcher | None
    owed: Ticker
    emails: Ticker
    following: Ticker
    freezes: Ticker | None
    news: Ticker
    numbers: Ticker
    retention: Ticker
    store: Store
    releases: Releases
    duty: Duty
    publishing: Ticker
    oidc: Client | None = None
    texting: Gateway | None = None

    def close(self) -> None:
        """Let go of connections and threads."""
        self.watch.close()
        self.shifts.close()
        if self.dispatcher is not None:
            self.dispatcher.close()
        self.owed.close()
        self.emails.close()
        self.following.close()
        if self.pusher is not None:
            self.pusher.close()
        if self.freezes is not None:
            self.freezes.close()
        self.news.close()
        self.numbers.close()
        self.retention.close()
        self.publishing.close()
        self.pulse.close()
        self.checks.close()
        self.reader.close()
        self.contacts.close()
        self.bus.close()
        self.bot.close()
        self.tracer.close()
        if self.helper is not None:
            self.helper.wallet.close()
        self.database.close()


def services() -> Services:
    """Return the services of the app that handles this request."""
    return cast(Services, current_app.extensions["services"])


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)
