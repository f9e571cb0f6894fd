"""What the API takes and gives about callbacks, calls, the card and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
)

from web.api.bodies import Body, ClientId, EventOut, Work
from web.desk import cards

Short = Annotated[str, StringConstraints(max_length=500)]


class Booking(Body):
    """A callback to book. The number may be written as people write it."""

    model_config = ConfigDict(strict=False, extra="ignore")

    number: Annotated[str, StringConstraints(min_length=3, max_length=40)]
    start: AwareDatetime = Field(description="one of the offered slots")
    client_id: ClientId | None = Field(None, description="a retry with it never books twice")
    work: Work | None = Field(None, description="the solution of the puzzle of a 428")


class Moving(Body):
    """Another slot for the booked callback."""

    model_config = ConfigDict(strict=False, extra="ignore")

    start: AwareDatetime


class NewCall(Body):
    """A call to ask for."""

    media: Literal["video", "audio"]
    client_id: ClientId | None = Field(None, description="a retry with it never calls twice")


class Failure(Body):
    """Why a call could not be held."""

    reason: Literal["network", "media", "lost"]


class Signal(Body):
    """One word between the two browsers: WebRTC's own, what is on or shown, a still."""

    kind: Literal["offer", "answer", "candidate", "media", "again", "snapshot"]
    data: dict[str, Any] = Field(default_factory=dict)


class Signals(Body):
    """Words for the other side of a call; kept until it has read them, never stored."""

    signals: list[Signal] = Field(min_length=1, max_length=50)


if TYPE_CHECKING:

    class CardFields(Body):
        """See below: its fields are the card's."""

else:
    CardFields = create_model(
        "CardFields",
        __base__=Body,
        __doc__="The customer's corrections; what is left out stays, empty ones are cleared.",
        **dict.fromkeys(cards.WRITTEN, (Short | None, None)),
    )


class Letter(Body):
    """A complaint's letter, as its customer edited it."""

    letter: Annotated[str, StringConstraints(min_length=1, max_length=12_000)]


class SlotOut(BaseModel):
    """A half hour in which to be called; `left` says how many more calls it takes."""

    start: str
    until: str
    load: Literal["quiet", "normal", "busy"]
    left: int


class SlotsOut(BaseModel):
    """Slots within a week in their order of time, and the first few quiet ones."""

    slots: list[SlotOut]
    suggested: list[SlotOut]


class CallbackOut(BaseModel):
    """A booked call; the caller must say the code. unproven: a link was sent to its number."""

    id: int
    state: Literal[
        "unproven", "booked", "calling", "done", "cancelled", "unreached", "wrong_number", "lapsed"
    ]
    number: str = Field(description="masked")
    slot: str
    until: str
    due: str
    attempts: int
    code: str


class CallOut(BaseModel):
    """A call; the agent must say the code."""

    id: str
    conversation: str
    state: Literal[
        "requested", "ringing", "connecting", "connected", "ended", "declined", "missed", "failed"
    ]
    media: Literal["video", "audio"]
    code: str
    agent: str | None
    reason: str | None
    connected_at: str | None
    seconds: int | None
    epoch: int = Field(description="how often a side came again; both begin their line anew then")


class StartedOut(BaseModel):
    """A call with the ICE servers of this side."""

    call: CallOut
    ice_servers: list[dict[str, Any]]
    relay: bool = Field(False, description="sound and picture go over the relay alone")


class ContactsOut(BaseModel):
    """What is open in the conversation."""

    callback: CallbackOut | None
    call: CallOut | None


class CardOut(BaseModel):
    """The card, and whether the customer may still correct it."""

    card: dict[str, Any]
    editable: bool


class PictureOut(BaseModel):
    """The event of a picture or document that was taken."""

    event: EventOut
