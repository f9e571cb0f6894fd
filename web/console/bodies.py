"""What the console sends about callbacks."""

from __future__ import annotations

from typing import Literal

from web.api.bodies import Body


class Outcome(Body):
    """How a booked call went."""

    outcome: Literal["reached", "no_answer", "wrong_number"]
