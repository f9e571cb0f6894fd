"""Silent work: what one address asks for beyond what people ask for costs its script some seconds.

Nobody is refused a place in the queue: one that was not worked for waits behind the others.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from web.api.desk_bodies import Working
from web.api.requests import allow, body
from web.desk import conversations, doubts, puzzles
from web.desk.puzzles import Purpose, Puzzle, WorkNeeded
from web.limits import caller
from web.realtime.bus import tell
from web.services import Services, services, utc_now

QUEUE, CALLBACK = "queue", "callback"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    path = "/conversations/<conversation_id>/queue/work"
    blueprint.add_url_rule(path, view_func=prove, endpoint="queue_work", methods=["POST"])


def prove(conversation_id: str) -> Response:
    """Give the puzzle of a place that waits behind the others, and take its solution."""
    web = services()
    allow(web.database, conversation_id)
    work = body(Working).work
    web.signals.take(f"work:{conversation_id}")
    with web.database.read() as session:
        doubtful = conversations.find(session, conversation_id).doubtful
    if doubtful and work is not None and _counts(web, QUEUE, conversation_id, work):
        doubtful = _judge(web, conversation_id, doubtful=False)
    puzzle = _draw(web, QUEUE, conversation_id) if doubtful else None
    shown = {"task": puzzle.task, "bits": puzzle.bits} if puzzle else None
    return jsonify({"puzzle": shown})


def require(web: Services, conversation_id: str, work: str | None) -> None:
    """Let a stranger's booking in: the first few of an address as they are, then for work.

    Raises WorkNeeded.
    """
    if work is not None and _counts(web, CALLBACK, conversation_id, work):
        return
    if not web.free_bookings.allows_here("address:"):
        raise WorkNeeded(_draw(web, CALLBACK, conversation_id))


def doubt(web: Services, conversation_id: str) -> None:
    """Put a new place behind the others where its address has had its share of the hour.

    Whoever is signed in is known; danger and whose agent was lost go before all in any case.
    """
    with web.database.read() as session:
        conversation = conversations.find(session, conversation_id)
    if conversation.owner != "queue" or conversation.subject is not None or conversation.front:
        return
    doubtful = not web.places.allows_here("address:")
    if doubtful != conversation.doubtful:
        _judge(web, conversation_id, doubtful=doubtful)


def _judge(web: Services, conversation_id: str, *, doubtful: bool) -> bool:
    with web.database.write() as session:
        doubts.judge(session, conversation_id, doubtful=doubtful)
    tell(web.bus, conversation_id, moved=True)
    return doubtful


def _draw(web: Services, kind: str, conversation_id: str) -> Puzzle:
    purpose = Purpose(kind, conversation_id, caller())
    return puzzles.draw(web.contacts.vault, purpose, web.settings.work_bits, utc_now())


def _counts(web: Services, kind: str, conversation_id: str, work: str) -> bool:
    purpose = Purpose(kind, conversation_id, caller())
    task = puzzles.solved(web.contacts.vault, purpose, work, utc_now())
    return task is not None and web.worked.allows(task)
