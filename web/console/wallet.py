"""The customer's wallet beside the card: for the agent who has the case, each look recorded."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Blueprint, Response, g, jsonify
from flask_login import login_required
from pydantic import StringConstraints, model_validator
from sqlalchemy.orm import Session

from web.api.bodies import Body, ClientId
from web.api.requests import body
from web.console.login import agent
from web.desk import conversations, reasons
from web.desk.errors import NotFound, NotYours, WrongState
from web.desk.masking import mask
from web.desk.models import Conversation
from web.desk.texts import clean
from web.problems import problem
from web.realtime.bus import tell
from web.services import Services, services, utc_now
from web.wallet import acting, fitting, looks, proposals
from web.wallet.acting import Errand
from web.wallet.client import NotThere, WalletDown
from web.wallet.contract import Transaction, Wish
from web.wallet.helping import Helper
from web.wallet.models import WalletRequest
from web.wallet.telling import Teller

blueprint = Blueprint("desk_wallet", __name__, url_prefix="/desk/api")
MOST = 20  # transactions that are shown
RETRY = 10  # seconds
EXPLAINED = ("Unfreeze", "Refund", "Dispute")  # asked for with a reason alone
CONCERNING = ("Refund", "Dispute")  # about one transaction
ONE = "/conversations/<conversation_id>/wallet/requests"
Why = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class Asked(Body):
    """What the wallet is asked to do; client_id: the same for a repeated try."""

    kind: Wish
    client_id: ClientId
    transaction: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{4,64}$")] | None = None
    why: Why = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Asked:
        if (self.kind in CONCERNING) != (self.transaction is not None):
            raise ValueError("a refund or a dispute names its transaction, nothing else does")
        return self


class Declined(Body):
    """Why a colleague's proposal is not confirmed."""

    why: Why


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


@blueprint.get(ONE)
def requests(conversation_id: str) -> Response:
    """List what was asked of the wallet in this case; the wallet itself is not asked."""
    web = services()
    _mine(web, conversation_id)
    with web.database.read() as session:
        return jsonify({"requests": proposals.of_case(session, conversation_id)})


@blueprint.post(ONE)
def ask(conversation_id: str) -> tuple[Response, int] | Response:
    """Have the wallet do something, or propose it where a second agent has to confirm it."""
    web, now = services(), utc_now()
    helper, conversation = _mine(web, conversation_id)
    wish = body(Asked)
    if wish.kind in EXPLAINED or wish.why:
        reasons.require(wish.why)
    g.said = (f"{wish.kind} {wish.transaction or ''}".strip(), wish.why)  # for the audit
    key = f"{conversation_id}-{wish.client_id}"
    customer, me = str(conversation.subject), agent().id
    with web.database.read() as session:
        known = session.get(WalletRequest, key)
    if known is not None:  # the answer to a first try was lost on the way
        state = known.state
        if state == "asked":
            state = _carry_out(web, helper, Errand.of(known, customer), me)
        return jsonify({"kind": known.kind, "state": state}), 202
    try:
        about = _about(helper, conversation, wish)
    except WalletDown:
        return problem(503, "unavailable", retry_after=RETRY)
    why = mask(clean(wish.why), "order_number")[0] or None
    state = "proposed" if wish.kind.lower() in web.settings.wallet_second else "asked"
    with web.database.write() as session:
        looks.begin(
            session, key, conversation_id, wish.kind, now, me, state=state, about=about, note=why
        )
        if why is not None or state == "proposed":
            _note(session, helper, key, state, why=why or "")
    if state == "asked":
        errand = Errand(key, conversation_id, customer, wish.kind, wish.transaction, why)
        state = _carry_out(web, helper, errand, me)
    tell(web.bus, conversation_id, desk=True)
    return jsonify({"kind": wish.kind, "state": state}), 202


