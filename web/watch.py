"""Timed work of the desk: agents who vanish, hours that end, emails that are due."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from web.desk import assignments, attendance, idle, leases, promises, tickets
from web.desk.database import Database
from web.desk.errors import DeskError
from web.desk.events import SYSTEM
from web.desk.hours import Hours
from web.desk.models import Conversation
from web.realtime.bus import Bus, tell

log = logging.getLogger(__name__)
LEASE = "desk"
PERIOD = timedelta(seconds=2)
WITH_PEOPLE = ("queue", "agent")  # owners


def sweep(database: Database, bus: Bus, hours: Hours, silence: timedelta, now: datetime) -> None:
    """Put back what silent agents had, end what customers left, turn who waits after hours into
    tickets, keep what is told.

    One process of all does it. After a pause of everything (a restart, a sleeping machine) the
    agents first get the time to show that they are there.
    """
    with database.read() as session:
        # by name: an index finds these, while "not the bot's" would look at every conversation
        busy = select(Conversation.id).where(Conversation.owner.in_(WITH_PEOPLE)).limit(1)
        if session.scalar(busy) is None:
            return
    since = leases.take(database, LEASE, PERIOD, now)
    if since is None:
        return
    promises.note(database, now, silence)
    if now - since >= silence:
        take_back(database, bus, silence, now)
    end_idle(database, bus, now)
    if not hours.is_open(tickets.CHANNEL, now):
        shelve(database, bus, hours, silence, now)


def take_back(database: Database, bus: Bus, silence: timedelta, now: datetime) -> list[str]:
    """Give the conversations of silent agents back to the queue's front; returns their ids."""
    limit = now - silence
    with database.read() as session:
        found = assignments.silent(session, limit)
    taken = []
    for conversation_id, agent in found:
        try:
            with database.write() as session:
                assignments.lose(session, conversation_id, agent, now, limit)
        except DeskError as error:
            log.info("kept: %s", error)  # the agent came back, or closed it, just now
            continue
        taken.append(conversation_id)
        tell(bus, conversation_id, moved=True)
    return taken


def end_idle(database: Database, bus: Bus, now: datetime) -> list[str]:
    """Ask customers who are gone, and close what they left; returns the conversations' ids."""
    with database.read() as session:
        found = idle.idle(session, now)
    ended = []
    for conversation_id in found:
        try:
            with database.write() as session:
                idle.end(session, conversation_id, now)
        except DeskError as error:
            log.info("not idle: %s", error)  # they are back, or a call is under way
            continue
        ended.append(conversation_id)
        tell(bus, conversation_id, moved=True)
    return ended


def shelve(
    database: Database, bus: Bus, hours: Hours, silence: timedelta, now: datetime
) -> list[str]:
    """Make tickets of those who still wait when the chat is closed and no agent is there.

    Urgent ones stay in the queue. Returns the conversations' ids.
    """
    with database.read() as session:
        if attendance.present(session, now, silence):
            return []
        query = select(Conversation.id).where(
            Conversation.owner == "queue", Conversation.urgent.is_(False)
        )
        found = session.scalars(query.order_by(Conversation.queued_at)).all()
    shelved = []
    for conversation_id in found:
        try:
            with database.write() as session:
                tickets.leave_message(session, conversation_id, tickets.Wish(), SYSTEM, hours, now)
        except DeskError as error:
            log.info("not shelved: %s", error)
            continue
        shelved.append(conversation_id)
        tell(bus, conversation_id, moved=True)
    return shelved
