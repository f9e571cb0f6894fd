"""Reads an answer to one of our emails: which conversation it is for, what is new in it."""

from __future__ import annotations

import hashlib
import hmac
import html
import re
import secrets
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr

import nh3
from mailparser_reply import EmailReplyParser

from web.desk.vault import Vault

LONGEST = 2000  # characters, as of a message
ID = re.compile(r"<([A-Za-z0-9_-]{16,32})\.([0-9a-f]{16})\.([0-9a-f]{32})@[^<>\s]+>")
# How mail programs head what they quote, where the library does not know it.
QUOTED = re.compile(
    r"^[ \t]*(在\s?[^\n]{4,120}(\n[^\n]{0,80})?写道\s?[:：]"
    r"|-{2,}\s*(原始邮件|转发邮件|回复的邮件|Original Message)\s*-{2,}"
    r"|发件人\s?[:：]|From:\s|_{12,}\s*$)",
    re.MULTILINE,
)
BREAK = re.compile(r"<br\s*/?>|</(p|div|li|tr|h\d)>", re.IGNORECASE)
QUOTE = re.compile(r"<blockquote.*</blockquote>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that came with an email, and what its sender calls it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What a customer wrote back. client_id: the same for the same email; files: as attached."""

    conversation_id: str
    client_id: str
    sender: str
    text: str
    files: tuple[Enclosed, ...]


def sign(conversation_id: str, vault: Vault, domain: str) -> str:
    """Draw a Message-ID that leads an answer back to its conversation; nobody can make one up."""
    nonce = secrets.token_hex(8)
    mark = vault.fingerprints(f"letter:{conversation_id}:{nonce}")[0][:32]
    return f"<{conversation_id}.{nonce}.{mark}@{domain}>"


def read(raw: bytes, vault: Vault) -> Reply | None:
    """Read an email; None when it answers none of ours or was written by a machine."""
    email = message_from_bytes(raw, policy=policy.default)
    automatic = str(email.get("Auto-Submitted", "no")).strip().lower() != "no"
    bulk = str(email.get("Precedence", "")).strip().lower() in (
        "bulk",
        "junk",
        "list",
        "auto_reply",
    )
    conversation_id = _thread(email, vault)
    if (
        conversation_id is None
        or automatic
        or bulk
        or email.get_content_type() == "multipart/report"
    ):
        return None
    named = str(email.get("Message-ID", "")).strip().encode() or raw
    files = [
        Enclosed(part.get_filename() or "", _bytes_of(part)) for part in email.iter_attachments()
    ]
    return Reply(
        conversation_id=conversation_id,
        client_id="mail-" + hashlib.sha256(named).hexdigest()[:40],
        sender=parseaddr(str(email.get("From", "")))[1],
        text=new_text(_text_of(email))[:LONGEST],
        files=tuple(files),
    )


def new_text(text: str) -> str:
    """Cut away what an answer quotes, and its signature."""
    text = text.replace("\r\n", "\n")
    heading = QUOTED.search(text)
    own = text[: heading.start()] if heading else text
    cut = EmailReplyParser(languages=["en", "zh"]).parse_reply(text=own) or ""
    lines = [line for line in cut.split("\n") if not line.lstrip().startswith(">")]
    return "\n".join(lines).strip()


def _thread(email: EmailMessage, vault: Vault) -> str | None:
    named = f"{email.get('In-Reply-To', '')} {email.get('References', '')}"
    for conversation_id, nonce, mark in ID.findall(named):
        for known in vault.fingerprints(f"letter:{conversation_id}:{nonce}"):
            if hmac.compare_digest(known[:32], mark):
                return str(conversation_id)
    return None


def _text_of(email: EmailMessage) -> str:
    part = email.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, UnicodeDecodeError):
        text = _bytes_of(part).decode("utf-8", "replace")
    if part.get_content_type() != "text/html":
        return text
    return html.unescape(nh3.clean(BREAK.sub("\n", QUOTE.sub("", text)), tags=set()))


def _bytes_of(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
