"""Puts customers' answers to our emails into their conversations."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from web.desk import attachments, conversations, events, leases, tickets, turns
from web.desk.cases import current
from web.desk.database import Database
from web.desk.errors import DeskError, NotFound
from web.desk.events import CUSTOMER
from web.desk.hours import Hours
from web.desk.vault import Vault
from web.mail import replies
from web.mail.addresses import BadAddress, normalise
from web.mail.mailbox import Mailbox, Unread
from web.mail.replies import Enclosed, Reply
from web.offload import Overloaded
from web.pictures.remaking import receive
from web.realtime.bus import Bus, tell

log = logging.getLogger(__name__)
LEASE = "mailbox"
PERIOD = timedelta(seconds=20)


class Incoming:
    """Reads the mailbox now and then; of several processes one does it."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        vault: Vault,
        mailbox: Mailbox | None,
        folder: Path,
        hours: Callable[[], Hours],
        lures: Callable[[str], tuple[str, ...]] = lambda _: (),
    ) -> None:
        """lures: finds the kinds in what a customer writes, as the chat does."""
        self._lures = lures
        self._database = database
        self._bus = bus
        self._vault = vault
        self._mailbox = mailbox
        self._folder = folder
        self._hours = hours

    def collect(self, now: datetime) -> int:
        """Take every unread answer into its conversation; returns how many emails were read."""
        if self._mailbox is None or leases.take(self._database, LEASE, PERIOD, now) is None:
            return 0
        try:
            return self._mailbox.read(lambda raw: self.take(raw, now))
        except Unread as error:
            log.warning("the mailbox could not be read: %s", error)
            return 0

    def take(self, raw: bytes, now: datetime) -> None:
        """Take one email; what answers none of ours is left alone."""
        reply = replies.read(raw, self._vault)
        if reply is None:
            return
        # made anew beside the loop, and before anybody else has to wait for the database
        made = [_received(file) for file in reply.files]
        lures = self._lures(reply.text) if reply.text else ()
        with self._database.write() as session:
            try:
                conversations.hold(session, reply.conversation_id)
            except NotFound:
                return  # erased since
            known = events.of_client(
                session, reply.conversation_id, "customer", reply.client_id
            ) or events.of_client(
                session, reply.conversation_id, "customer", f"{reply.client_id}-0"
            )
            if known is None:
                self._write(session, reply, made, lures, now)
        tell(self._bus, reply.conversation_id, desk=True)

    def _write(
        self,
        session: Session,
        reply: Reply,
        made: list[Any],
        lures: tuple[str, ...],
        now: datetime,
    ) -> None:
        one = reply.conversation_id
        conversation = conversations.hold(session, one)
        if conversation.owner == "bot":
            # Nobody waits in the chat for it: it is a left message, also where one was answered.
            case = current(session, conversation)
            ticket = case is not None and case.state == "ticket"
            wish = tickets.Wish(
                text=reply.text or None,
                client_id=reply.client_id,
                lures=lures,
                email=None if ticket else self._address(reply.sender),
                topic=case.topic if case else None,
            )
            tickets.leave_message(session, one, wish, CUSTOMER, self._hours(), now)
        elif reply.text:
            conversations.post(session, one, reply.client_id, reply.text, now, lures=lures)
        left = 0
        for at, file in enumerate(made):
            if file is None:
                left += 1
                continue
            try:
                attachments.add(session, self._folder, one, f"{reply.client_id}-{at}", file, now)
            except DeskError as error:
                log.info("an attachment was left out: %s", error)
                left += 1
        if left:
            conversations.notice(session, one, "mail_files_left_out", now)
        if conversation.owner == "bot":
            turns.drop(session, one)  # a person answers, the bot owes nothing

    def _address(self, sender: str) -> str | None:
        try:
            return self._vault.seal(normalise(sender))
        except BadAddress:
            return None


def _received(file: Enclosed) -> Any:
    try:
        return receive(file.content, file.name)
    except (DeskError, Overloaded) as error:
        log.info("an attachment was left out: %s", error)
        return None
