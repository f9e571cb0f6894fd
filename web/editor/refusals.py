"""How the editor pages say that something can't be done: one problem for each kind of FaqError."""

from __future__ import annotations

from flask import Response

from faq.errors import Busy, Collision, FaqError, NoRevision, NotAllowed
from web.editor import desk
from web.problems import problem
from web.publishing.judging import Unfit


def refuse(error: FaqError) -> Response:
    """Say what cannot be done, in a collision what stands there now, and what was found."""
    if isinstance(error, Collision):
        return problem(
            409,
            "changed-meanwhile",
            str(error),
            title="Somebody saved this in between",
            now=error.now,
            version=error.version,
        )
    if isinstance(error, Busy):
        return problem(503, "busy", str(error), retry_after=error.retry_after)
    if isinstance(error, NotAllowed):
        return problem(403, str(error), title="Somebody else has to do this")
    if isinstance(error, NoRevision):
        return problem(404, "not-found", str(error))
    found = desk.as_json(error.findings) if isinstance(error, Unfit) else []
    return problem(422, "refused", str(error), title="This cannot be saved", findings=found)