@blueprint.post(f"{ONE}/<client_id>/confirm")
def confirm(conversation_id: str, client_id: str) -> tuple[Response, int] | Response:
    """Confirm what a colleague proposed; the wallet is asked for it now, or as soon as it can."""
    web, now = services(), utc_now()
    helper, key = _helper(web), f"{conversation_id}-{client_id}"
    with web.database.write() as session:
        row, fresh = proposals.confirm(session, key, agent(), now)
        if fresh:
            _note(session, helper, key, "confirmed")
        conversation = conversations.find(session, row.conversation_id)
        errand = Errand.of(row, str(conversation.subject))
        kind, state = row.kind, row.state
    if fresh:
        state = _carry_out(web, helper, errand, agent().id)
        tell(web.bus, conversation_id, desk=True)
    return jsonify({"kind": kind, "state": state}), 202


@blueprint.post(f"{ONE}/<client_id>/decline")
def decline(conversation_id: str, client_id: str) -> Response:
    """Say no to what a colleague proposed, and why."""
    why = reasons.require(body(Declined).why)
    g.said = ("", why)
    return _decide(conversation_id, client_id, why)


@blueprint.post(f"{ONE}/<client_id>/withdraw")
def withdraw(conversation_id: str, client_id: str) -> Response:
    """Take back one's own proposal."""
    return _decide(conversation_id, client_id, None)


def _decide(conversation_id: str, client_id: str, why: str | None) -> Response:
    web, now = services(), utc_now()
    helper, key = _helper(web), f"{conversation_id}-{client_id}"
    with web.database.write() as session:
        if why is None:
            row = proposals.withdraw(session, key, agent(), now)
            _note(session, helper, key, "withdrawn")
        else:
            row = proposals.decline(session, key, agent(), now)
            shown = mask(clean(why), "order_number")[0]
            _note(session, helper, key, "declined", why=shown)
        told = {"kind": row.kind, "state": row.state}
    tell(web.bus, conversation_id, desk=True)
    return jsonify(told)


def _carry_out(web: Services, helper: Helper, errand: Errand, me: int) -> str:
    """Ask the wallet and return the state; what it did not take now it is asked for again."""
    told = acting.carry_out(web.database, helper.wallet, errand, utc_now(), agent_id=me)
    return told.Status if told is not None else "asked"


def _note(session: Session, helper: Helper, key: str, name: str, **values: str) -> None:
    row = session.get_one(WalletRequest, key)
    proposals.note(session, helper.teller(), row, name, utc_now(), by=agent(), **values)


def _about(helper: Helper, conversation: Conversation, wish: Asked) -> dict[str, str] | None:
    """Return what is kept of the transaction in question; raises WalletDown.

    Raises NotFound where the customer has no such transaction, WrongState where the wish makes no
    sense for it or for the account.
    """
    wallet, customer = helper.wallet, str(conversation.subject)
    try:
        if wish.kind == "Unfreeze":
            if wallet.account(customer, wallet.deadline())[0].Status == "active":
                raise WrongState("the account is not held")
            return None
        if wish.transaction is None:
            return None
        found, _ = wallet.transaction(customer, wish.transaction, wallet.deadline())
    except NotThere:
        raise NotFound("the customer has no such thing") from None
    if wish.kind not in fitting.deeds(found):
        raise WrongState("not for this transaction")
    return helper.teller().card(found)


def _helper(web: Services) -> Helper:
    if web.helper is None:
        raise NotFound("no wallet is connected")
    return web.helper


def _mine(web: Services, conversation_id: str) -> tuple[Helper, Conversation]:
    """Return what asks the wallet, and the agent's own conversation of a signed-in customer."""
    helper = _helper(web)
    with web.database.read() as session:
        conversation = conversations.find(session, conversation_id)
    if conversation.owner != "agent" or conversation.agent_id != agent().id:
        raise NotYours(f"{conversation_id} is not this agent's")
    if conversation.subject is None:
        raise NotFound("the customer is not signed in")
    return helper, conversation


def _row(teller: Teller, one: Transaction, conversation: Conversation) -> dict[str, Any]:
    chosen = conversation.card.get("transaction") or {}
    step = teller.words.refund[one.Refund.Steps[-1].Step].title if one.Refund else None
    return {
        **teller.card(one),
        "card": f"{one.Card.Issuer} {one.Card.LastFour}" if one.Card else None,
        "refund": step,
        "chosen": chosen.get("id") == one.TransactionId,
        "may": fitting.deeds(one),
    }
