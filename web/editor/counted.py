"""The report's numbers: of many questions they are counted in a process of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import search
from faq import checking, reporting
from search.documents import Faq
from search.reading.encoder import Encoder, encoder_of
from web.aside import aside
from web.desk import asked
from web.desk.asked import Asked
from web.desk.database import Database, open_database
from web.desk.sealing import Keys
from web.desk.vault import Vault
from web.offload import offload
from web.settings import Settings

FEW = 2_000  # questions, which a thread counts sooner than a process begins
CONNECTIONS = 2
Days = tuple[dt.date, dt.date]  # the first and the last, both included
Reports = list[reporting.Report]


@dataclass(frozen=True)
class Order:
    """What is to be counted: a report of each of these spans. since: what is read of the database.

    secrets: the newest first, which open what was asked.
    """

    database: str
    secrets: tuple[str, ...] = field(repr=False)
    search: search.Settings
    faqs: Mapping[str, Faq]
    since: dt.datetime
    spans: Sequence[Days]


def reports(
    settings: Settings,
    database: Database,
    engine: search.Engine,
    spans: Sequence[Days],
    zone: ZoneInfo | dt.timezone,
) -> Reports:
    """Count the reports of some spans; raises Overloaded, aside.Failed."""
    order = Order(
        settings.database,
        (settings.secret_key, *settings.old_secret_keys),
        engine.settings,
        dict(engine.generation.content.faqs),
        dt.datetime.combine(min(begin for begin, _ in spans), dt.time(), zone),
        tuple(spans),
    )

    def here() -> Reports:
        with database.read() as session:
            return _counted(session, order, engine.encoder)

    with database.read() as session:
        some = select(Asked.id).where(Asked.at >= order.since).limit(FEW + 1).subquery()
        many = session.scalar(select(func.count()).select_from(some)) or 0
    if many <= FEW:
        return offload(here)
    found: Reports = aside.ask(__name__, order)
    return found


def answer(order: Order) -> Reports:
    """Count, in the process that was begun for it."""
    database = open_database(order.database, CONNECTIONS, Keys(Vault(order.secrets)))
    with database.read() as session:
        return _counted(session, order, encoder_of(order.search))


def _counted(session: Session, order: Order, encode: Encoder | None) -> Reports:
    questions = list(asked.since(session, order.since))
    votes = asked.votes(session, order.since)
    told = asked.opinions(session, order.since)
    normalise = checking.normaliser()
    return [
        reporting.make(questions, votes, order.faqs, begin, end, normalise, told, encode)
        for begin, end in order.spans
    ]
