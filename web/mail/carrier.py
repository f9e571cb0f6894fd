"""Carries emails to a mail server by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

TIMEOUT = 15.0  # seconds for each step
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class BadServer(ValueError):
    """The mail server's URL cannot be used."""


class Unsent(Exception):
    """The email was not taken. for_good: trying again is no use."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Carrier:
    """A mail server: smtp:// (TLS by STARTTLS where it is offered) or smtps://."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> Carrier:
        """Read smtp://user:password@host:587; raises BadServer."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise BadServer(f"no URL: {error}") from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise BadServer("write smtp://[user:password@]host[:port] or smtps://…")
        tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=port or (465 if tls else 587 if parts.username else 25),
            tls=tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def send(self, email: EmailMessage) -> None:
        """Hand over one email; raises Unsent.

        Once the server has said 250 after the email's end it is sent, whatever becomes of the
        connection: what goes wrong while taking leave would send it a second time.
        """
        try:
            server = self._connect()
            try:
                server.send_message(email)
            finally:
                _leave(server)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise Unsent("recipient refused", for_good=all(c >= 500 for c in codes)) from error
        except smtplib.SMTPResponseException as error:
            # 5xx to the log-in is our own trouble, which an operator can fix.
            ours = isinstance(error, smtplib.SMTPAuthenticationError)
            raise Unsent(
                f"{error.smtp_code}", for_good=error.smtp_code >= 500 and not ours
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unsent(type(error).__name__, for_good=False) from error

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            server.ehlo()
            if not self.tls and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif not self.tls and self.user and self.host not in LOOPBACK:
                raise smtplib.SMTPException("a password never goes over the wire in the clear")
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()
