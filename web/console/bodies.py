"""What the console sends."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from web.api.bodies import AgentMessage, Body, ClientId
from web.api.contact_bodies import CardFields


class Outcome(Body):
    """How a booked call went."""

    outcome: Literal["reached", "no_answer", "wrong_number"]


class Page(Body):
    """Which of an agent's pages acts: a name that it has drawn for itself."""

    page: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,32}$")] | None = None


class Beat(Body):
    """A console's sign of life. active: somebody used the page since the last one."""

    active: bool = False
    status: Literal["online", "away"] | None = None


class Presence(Body):
    """How an agent takes chats."""

    status: Literal["online", "away"] | None = None
    max_chats: Annotated[int, Field(ge=1, le=20)] | None = None


class Improving(Body):
    """Proposes to the editors: which FAQ's draft, the customer's event, the answer's client id."""

    faq: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,100}$")]
    event: Annotated[int, Field(ge=1, lt=10**9)]
    client_id: ClientId


class Judgement(Body):
    """What an agent corrects of a case; what is left out stays, an empty field is cleared."""

    urgent: bool | None = None
    topic: Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,64}$")] | None = None
    card: CardFields | None = None
    tags: (
        Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=20)]
        | None
    ) = None


class Transfer(Body):
    """Hands a conversation to a colleague, or to the queue when `to` is null."""

    to: int | None = None
    note: Annotated[str, StringConstraints(max_length=1000)] = ""


class TicketAnswer(AgentMessage):
    """An answer to a ticket; asked: it stays open until the customer has written back."""

    then: Literal["done", "asked"] = "done"


class Answer(Body):
    """An answer that an agent writes down for themselves."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Note(Body):
    """A note for colleagues."""

    text: Annotated[str, StringConstraints(max_length=2000)]
    client_id: ClientId | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Note:
        if not self.text.strip():
            raise ValueError("text is empty")
        return self
