"""What the API takes and gives about the queue, tickets, ratings and cases."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from web.api.bodies import Body, ClientId, Work

Comment = Annotated[str, StringConstraints(max_length=500)]


class Joining(Body):
    """Joins the queue."""

    urgent: bool = Field(False, description="stolen, cheated, or a code given away: the fast lane")


class Working(Body):
    """Solves the puzzle of a place in the queue, or asks for one."""

    work: Work | None = None


class Typing(Body):
    """Says that somebody types, or has stopped."""

    on: bool


class Consenting(Body):
    """Agrees to something, or takes it back."""

    purpose: Literal["notices", "pictures", "tips", "video"] = Field(
        description="the wallet's news that are not urgent; sending pictures; safety tips now and "
        "then; calls with a camera"
    )
    given: bool


class ConsentsOut(BaseModel):
    """What the customer agreed to, by purpose; null where they were never asked."""

    consents: dict[Literal["notices", "pictures", "tips", "video"], bool | None]


class Reading(Body):
    """Says how far somebody has read."""

    event_id: Annotated[int, Field(ge=1, lt=10**9)]


class Leaving(Body):
    """Leaves a message that is answered later."""

    email: Annotated[str, StringConstraints(max_length=254)] | None = Field(
        None, description="where the answer goes as well; kept encrypted, erased with the answer"
    )
    text: Annotated[str, StringConstraints(max_length=2000)] | None = None
    client_id: ClientId | None = Field(None, description="of the text; a retry never doubles it")


class Rating(Body):
    """Rates the case that has ended."""

    score: Annotated[int, Field(ge=1, le=5)]
    comment: Comment | None = None
    client_id: ClientId | None = Field(None, description="a retry with it never rates twice")


class ChatOut(BaseModel):
    """Chat with an agent. place: what this customer has or would have; minutes: [low, high]."""

    open: bool
    next_opening: str | None
    waiting: int
    place: int
    minutes: list[int] | None
    agents: int
    next_shift: str | None = Field(description="while nobody is there: when somebody is planned")
    load: Literal["busy", "quiet", "normal"]


class FreeSlotOut(BaseModel):
    """A slot for a callback."""

    start: str
    end: str
    load: Literal["busy", "quiet", "normal"]
    free: int


class CallbackWayOut(BaseModel):
    """A callback, with the next slots, quiet ones first."""

    open: bool
    next_opening: str | None
    slots: list[FreeSlotOut]


class VideoWayOut(BaseModel):
    """A video call; agents: how many could take one now."""

    open: bool
    next_opening: str | None
    agents: int


class HotlineOut(BaseModel):
    """Telephone numbers, as far as this deployment has set them."""

    number: str | None
    emergency: str | None
    hours: str | None


class WaysOut(BaseModel):
    """The ways to a person."""

    chat: ChatOut
    callback: CallbackWayOut
    video: VideoWayOut
    hotline: HotlineOut


class TicketWayOut(BaseModel):
    """A message to be answered later; email: whether the answer can go there as well."""

    email: bool


class ChannelsOut(BaseModel):
    """The ways to a person side by side, and the one that we would take."""

    now: str
    advice: Literal["urgent", "chat", "callback", "video", "ticket"]
    channels: WaysOut
    ticket: TicketWayOut


class NextOut(BaseModel):
    """The next step of a case and its date."""

    code: Literal["queue", "agent", "ticket", "callback", "rate", "reopen", "none"]
    at: str | None


class CaseOut(BaseModel):
    """One case."""

    id: str
    conversation: str
    title: str | None
    topic: str | None
    state: Literal["bot", "queue", "agent", "ticket", "callback", "solved", "closed"]
    urgent: bool
    opened_at: str
    updated_at: str
    next: NextOut
    place: int | None
    score: int | None
    can_reopen_until: str | None


class CasesOut(BaseModel):
    """A customer's cases, the newest first."""

    cases: list[CaseOut]


class CopyOut(BaseModel):
    """All that is kept of a customer."""

    conversations: list[dict[str, Any]]
