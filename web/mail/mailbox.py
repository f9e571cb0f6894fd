"""Fetches answers to our emails from a mailbox by IMAP."""

from __future__ import annotations

import imaplib
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from web.mail.carrier import LOOPBACK, TIMEOUT, BadServer

log = logging.getLogger(__name__)
LARGEST = 20 * 1024 * 1024  # bytes of an email with everything in it
AT_ONCE = 20


class Unread(Exception):
    """The mailbox could not be read."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox: imaps://, or imap:// (TLS by STARTTLS; in the clear on this machine alone)."""

    host: str
    port: int
    tls: bool
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    @classmethod
    def of(cls, url: str) -> Mailbox:
        """Read imaps://user:password@host[:993][/INBOX]; raises BadServer."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise BadServer(f"no URL: {error}") from None
        if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
            raise BadServer("write imaps://user:password@host[:port][/folder]")
        tls = parts.scheme == "imaps"
        return cls(
            host=parts.hostname,
            port=port or (993 if tls else 143),
            tls=tls,
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )

    def read(self, take: Callable[[bytes], None]) -> int:
        """Hand over every unread email and mark it as read once it was taken; raises Unread.

        An email whose taking fails stays unread and comes again. Returns how many were taken.
        """
        try:
            server = self._connect()
            try:
                server.select(_quoted(self.folder))
                _, found = server.uid("SEARCH", "UNSEEN")
                numbers = (found[0] or b"").split()[:AT_ONCE]
                return sum(self._hand_over(server, number.decode(), take) for number in numbers)
            finally:
                server.shutdown()
        except (imaplib.IMAP4.error, OSError) as error:
            raise Unread(type(error).__name__) from error

    def _hand_over(self, server: imaplib.IMAP4, number: str, take: Callable[[bytes], None]) -> int:
        _, told = server.uid("FETCH", number, "(RFC822.SIZE)")
        size = int(bytes(told[0] or b"").rpartition(b"RFC822.SIZE ")[2].split(b")")[0].split()[0])
        if size <= LARGEST:
            _, parts = server.uid("FETCH", number, "(BODY.PEEK[])")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
            try:
                take(raw)
            except Exception as error:
                log.warning("an email was not taken: %s", type(error).__name__)
                return 0
        else:
            log.warning("an email of %d bytes was left", size)
        server.uid("STORE", number, "+FLAGS", "(\\Seen)")
        return 1

    def _connect(self) -> imaplib.IMAP4:
        context = ssl.create_default_context()
        if self.tls:
            server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                self.host, self.port, ssl_context=context, timeout=TIMEOUT
            )
        else:
            server = imaplib.IMAP4(self.host, self.port, timeout=TIMEOUT)
        try:
            if not self.tls and "STARTTLS" in server.capabilities and self.host not in LOOPBACK:
                server.starttls(context)
            elif not self.tls and self.host not in LOOPBACK:
                raise imaplib.IMAP4.error("a password never goes over the wire in the clear")
            server.login(self.user, self.password)
        except BaseException:
            server.shutdown()
            raise
        return server


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
