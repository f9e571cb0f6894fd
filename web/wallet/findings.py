"""What a turn finds in the wallet for the bot: transactions, an account, an incident, in words.

Each look is recorded (looks.py); a wallet that fails is a state among the facts, never an error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from faq.wallet import Concern, Words
from web.assistant.replies import Step
from web.desk.database import Database
from web.desk.hours import Hours
from web.wallet import fitting, looks, payloads
from web.wallet.client import NotThere, Wallet, WalletDown
from web.wallet.contract import Incident, Transaction
from web.wallet.payloads import NEITHER
from web.wallet.telling import Teller

if TYPE_CHECKING:
    from web.desk.models import Conversation


@dataclass(frozen=True, slots=True)
class Message:
    """A customer's message as the turn has it. sent: what the bot is told."""

    event_id: int
    text: str
    payload: str | None
    sent: str


@dataclass
class Help:
    """What was fetched. facts: for the bot. steps: web's own answer, which asks no bot.

    known: id → the card's part, of all that the bot may say was chosen.
    """

    facts: dict[str, Any] | None = None
    steps: list[Step] | None = None
    known: dict[str, dict[str, str]] = field(default_factory=dict)


class Finder:
    """Looks into the wallet of a signed-in customer and records each look."""

    def __init__(
        self,
        wallet: Wallet,
        words: Callable[[], Words],
        hours: Callable[[], Hours],
        database: Database,
    ) -> None:
        self.wallet = wallet
        self._words = words
        self._hours = hours
        self._database = database

    def teller(self) -> Teller:
        """Return what puts facts into words, as the words are now."""
        return Teller(self._words(), self._hours().zone)

    def by_hand(
        self,
        conversation: Conversation,
        message: Message,
        concern: Concern | None,
        now: datetime,
    ) -> Help:
        """Note that none of what was offered is meant: the flow goes on by questions."""
        self.record(conversation, message, "by_hand", "ok", now, concern)
        return Help(self._facts("by_hand", concern))

    def offer(
        self,
        conversation: Conversation,
        message: Message,
        concern: Concern,
        pending: list[str],
        faq: str | None,
        now: datetime,
        *,
        named: bool = False,
    ) -> Help:
        """Find the transactions that a message can mean, and those that were just offered.

        faq: the FAQ that the message asks for, if any. named: only those that the message names,
        for it may well go on about the one that was told before.
        """
        until = self.wallet.deadline()
        customer = str(conversation.subject)
        try:
            seen = self.wallet.transactions(customer, until)
        except NotThere:
            self.record(conversation, message, "list", "refused", now, concern)
            return Help()
        except WalletDown:
            self.record(conversation, message, "list", "down", now, concern)
            return Help(self._facts("down", concern))
        zone, words = self._hours().zone, self._words()
        said = fitting.read(message.text, words.days, now, zone)
        found = fitting.fit(concern, seen.transactions, said, now, zone)
        if named and not found.named:
            self.record(conversation, message, "beside", "ok", now, concern)
            return Help()
        teller = self.teller()
        by_id = {one.TransactionId: one for one in seen.transactions}
        wanted = [one.TransactionId for one in found.found]
        facts = self._facts("ok", concern)
        facts["offer"] = {
            "text": teller.say("one" if len(wanted) == 1 else "several"),
            "choices": [
                {"id": one, "title": teller.label(by_id[one]), "payload": payloads.choose(one)}
                for one in wanted
            ],
            "neither": {
                "title": teller.say("none_of_these"),
                "payload": payloads.choose(NEITHER),
            },
        }
        if not wanted and not pending and "RJCT" in concern.states:
            held = self.account(conversation, message, concern, now)
            if held.facts is not None and (held.facts.get("account") or {}).get("held"):
                return held  # nothing failed, for nothing can be paid
        told = [one for one in dict.fromkeys([*pending, *wanted]) if one in by_id]
        incident = self._incident(conversation, message, [by_id[one] for one in told], until, now)
        facts["known"] = {
            one: teller.chosen(by_id[one], seen.as_of, now, concern, found.pairs.get(one), incident)
            for one in told
        }
        facts["named"] = found.named
        facts["faq"] = faq
        facts["pending"] = [one for one in pending if one in by_id]
        # who asks how a refund stands, and has one, is told of it and not asked which
        sure = found.only and faq in concern.faqs and not pending
        facts["sure"] = wanted[0] if sure else None
        what = "transaction" if sure else "list"
        self.record(conversation, message, what, "ok", now, concern, wanted)
        return Help(facts, known={one: teller.card(by_id[one]) for one in told})

    def chosen(
        self,
        conversation: Conversation,
        message: Message,
        wanted: str,
        concern: Concern | None,
        now: datetime,
    ) -> Help:
        """Fetch the transaction that was chosen, and whether another one is just like it."""
        until = self.wallet.deadline()
        customer = str(conversation.subject)
        try:
            one, as_of = self.wallet.transaction(customer, wanted, until)
        except NotThere:
            self.record(conversation, message, "transaction", "refused", now, concern)
            return Help(self._facts("refused", concern))
        except WalletDown:
            self.record(conversation, message, "transaction", "down", now, concern)
            return Help(self._facts("down_chosen", concern))
        teller = self.teller()
        concern = concern or teller.concern_of(one)
        pair = None
        if concern.name == "dispute":
            try:
                seen = self.wallet.transactions(customer, until).transactions
                pair = fitting.twins(seen).get(wanted)
            except (WalletDown, NotThere):
                pair = None
        incident = self._incident(conversation, message, [one], until, now)
        facts = self._facts("ok", concern)
        facts["chosen"] = teller.chosen(one, as_of, now, concern, pair, incident)
        self.record(conversation, message, "transaction", "ok", now, concern, [wanted])
        return Help(facts, known={wanted: teller.card(one)})

    def again(
        self,
        conversation: Conversation,
        message: Message,
        wanted: str,
        concern: Concern,
        now: datetime,
    ) -> Help | None:
        """Say how far a transaction is that was told; None where the message names another one."""
        until = self.wallet.deadline()
        try:
            seen = self.wallet.transactions(str(conversation.subject), until)
        except (WalletDown, NotThere):
            self.record(conversation, message, "transaction", "down", now, concern)
            return Help()
        one = next((one for one in seen.transactions if one.TransactionId == wanted), None)
        zone = self._hours().zone
        said = fitting.read(message.text, self._words().days, now, zone)
        found = fitting.fit(concern, seen.transactions, said, now, zone)
        if one is None or (found.named and one not in found.found):
            return None
        incident = self._incident(conversation, message, [one], until, now)
        facts = self._facts("ok", concern)
        facts["again"] = self.teller().again(one, seen.as_of, now, incident)
        self.record(conversation, message, "transaction", "ok", now, concern, [wanted])
        return Help(facts)

    def account(
        self, conversation: Conversation, message: Message, concern: Concern, now: datetime
    ) -> Help:
        """Fetch how the customer's account stands."""
        try:
            account, as_of = self.wallet.account(str(conversation.subject), self.wallet.deadline())
        except (WalletDown, NotThere):
            self.record(conversation, message, "account", "down", now, concern)
            return Help(self._facts("down", concern))
        self.record(conversation, message, "account", "ok", now, concern)
        facts = self._facts("ok", concern)
        held = account.Status != "active"
        facts["account"] = {"text": self.teller().account(account, as_of), "held": held}
        return Help(facts)

    def _incident(
        self,
        conversation: Conversation,
        message: Message,
        about: list[Transaction],
        until: float,
        now: datetime,
    ) -> Incident | None:
        """Find what is broken now and explains one of these; who asked is told when it is over."""
        reasons = self._words().reasons
        kinds = {
            one.Kind
            for one in about
            if one.Status == "PDNG"
            or (
                one.StatusReason
                and one.StatusReason in reasons
                and reasons[one.StatusReason].system
            )
        }
        if not kinds:
            return None
        try:
            found = [one for one in self.wallet.incidents(until) if kinds & set(one.Kinds)]
        except (WalletDown, NotThere):
            return None
        if not found:
            return None
        refs = [found[0].IncidentId]
        self.record(conversation, message, "incident", "ok", now, None, refs)
        return found[0]

    def _facts(self, state: str, concern: Concern | None) -> dict[str, Any]:
        """Say what the bot always needs: which questions these facts answer, and the words."""
        words = self._words().says
        names = (
            *("none", "none_found", "down", "down_chosen", "refused", "another"),
            *("more", "solved", "human"),
        )
        return {
            "state": state,
            "flows": sorted(concern.flows) if concern else [],
            "faqs": sorted(concern.faqs) if concern else [],
            "says": {name: words[name] for name in names},
        }

    def record(
        self,
        conversation: Conversation,
        message: Message,
        what: str,
        outcome: str,
        now: datetime,
        concern: Concern | None,
        refs: list[str] | None = None,
    ) -> None:
        """Write down a look, or what the customer said of one; refs: ids of the wallet's."""
        with self._database.write() as session:
            looks.record(
                session,
                conversation.id,
                what,
                outcome,
                now,
                event_id=message.event_id,
                concern=concern.name if concern else None,
                refs=refs or (),
            )
