"""What the API takes and gives; the OpenAPI document is made from these same models."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from web.desk.masking import UNTOLD, kinds

# Kept as it is: a number as long as a card's has no place in it.
_CARD_LONG = re.compile(r"(?<![A-Za-z0-9])[0-9]{13,19}(?![A-Za-z0-9])")


def no_card(client_id: str) -> str:
    """Return a client id; raises ValueError where one of its parts is as long as a card number."""
    if _CARD_LONG.search(client_id):
        raise ValueError("holds a number as long as a card's: make it of random letters and digits")
    return client_id


ClientId = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$"), AfterValidator(no_card)
]
Text = Annotated[str, StringConstraints(max_length=2000)]
Work = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,200}:[0-9]{1,16}$")]
KINDS = (*kinds(), UNTOLD)
# A page of yesterday or tomorrow may know other kinds; its message is taken all the same.
Masked = Annotated[
    Literal[KINDS], BeforeValidator(lambda kind: kind if kind in KINDS else UNTOLD)  # type: ignore[valid-type]
]


class Body(BaseModel):
    """A request's body: unknown fields are ignored, types are not bent."""

    model_config = ConfigDict(strict=True, extra="ignore")


class NewConversation(Body):
    """Opens a conversation, or takes up the open one of a signed-in customer."""

    channel: Literal["widget", "app", "help"]
    identity: Annotated[str, StringConstraints(max_length=8192)] | None = Field(
        None, description="the wallet's signed JWT: sub, name (optional), exp"
    )
    page: Annotated[str, StringConstraints(max_length=2000)] | None = Field(
        None, description="address of the page; its query is not kept"
    )
    client_id: ClientId | None = Field(
        None, description="of an anonymous opening; the same one within an hour opens no second"
    )


class NewMessage(Body):
    """A customer's message: free text, or a button's payload with its title as the text."""

    client_id: ClientId = Field(description="made by the client; a retry with it never doubles")
    text: Text
    payload: Annotated[str, StringConstraints(min_length=2, max_length=500)] | None = None
    masked: list[Masked] = Field(
        default_factory=list, max_length=20, description="secrets that the client hid already"
    )

    @model_validator(mode="after")
    def _says_something(self) -> NewMessage:
        if not any(char.isprintable() and not char.isspace() for char in self.text):
            raise ValueError("text is empty")
        return self


class AgentMessage(Body):
    """An agent's message."""

    client_id: ClientId
    text: Text

    @model_validator(mode="after")
    def _says_something(self) -> AgentMessage:
        if not any(char.isprintable() and not char.isspace() for char in self.text):
            raise ValueError("text is empty")
        return self


class ActorOut(BaseModel):
    """Who did it."""

    kind: Literal["customer", "bot", "agent", "system"]
    name: str | None


class EventOut(BaseModel):
    """One event of a conversation; ids rise (those between are not for customers)."""

    id: int
    type: Literal[
        "message",
        "escalated",
        "agent_joined",
        "agent_left",
        "transferred",
        "requeued",
        "hastened",
        "queue_left",
        "queue_returned",
        "closed",
        "reopened",
        "rated",
        "ticket_opened",
        "ticket_answered",
        "resolved",
        "notice",
        "attachment",
        "card_edited",
        "callback_booked",
        "callback_moved",
        "callback_cancelled",
        "callback_calling",
        "callback_retry",
        "callback_done",
        "callback_unreached",
        "callback_wrong_number",
        "call_requested",
        "call_accepted",
        "call_connected",
        "call_ended",
        "call_declined",
        "call_missed",
        "call_failed",
    ]
    at: str = Field(description="UTC, ISO 8601 with milliseconds")
    actor: ActorOut
    cause: int | None = Field(description="id of the event that this one answers")
    client_id: str | None
    data: dict[str, Any]


class PlaceOut(BaseModel):
    """A place in the queue, from 1; minutes: [low, high] until its turn, null when unknown."""

    place: int
    waiting: int
    minutes: list[int] | None
    agents: int = Field(description="who are there now")
    doubtful: bool = Field(description="behind the others until …/queue/work has its solution")


class PuzzleOut(BaseModel):
    """A task to work on: find a number by which SHA-256 of "task:number" begins with zero bits."""

    task: str
    bits: int


class WorkOut(BaseModel):
    """The puzzle of a place in the queue; null: it waits behind nobody."""

    puzzle: PuzzleOut | None


class ReadOut(BaseModel):
    """The newest event that each side has seen."""

    customer: int
    agent: int


class StateOut(BaseModel):
    """Who has the conversation now."""

    owner: Literal["bot", "queue", "agent"]
    queue: PlaceOut | None
    agent: str | None
    typing: str | None
    read: ReadOut


class ConversationOut(BaseModel):
    """An opened conversation; the token is told this once, and expires when it is not used."""

    id: str
    token: str
    expires_at: str
    events: list[EventOut]
    state: StateOut


class TokenOut(BaseModel):
    """A new token; the old one ends a minute after this one was first used."""

    token: str
    expires_at: str


class PostedOut(BaseModel):
    """A stored message with the events that it caused."""

    message: EventOut
    events: list[EventOut]
    state: StateOut


class EventsOut(BaseModel):
    """Events after an id."""

    events: list[EventOut]
    state: StateOut


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str
    code: str = Field(description="which rule it breaks, e.g. missing or string_too_long")
    message: str = Field(description="the same as a sentence, for developers")


class ProblemOut(BaseModel):
    """An error, RFC 9457: decide by `code` and the parameters; the sentences may change."""

    type: str
    code: str = Field(description="the end of `type`, e.g. wrong-state")
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None
    retry_after: int | None = Field(None, description="seconds, as in Retry-After")
    reason: str | None = Field(None, description="which of a code's cases it is")
    kinds: list[str] | None = Field(None, description="the secrets that a text asks for")
    puzzle: PuzzleOut | None = Field(None, description="what has to be solved before")
    next_opening: str | None = Field(None, description="when a closed channel opens next")
