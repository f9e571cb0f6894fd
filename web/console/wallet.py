"""The customer's wallet beside the card: for the agent who has the case, each look recorded."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import Blueprint, Response, jsonify
from flask_login import login_required
from pydantic import StringConstraints

from web.api.bodies import Body, ClientId
from web.api.requests import body
from web.console.login import agent
from web.desk import conversations
from web.desk.errors import NotFound, NotYours
from web.desk.models import Conversation
from web.problems import problem
from web.realtime.bus import tell
from web.services import Services, services, utc_now
from web.wallet import acting, looks
from web.wallet.client import NotThere, WalletDown
from web.wallet.contract import Transaction
from web.wallet.helping import Helper
from web.wallet.telling import Teller

blueprint = Blueprint("desk_wallet", __name__, url_prefix="/desk/api")
MOST = 20  # transactions that are shown
RETRY = 10  # seconds


class Asked(Body):
    """What the wallet is asked to do; client_id: the same for a repeated try."""

    kind: Literal["Verification", "Freeze"]
    client_id: ClientId
    transaction: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{4,64}$")] | None = None


@blueprint.before_request
@login_required
def only_agents() -> None:
    """Let only signed-in agents in."""


@blueprint.get("/conversations/<conversation_id>/wallet")
def look(conversation_id: str) -> Response:
    """Show the newest transactions, the account and the cards; nothing of it is kept."""
    web = services()
    helper, conversation = _mine(web, conversation_id)
    wallet, customer, now = helper.wallet, str(conversation.subject), utc_now()
    until = wallet.deadline()
    try:
        seen = wallet.transactions(customer, until)
        account, as_of = wallet.account(customer, until)
        cards = wallet.cards(customer, until)
    except (WalletDown, NotThere) as error:
        outcome = "refused" if isinstance(error, NotThere) else "down"
        with web.database.write() as session:
            looks.record(session, conversation_id, "list", outcome, now, agent_id=agent().id)
        return problem(503, "unavailable", retry_after=RETRY)
    shown = seen.transactions[:MOST]
    with web.database.write() as session:
        refs = [one.TransactionId for one in shown]
        looks.record(session, conversation_id, "list", "ok", now, agent_id=agent().id, refs=refs)
    teller = helper.teller()
    return jsonify(
        {
            "transactions": [_row(teller, one, conversation) for one in shown],
            "account": teller.account(account, as_of).split("\n")[0],
            "held": account.Status != "active",
            "cards": [f"{card.Issuer} {card.LastFour}" for card in cards.Data.Card],
            "source": teller.source(seen.as_of),
        }
    )


@blueprint.post("/conversations/<conversation_id>/wallet/requests")
def ask(conversation_id: str) -> tuple[Response, int] | Response:
    """Have the wallet verify the person in its own app, or freeze the account."""
    web = services()
    helper, conversation = _mine(web, conversation_id)
    wish = body(Asked)
    key = f"{conversation_id}-{wish.client_id}"
    told = acting.ask(
        web.database,
        helper.wallet,
        conversation,
        wish.kind,
        key,
        utc_now(),
        agent_id=agent().id,
        transaction=wish.transaction,
    )
    if told is None:
        return problem(503, "unavailable", retry_after=RETRY)
    tell(web.bus, conversation_id, desk=True)
    return jsonify({"kind": told.Kind, "state": told.Status}), 202


def _mine(web: Services, conversation_id: str) -> tuple[Helper, Conversation]:
    """Return what asks the wallet, and the agent's own conversation of a signed-in customer."""
    if web.helper is None:
        raise NotFound("no wallet is connected")
    with web.database.read() as session:
        conversation = conversations.find(session, conversation_id)
    if conversation.owner != "agent" or conversation.agent_id != agent().id:
        raise NotYours(f"{conversation_id} is not this agent's")
    if conversation.subject is None:
        raise NotFound("the customer is not signed in")
    return web.helper, conversation


def _row(teller: Teller, one: Transaction, conversation: Conversation) -> dict[str, Any]:
    chosen = conversation.card.get("transaction") or {}
    step = teller.words.refund[one.Refund.Steps[-1].Step].title if one.Refund else None
    return {
        **teller.card(one),
        "card": f"{one.Card.Issuer} {one.Card.LastFour}" if one.Card else None,
        "refund": step,
        "chosen": chosen.get("id") == one.TransactionId,
    }
