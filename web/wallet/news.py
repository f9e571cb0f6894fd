"""What the wallet tells by itself, brought into the conversation that it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from faq.wallet import Words
from web.assistant.replies import Button, Reply
from web.desk import consents, conversations, events, followups, offered, subjects, turns
from web.desk.events import BOT, SYSTEM
from web.desk.hours import Hours
from web.desk.models import Conversation
from web.wallet import looks, notices, payloads, proposals
from web.wallet.contract import Event, Incident, Request, Transaction
from web.wallet.models import WalletLook, WalletRequest
from web.wallet.notices import NEVER, Quiet
from web.wallet.telling import Teller


@dataclass(frozen=True, slots=True)
class Herald:
    """Writes what happened at the wallet into conversations; returns the ids of those.

    quiet: when only what is urgent is told: a suspicious payment, and a freeze that holds.
    """

    words: Callable[[], Words]
    hours: Callable[[], Hours]
    quiet: Quiet = NEVER

    def tell(self, session: Session, event: Event, now: datetime) -> list[str]:
        """Bring one event to whom it concerns; nobody where it names nobody we know."""
        customer, about = event.CustomerId, event.Transaction
        if event.Type == "incident.ended" and event.Incident is not None:
            return self._incident_over(session, event.Incident, now)
        if customer is None:
            return []
        if event.Type == "request.changed" and event.Request is not None:
            return self.request_changed(session, customer, event.Request, now)
        if about is None or about.CustomerId != customer:
            return []
        if event.Type == "transaction.suspicious":
            return self._suspicious(session, customer, about, now)
        if event.Type == "refund.credited":
            return self._refund_arrived(session, customer, about, now)
        return []

    def request_changed(
        self, session: Session, customer: str, told: Request, now: datetime
    ) -> list[str]:
        """Tell once how a request ended, whoever asked for it."""
        if told.CustomerId != customer:
            return []
        row = looks.changed(session, told)
        if row is None:
            return []
        conversation = conversations.hold(session, row.conversation_id)
        if conversation.subject != customer:
            return []
        says = self.words().says
        looks.record(
            session, conversation.id, told.Kind.lower(), told.Status, now, agent_id=row.agent_id
        )
        if told.Kind == "Verification":
            text = says["verified" if told.Status == "completed" else "not_verified"]
            events.append(session, conversation.id, "note", SYSTEM, {"text": text}, now)
        elif told.Status == "completed":
            self._done(session, row, told, now)
        elif told.Status == "refused":
            self._refused(session, row, told, now)
        else:
            return []
        return [conversation.id]

    def _done(self, session: Session, row: WalletRequest, told: Request, now: datetime) -> None:
        """Tell the customer that something holds now, and note it for agents."""
        teller = self._teller()
        if told.Kind in ("Freeze", "Unfreeze"):
            name = "freeze_done" if told.Kind == "Freeze" else "unfreeze_done"
            text = teller.say(name, when=teller.moment(told.DateTime))
        else:
            text = teller.say("request_done", **self._about(row))
        if row.agent_id is not None:
            proposals.note(session, teller, row, "done", now)
        urgent = told.Kind == "Freeze"
        self._say(session, row.conversation_id, text, now, urgent=urgent)

    def _refused(self, session: Session, row: WalletRequest, told: Request, now: datetime) -> None:
        """Note that the wallet refused; the customer is told of what agents asked for them."""
        teller = self._teller()
        why = teller.why_not(told.Kind, told.StatusReason)
        proposals.note(session, teller, row, "refused", now, reason=why.says)
        if told.Kind == "Unfreeze":
            text = teller.say("unfreeze_not", reason=why.says, remedy=why.remedy)
            self._say(session, row.conversation_id, text, now)
        elif told.Kind in ("Refund", "Dispute"):
            text = teller.say("request_not", reason=why.says, **self._about(row))
            self._say(session, row.conversation_id, text, now)

    def _about(self, row: WalletRequest) -> dict[str, str]:
        about = row.about or {}
        parts = {place: about.get(place, "") for place in ("payee", "amount")}
        return {"what": self.words().requests[row.kind], **parts}

    def _suspicious(
        self, session: Session, customer: str, about: Transaction, now: datetime
    ) -> list[str]:
        says = self.words().says
        conversation_id = self._open(session, customer, now)
        buttons = (
            Button(says["suspicious_yes"], payloads.act("mine", about.TransactionId)),
            Button(says["suspicious_no"], payloads.act("not_mine", about.TransactionId)),
        )
        conversation = conversations.hold(session, conversation_id)
        card = self._teller().card(about)
        conversation.card = {**conversation.card, "transaction": card}
        session.flush()
        text = self._teller().told("suspicious", about)
        self._say(session, conversation_id, text, now, buttons, urgent=True)
        return [conversation_id]

    def _refund_arrived(
        self, session: Session, customer: str, about: Transaction, now: datetime
    ) -> list[str]:
        """Tell of a refund where it was asked about."""
        mine = subjects.known_as(session, customer)
        query = (
            select(WalletLook)
            .join(Conversation, Conversation.id == WalletLook.conversation_id)
            .where(Conversation.subject.in_(mine), WalletLook.what.in_(("transaction", "refund")))
            .order_by(WalletLook.id.desc())
        )
        asked = [row for row in session.scalars(query) if about.TransactionId in row.refs]
        if not asked:
            return []
        conversation_id = asked[0].conversation_id
        conversation = conversations.hold(session, conversation_id)
        if consents.latest(session, conversation, "notices") is False:
            return []
        self._say(session, conversation_id, self._teller().told("refund_arrived", about), now)
        return [conversation_id]

    def _incident_over(self, session: Session, over: Incident, now: datetime) -> list[str]:
        kinds = "、".join(self.words().kinds[kind] for kind in over.Kinds)
        text = self._teller().say("incident_over", kind=kinds)
        found = []
        for conversation_id in looks.asked_about(session, over.IncidentId):
            conversation = conversations.hold(session, conversation_id)
            if consents.latest(session, conversation, "notices") is not False:
                self._say(session, conversation_id, text, now)
                found.append(conversation_id)
        return found

    def _open(self, session: Session, customer: str, now: datetime) -> str:
        """Return the customer's open conversation, or a new one, which greets nobody."""
        known = subjects.find(session, customer)
        visitor = conversations.Visitor(channel="app", subject=customer)
        if known is not None and known.conversation_id:
            before = session.get(Conversation, known.conversation_id)
            name = before.name if before is not None else None
            visitor = conversations.Visitor(channel="app", subject=customer, name=name)
        opened = conversations.open_for(session, visitor, now)
        if opened.created:
            turns.drop(session, opened.conversation.id)
        return opened.conversation.id

    def _say(
        self,
        session: Session,
        conversation_id: str,
        text: str,
        now: datetime,
        buttons: Iterable[Button] = (),
        *,
        urgent: bool = False,
    ) -> None:
        zone = self.hours().zone
        if not urgent and notices.hold(session, conversation_id, text, self.quiet, zone, now):
            return
        reply = Reply(text, buttons=tuple(buttons))
        event = events.append(session, conversation_id, "message", BOT, reply.data(), now)
        followups.owe(session, conversation_id, event.id, now, urgent=urgent)
        for button in reply.buttons:
            offered.note(session, conversation_id, button.payload)

    def _teller(self) -> Teller:
        return Teller(self.words(), self.hours().zone)
