"""The post: takes emails out of the database and hands them over, again and again if need be.

An email is claimed before it is sent and deleted after: one whose process dies in between goes out
a second time rather than never, and under the same Message-ID, by which mail programs show it once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import delete, select, update

from web import claims
from web.desk import tokens
from web.desk.database import Database
from web.desk.mails import Mail
from web.desk.vault import Unreadable, Vault
from web.mail.carrier import Carrier, Unsent
from web.mail.replies import sign

if TYPE_CHECKING:
    from faq.brand import Brand

log = logging.getLogger(__name__)
TEMPLATES = Path(__file__).parent / "templates"
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
AT_ONCE = 20
STAFF = "staff-letter-no-thread"  # in the Message-ID of an email that nobody's answer follows


class Post:
    """Sends what is due. Without a carrier nothing can be sent and no address should be asked."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        carrier: Carrier | None,
        sender: str,
        base_url: str,
        brand: Callable[[], Brand],
        *,
        answered: bool = False,
    ) -> None:
        self._database = database
        self._vault = vault
        self._carrier = carrier
        self._sender = sender
        self._base_url = base_url
        self._brand = brand
        self._answered = answered  # whether somebody reads what is written back
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            undefined=StrictUndefined,
            trim_blocks=True,
            autoescape=False,  # noqa: S701 (plain text)
        )

    @property
    def ready(self) -> bool:
        """Tell whether emails can be sent."""
        return self._carrier is not None and bool(self._sender)

    def deliver(self, now: datetime) -> int:
        """Send every email that is due; returns how many were taken."""
        if self._carrier is None or not self._sender:
            return 0
        with self._database.read() as session:
            query = select(Mail).where(Mail.due_at <= now).order_by(Mail.due_at, Mail.id)
            due = session.scalars(query.limit(AT_ONCE)).all()
        clock, sent = claims.running(now), 0
        for mail in due:
            claimed = clock()
            if self._take(mail, claimed):
                sent += self._send(self._carrier, mail, now, claimed)
        return sent

    def write(
        self,
        kind: str,
        address: str,
        data: Mapping[str, Any],
        message_id: str,
        written_at: datetime,
        link: str = "",
    ) -> EmailMessage:
        """Write an email; the template's first line is its subject.

        link: opens its conversation, "" where our address is not known.
        """
        template = self._templates.get_template(f"mail/{kind}.txt")
        subject, _, text = template.render(
            **data,
            link=link,
            home=self._base_url,
            brand=self._brand(),
            answered=self._answered,
        ).partition("\n")
        email = EmailMessage()
        email["From"] = self._sender
        email["To"] = address
        email["Subject"] = " ".join(subject.split())
        email["Date"] = format_datetime(written_at)
        email["Message-ID"] = message_id
        email["Auto-Submitted"] = "auto-generated"
        email.set_content(text.strip() + "\n")
        return email

    def _take(self, mail: Mail, now: datetime) -> bool:
        domain = self._sender.rpartition("@")[2].strip("> ")
        message_id = mail.message_id or sign(mail.conversation_id or STAFF, self._vault, domain)
        with self._database.write() as session:
            taken = session.execute(
                update(Mail)
                .where(Mail.id == mail.id, Mail.attempts == mail.attempts, Mail.due_at <= now)
                .values(
                    attempts=mail.attempts + 1, due_at=now + claims.CLAIM, message_id=message_id
                )
                .returning(Mail.id)
                .execution_options(synchronize_session=False)
            ).all()
            if len(taken) == 1 and self._base_url and mail.conversation_id is not None:
                tokens.issue_for_email(session, mail.conversation_id, self._token(message_id), now)
        mail.message_id = message_id
        return len(taken) == 1

    def _token(self, message_id: str) -> str:
        """Name the token of an email's link: the same however often the email is sent."""
        return self._vault.fingerprints(f"link:{message_id}")[0]

    def _link(self, mail: Mail) -> str:
        if not self._base_url or mail.conversation_id is None:
            return ""
        token = self._token(mail.message_id or "")
        # after the #, which browsers send to nobody: no log and no proxy learns it
        return f"{self._base_url}/letter#{mail.conversation_id}.{token}"

    def _send(self, carrier: Carrier, mail: Mail, now: datetime, claimed: datetime) -> int:
        try:
            email = self.write(
                mail.kind,
                self._vault.open(mail.address),
                mail.data,
                mail.message_id or "",
                mail.created_at,
                self._link(mail),
            )
            with claims.renewed(partial(self._put_off, mail.id), claimed):
                carrier.send(email)
        except Unsent as error:
            last = error.for_good or mail.attempts + 1 > len(PAUSES)
            log.warning("email %s: %s%s", mail.id, error, ", given up" if last else "")
            if last:
                self._drop(mail.id)
            else:
                self._put_off(mail.id, now + PAUSES[mail.attempts])
            return 0
        except Unreadable:
            log.warning("email %s: its address is sealed under a lost key, given up", mail.id)
            self._drop(mail.id)
            return 0
        self._drop(mail.id)
        return 1

    def _put_off(self, mail_id: int, due_at: datetime) -> None:
        with self._database.write() as session:
            session.execute(update(Mail).where(Mail.id == mail_id).values(due_at=due_at))

    def _drop(self, mail_id: int) -> None:
        with self._database.write() as session:
            session.execute(delete(Mail).where(Mail.id == mail_id))
