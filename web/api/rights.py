"""What a person may have done with what is kept of them: a copy of it, and its erasure."""

from __future__ import annotations

from flask import Blueprint, Response, json, jsonify
from sqlalchemy.orm import Session

from web.api.desk_bodies import Consenting
from web.api.requests import allow, bearer, body
from web.audit import chain
from web.audit.chain import Deed
from web.desk import blocks, bookings, cases, consents, conversations, tokens
from web.desk.errors import WrongState
from web.desk.models import Conversation
from web.limits import caller
from web.offload import disk
from web.privacy import erasure
from web.realtime.bus import tell
from web.services import services, utc_now

OWN = "own wish"
WAITING = ("ticket", "callback")  # states of a case that somebody still has to answer


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    base = "/conversations/<conversation_id>"
    blueprint.add_url_rule(f"{base}/copy", view_func=copy, endpoint="copy")
    blueprint.add_url_rule(base, view_func=erase, endpoint="erase", methods=["DELETE"])
    blueprint.add_url_rule(f"{base}/consents", view_func=consented, endpoint="consented")
    blueprint.add_url_rule(
        f"{base}/consents", view_func=consent, endpoint="consent", methods=["PUT"]
    )


def copy(conversation_id: str) -> Response:
    """Give all that is kept of the token's customer: signed in, of all their conversations."""
    web = services()
    allow(web.database, conversation_id)
    web.openings.take(f"copy:{conversation_id}")
    with web.database.read() as session:
        ids, _ = _theirs(session, conversation_id)
        found = erasure.copy(session, ids, web.contacts.vault)
    told = {"conversations": found}
    response = Response(json.dumps(told, indent=2), content_type="application/json")
    name = f"xiaohu-{utc_now():%Y%m%d}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def erase(conversation_id: str) -> tuple[str, int]:
    """Erase all that is kept of the token's customer.

    Raises WrongState while somebody serves or waits for them: a dispute must not vanish from
    under the one who handles it, and a fraudster with a stolen phone must not hide what they did.
    Raises Blocked while they are kept from people, which erasing themselves must not end.
    """
    web = services()
    allow(web.database, conversation_id)
    token = bearer()
    with web.database.write() as session:
        ids, subject = _theirs(session, conversation_id)
        for one in ids:
            _only_at_rest(session, conversations.hold(session, one))
            blocks.require_free(session, one, utc_now())
        mark = web.contacts.vault.fingerprints(subject or conversation_id)[0][:16]
        deed = Deed(
            "", "erase", object=f"customer:{mark}", address=caller(), reason="本人在页面删除"
        )
        chain.append(session, deed, utc_now())
        tokens.revoke(session, token)
    disk.run(
        lambda: erasure.erase(
            web.database, web.settings.pictures, web.settings.bot_memory, ids, subject
        )
    )
    for one in ids:
        tell(web.bus, one, desk=True)
    return "", 204


def consented(conversation_id: str) -> Response:
    """Tell what the token's customer agreed to; null where they were not asked."""
    web = services()
    allow(web.database, conversation_id)
    with web.database.read() as session:
        found = consents.shown(session, conversations.find(session, conversation_id))
    return jsonify({"consents": found})


def consent(conversation_id: str) -> Response:
    """Note what the customer agrees to, or takes back; what was said before stays provable."""
    web = services()
    allow(web.database, conversation_id)
    word = body(Consenting)
    web.notes.take(f"consent:{conversation_id}")
    with web.database.write() as session:
        conversation = conversations.hold(session, conversation_id)
        consents.say(session, conversation, word.purpose, word.given, utc_now())
        found = consents.shown(session, conversation)
    return jsonify({"consents": found})


def _theirs(session: Session, conversation_id: str) -> tuple[list[str], str | None]:
    own = conversations.find(session, conversation_id)
    if own.subject is None:
        return [own.id], None
    return erasure.of_subject(session, own.subject), own.subject


def _only_at_rest(session: Session, conversation: Conversation) -> None:
    case = cases.current(session, conversation)
    waits = case is not None and case.state in WAITING
    if conversation.owner != "bot" or waits or bookings.current(session, conversation.id):
        raise WrongState(f"{conversation.id} is with people")
