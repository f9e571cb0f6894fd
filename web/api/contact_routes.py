"""The operations about callbacks, calls, the card and files, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from web.api import contact_bodies as bodies
from web.api.parameters import (
    ATTACHMENT,
    CALL,
    CLIENT,
    CONVERSATION,
    EPOCH,
    FILE_NAME,
    READ_SO_FAR,
)

Route = tuple[
    str,
    str,
    str,
    list[dict[str, Any]],
    type[BaseModel] | None,
    dict[int, type[BaseModel] | None],
    list[int],
]
HERE, THIS_CALL = [CONVERSATION], [CONVERSATION, CALL]
READ, WRITE = [401, 404], [400, 401, 404, 409, 413, 415, 422, 429, 503]
BASE = "/conversations/{conversation_id}"
ONE_CALL = f"{BASE}/calls/{{call_id}}"
ROUTES: list[Route] = [
    ("get", f"{BASE}/contacts", "Read the open callback and the live call, with their codes",
     HERE, None, {200: bodies.ContactsOut}, READ),
    ("get", f"{BASE}/callback/slots", "List the slots for a callback", HERE, None,
     {200: bodies.SlotsOut}, READ),
    ("post", f"{BASE}/callback", "Book a callback", HERE, bodies.Booking,
     {201: bodies.CallbackOut}, [*WRITE, 428]),
    ("put", f"{BASE}/callback", "Move the callback", HERE, bodies.Moving,
     {200: bodies.CallbackOut}, WRITE),
    ("delete", f"{BASE}/callback", "Cancel the callback", HERE, None,
     {200: bodies.CallbackOut}, [401, 404, 409]),
    ("post", f"{BASE}/calls", "Ask for a call; a live one is given back", HERE, bodies.NewCall,
     {201: bodies.StartedOut, 200: bodies.StartedOut}, WRITE),
    ("post", f"{ONE_CALL}/signals", "Say something to the other browser", THIS_CALL,
     bodies.Signals, {204: None}, WRITE),
    ("get", f"{ONE_CALL}/stream", "Follow a call and the other browser's signals", [
     *THIS_CALL, READ_SO_FAR], None, {200: None}, READ),
    ("post", f"{ONE_CALL}/connected", "Note that sound and picture arrive", THIS_CALL, None,
     {200: bodies.CallOut}, [401, 404, 409]),
    ("post", f"{ONE_CALL}/failed", "Note that the call could not be held", THIS_CALL,
     bodies.Failure, {200: bodies.CallOut}, WRITE),
    ("post", f"{ONE_CALL}/hang-up", "End the call", THIS_CALL, None, {200: bodies.CallOut}, READ),
    ("post", f"{ONE_CALL}/rejoin", "Hold the call on from a page that was loaded anew", THIS_CALL,
     None, {200: bodies.StartedOut}, [401, 404, 409]),
    ("post", f"{ONE_CALL}/away", "Note that the page was left; a reload may come back", [
     *THIS_CALL, EPOCH], None, {204: None}, [400, 401, 404, 422]),
    ("get", f"{BASE}/card", "Read the card", HERE, None, {200: bodies.CardOut}, READ),
    ("put", f"{BASE}/card", "Correct the card, until an agent has it", HERE, bodies.CardFields,
     {200: bodies.CardOut}, WRITE),
    ("post", f"{BASE}/attachments",
     "Send a picture or a document (PDF, DOCX, XLSX, OFD, text): the body, at most 8 MiB",
     [CONVERSATION, CLIENT, FILE_NAME], None, {201: bodies.PictureOut, 200: bodies.PictureOut},
     [400, 401, 404, 409, 413, 422, 429, 503]),
    ("get", f"{BASE}/attachments/{{attachment_id}}", "Get a picture (WebP), or a document to save",
     [CONVERSATION, ATTACHMENT], None, {200: None}, READ),
    ("post", f"{BASE}/evidence", "Pack a letter with transcript, card and files (ZIP)", HERE,
     bodies.Letter, {200: None}, [400, 401, 404, 413, 415, 422, 429]),
]  # fmt: skip
