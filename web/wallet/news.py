"""What the wallet tells by itself, brought into the conversation that it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from faq.wallet import Words
from web.assistant.replies import Button, Reply
from web.desk import conversations, events, turns
from web.desk.events import BOT, SYSTEM
from web.desk.hours import Hours
from web.desk.models import Conversation, Customer
from web.wallet import looks, payloads
from web.wallet.contract import Event, Incident, Request, Transaction
from web.wallet.models import WalletLook
from web.wallet.telling import Teller


@dataclass(frozen=True, slots=True)
class Herald:
    """Writes what happened at the wallet into conversations; returns the ids of those."""

    words: Callable[[], Words]
    hours: Callable[[], Hours]

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
        teller, says = self._teller(), self.words().says
        looks.record(
            session, conversation.id, told.Kind.lower(), told.Status, now, agent_id=row.agent_id
        )
        if told.Kind == "Verification":
            text = says["verified" if told.Status == "completed" else "not_verified"]
            events.append(session, conversation.id, "note", SYSTEM, {"text": text}, now)
        elif told.Kind == "Freeze" and told.Status == "completed":
            when = teller.moment(told.DateTime)
            self._say(session, conversation.id, teller.say("freeze_done", when=when), now)
        else:
            return []
        return [conversation.id]

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
        self._say(session, conversation_id, text, now, buttons)
        return [conversation_id]

    def _refund_arrived(
        self, session: Session, customer: str, about: Transaction, now: datetime
    ) -> list[str]:
        """Tell of a refund where it was asked about."""
        query = (
            select(WalletLook)
            .join(Conversation, Conversation.id == WalletLook.conversation_id)
            .where(Conversation.subject == customer, WalletLook.what == "transaction")
            .order_by(WalletLook.id.desc())
        )
        asked = [row for row in session.scalars(query) if about.TransactionId in row.refs]
        if not asked:
            return []
        conversation_id = asked[0].conversation_id
        self._say(session, conversation_id, self._teller().told("refund_arrived", about), now)
        return [conversation_id]

    def _incident_over(self, session: Session, over: Incident, now: datetime) -> list[str]:
        kinds = "、".join(self.words().kinds[kind] for kind in over.Kinds)
        text = self._teller().say("incident_over", kind=kinds)
        found = looks.asked_about(session, over.IncidentId)
        for conversation_id in found:
            conversations.hold(session, conversation_id)
            self._say(session, conversation_id, text, now)
        return found

    def _open(self, session: Session, customer: str, now: datetime) -> str:
        """Return the customer's open conversation, or a new one, which greets nobody."""
        known = session.get(Customer, customer)
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
    ) -> None:
        reply = Reply(text, buttons=tuple(buttons))
        events.append(session, conversation_id, "message", BOT, reply.data(), now)
        for button in reply.buttons:
            conversations.offer(session, conversation_id, button.payload)

    def _teller(self) -> Teller:
        return Teller(self.words(), self.hours().zone)
