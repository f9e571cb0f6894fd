"""What the API takes and gives about reaching a customer who has left the page."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from web.api.bodies import Body


class PushKeys(Body):
    """A browser's public key and shared secret, in base64url."""

    p256dh: Annotated[str, StringConstraints(min_length=80, max_length=128)]
    auth: Annotated[str, StringConstraints(min_length=16, max_length=64)]


class Pushing(Body):
    """Asks to be told of answers by a push: what PushSubscription.toJSON() says."""

    endpoint: Annotated[str, StringConstraints(min_length=10, max_length=1000)]
    keys: PushKeys
    words: bool = Field(False, description="the notification shows what was said")


class Mailing(Body):
    """Asks to be told of answers by e-mail; null: not any more."""

    email: Annotated[str, StringConstraints(max_length=254)] | None
    words: bool = Field(False, description="the email says what was said")


class ReachOut(BaseModel):
    """How the customer is told of answers while away.

    push_key: for PushManager.subscribe; null where nothing is pushed. push: this browser is told.
    mail: whether emails can be sent. email: where they go, masked.
    """

    push_key: str | None
    push: bool
    mail: bool
    email: str | None
    words: bool
