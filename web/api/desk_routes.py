"""The operations about the queue, tickets, ratings and cases, for the OpenAPI document."""

from __future__ import annotations

from pydantic import BaseModel

from web.api import bodies
from web.api import desk_bodies as desk
from web.api import reach_bodies as reach
from web.api.contact_routes import BASE, HERE, READ, WRITE, Route

STEP = [401, 404, 409]
EVENTS: dict[int, type[BaseModel] | None] = {200: bodies.EventsOut}
ROUTES: list[Route] = [
    ("get", "/channels", "Compare the ways to a person; with a token, for its conversation", [],
     None, {200: desk.ChannelsOut}, [401, 429]),
    ("get", "/cases", "List the cases of the token's customer", [], None, {200: desk.CasesOut},
     [401]),
    ("post", f"{BASE}/queue", "Join the queue, or the fast lane", HERE, desk.Joining, EVENTS,
     WRITE),
    ("post", f"{BASE}/queue/work", "Work for a place that waits behind the others", HERE,
     desk.Working, {200: bodies.WorkOut}, WRITE),
    ("post", f"{BASE}/queue/leave", "Leave the queue", HERE, None, EVENTS, STEP),
    ("post", f"{BASE}/queue/return", "Take back, within 10 minutes, the waiting time one had",
     HERE, None, EVENTS, STEP),
    ("post", f"{BASE}/reopen", "Take up, within 7 days, the case that has ended", HERE, None,
     EVENTS, STEP),
    ("post", f"{BASE}/ticket", "Leave a message that is answered later", HERE, desk.Leaving,
     EVENTS, WRITE),
    ("post", f"{BASE}/rating", "Rate the case that has ended", HERE, desk.Rating, EVENTS, WRITE),
    ("post", f"{BASE}/typing", "Show the agent that the customer types", HERE, desk.Typing,
     {204: None}, WRITE),
    ("post", f"{BASE}/read", "Note how far the customer has read", HERE, desk.Reading,
     {204: None}, WRITE),
    ("get", f"{BASE}/copy", "Get a copy of all that is kept of the token's customer", HERE, None,
     {200: desk.CopyOut}, [*READ, 429]),
    ("delete", BASE, "Erase all that is kept of the token's customer; not while people serve them",
     HERE, None, {204: None}, [*READ, 409, 503]),
    ("get", f"{BASE}/consents", "Read what the customer agreed to; null: they were not asked",
     HERE, None, {200: desk.ConsentsOut}, READ),
    ("put", f"{BASE}/consents", "Agree to something, or take it back", HERE, desk.Consenting,
     {200: desk.ConsentsOut}, WRITE),
    ("get", f"{BASE}/reach", "Read how the customer is told of answers while away", HERE, None,
     {200: reach.ReachOut}, READ),
    ("delete", f"{BASE}/reach", "Be told of nothing any more, on no browser and by no email", HERE,
     None, {200: reach.ReachOut}, READ),
    ("put", f"{BASE}/reach/push", "Be told by a push to this browser", HERE, reach.Pushing,
     {200: reach.ReachOut}, WRITE),
    ("put", f"{BASE}/reach/mail", "Be told by e-mail", HERE, reach.Mailing,
     {200: reach.ReachOut}, WRITE),
    ("get", f"{BASE}/transcript", "Get the thread as a text file", HERE, None, {200: None}, READ),
]  # fmt: skip
