"""What the wallet adds to a turn of the assistant: facts for the bot, and what only web can do.

Before the bot is asked, what the message needs is fetched and goes along with it. What asks for
something to be done (freeze) web answers itself: it is the one that does it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from faq.wallet import Concern, Words
from search import UnknownFaq, fill
from web.assistant.fallback import asked_faq
from web.assistant.replies import Button, Escalate, Note, Reply, Step
from web.desk.database import Database
from web.desk.hours import Hours
from web.wallet import acting, fitting, looks, payloads
from web.wallet.client import NotThere, Wallet, WalletDown
from web.wallet.contract import Incident, Transaction
from web.wallet.news import Herald
from web.wallet.notices import NEVER, Quiet
from web.wallet.payloads import NEITHER, Wish
from web.wallet.telling import Teller

if TYPE_CHECKING:
    from search import Engine
    from web.desk.models import Conversation

log = logging.getLogger(__name__)
STILL = timedelta(minutes=30)  # for which what was chosen, or not, counts for the next message
BRIEF = 12  # characters of a message that may well be about what is talked about


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


class Helper:
    """Looks into the wallet of a signed-in customer, records each look, and acts when told to."""

    def __init__(
        self,
        wallet: Wallet,
        words: Callable[[], Words],
        hours: Callable[[], Hours],
        database: Database,
        engine: Engine | None,
        variables: Mapping[str, str],
        quiet: Quiet = NEVER,
    ) -> None:
        self.wallet = wallet
        self.herald = Herald(words, hours, quiet)
        self._words = words
        self._hours = hours
        self._database = database
        self._engine = engine
        self._variables = variables

    @property
    def budget(self) -> float:
        """Seconds that a turn may take longer because of the wallet."""
        return self.wallet.budget

    def teller(self) -> Teller:
        """Return what puts facts into words, as the words are now."""
        return Teller(self._words(), self._hours().zone)

    def prepare(self, conversation: Conversation, message: Message, now: datetime) -> Help:
        """Fetch what a message needs; never raises for a wallet that fails."""
        if conversation.subject is None:
            return Help()
        wish = payloads.read(message.payload)
        if wish is not None and wish.act is not None:
            return Help(steps=self._act(conversation, message, wish, now))
        with self._database.read() as session:
            last = looks.last(session, conversation.id, now - STILL)
        if wish is not None and wish.transaction == NEITHER:
            concern = self._words().concerns.get(last.concern or "") if last else None
            self._record(conversation, message, "by_hand", "ok", now, concern)
            return Help(self._facts("by_hand", concern))
        if wish is not None:
            concern = self._words().concerns.get(last.concern or "") if last else None
            return self._chosen(conversation, message, str(wish.transaction), concern, now)
        offered = last is not None and last.what == "list" and last.refs and message.payload is None
        concern = self._concern(conversation, message)
        if concern is None and offered and last is not None:
            concern = self._words().concerns.get(last.concern or "")
        if concern is None:
            return Help()
        by_hand = last is not None and last.what == "by_hand" and last.concern == concern.name
        if by_hand:
            return Help()
        if concern.account:
            return self._account(conversation, message, concern, now)
        return self._offer(
            conversation, message, concern, list(last.refs) if last and offered else [], now
        )

    def complete(self, help_: Help, steps: list[Step]) -> list[Step]:
        """Put the chosen transaction, which the bot names by its id, on the card."""
        found: list[Step] = []
        for step in steps:
            if isinstance(step, Note | Escalate) and "transaction" in step.card:
                card = dict(step.card)
                chosen = help_.known.get(str(card.pop("transaction")))
                step = replace(step, card=card | ({"transaction": chosen} if chosen else {}))
            found.append(step)
        return self._with_freezing(found)

    def without_bot(self, help_: Help) -> list[Step] | None:
        """Answer with what was fetched while the bot is down; None where that says nothing."""
        facts, words = help_.facts or {}, self._words().says
        human = Button(words["human"], "/human")
        if chosen := facts.get("chosen"):
            known = help_.known.get(chosen["id"])
            note = [Note({"transaction": known})] if known else []
            return [Reply(chosen["text"], buttons=(human,)), *note]
        if offer := facts.get("offer"):
            buttons = [Button(one["title"], one["payload"]) for one in offer["choices"]]
            return [Reply(offer["text"], buttons=(*buttons, human))]
        if account := facts.get("account"):
            return [Reply(account["text"], buttons=(human,))]
        return None

    def _concern(self, conversation: Conversation, message: Message) -> Concern | None:
        """Tell what kind of question about transactions a message asks, if any."""
        words = self._words()
        faq = self._faq_of(message)
        if message.payload is not None and faq is None:
            return words.concern(message.payload.removeprefix("/"), None)
        if message.sent.startswith("/") and faq is None:
            return None
        if faq is not None and self._engine is not None:
            try:
                concern = words.concern(self._engine.shown(faq).flow, faq)
            except UnknownFaq:
                concern = None
            if concern is not None:
                return concern
        topic = conversation.card.get("topic")
        if len(message.text) <= BRIEF and isinstance(topic, str):
            return words.concern(topic, None)
        return None

    def _faq_of(self, message: Message) -> str | None:
        """Return the FAQ that a message asks for, by a button or in its words."""
        if message.payload is not None:
            return asked_faq(message.payload)
        if self._engine is None or message.sent.startswith("/"):
            return None
        found = self._engine.rank(message.text, limit=1)
        sure = found.band != "unknown" and found.topic is None
        return found.hits[0].id if sure and found.hits else None

    def _offer(
        self,
        conversation: Conversation,
        message: Message,
        concern: Concern,
        pending: list[str],
        now: datetime,
    ) -> Help:
        """Find the transactions that a message can mean, and those that were just offered."""
        until = self.wallet.deadline()
        customer = str(conversation.subject)
        try:
            seen = self.wallet.transactions(customer, until)
        except NotThere:
            self._record(conversation, message, "list", "refused", now, concern)
            return Help()
        except WalletDown:
            self._record(conversation, message, "list", "down", now, concern)
            return Help(self._facts("down", concern))
        zone, words = self._hours().zone, self._words()
        said = fitting.read(message.text, words.days, now, zone)
        found = fitting.fit(concern, seen.transactions, said, now, zone)
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
        told = [one for one in dict.fromkeys([*pending, *wanted]) if one in by_id]
        incident = self._incident(conversation, message, [by_id[one] for one in told], until, now)
        facts["known"] = {
            one: teller.chosen(by_id[one], seen.as_of, now, concern, found.pairs.get(one), incident)
            for one in told
        }
        facts["named"] = found.named
        facts["faq"] = self._faq_of(message)
        facts["pending"] = [one for one in pending if one in by_id]
        self._record(conversation, message, "list", "ok", now, concern, wanted)
        return Help(facts, known={one: teller.card(by_id[one]) for one in told})

    def _chosen(
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
            self._record(conversation, message, "transaction", "refused", now, concern)
            return Help(self._facts("refused", concern))
        except WalletDown:
            self._record(conversation, message, "transaction", "down", now, concern)
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
        self._record(conversation, message, "transaction", "ok", now, concern, [wanted])
        return Help(facts, known={wanted: teller.card(one)})

    def _account(
        self, conversation: Conversation, message: Message, concern: Concern, now: datetime
    ) -> Help:
        try:
            account, as_of = self.wallet.account(str(conversation.subject), self.wallet.deadline())
        except (WalletDown, NotThere):
            self._record(conversation, message, "account", "down", now, concern)
            return Help(self._facts("down", concern))
        self._record(conversation, message, "account", "ok", now, concern)
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
        self._record(conversation, message, "incident", "ok", now, None, refs)
        return found[0]

    def _facts(self, state: str, concern: Concern | None) -> dict[str, Any]:
        """Say what the bot always needs: which questions these facts answer, and the words."""
        words = self._words().says
        names = ("none", "none_found", "down", "down_chosen", "refused", "more", "solved", "human")
        return {
            "state": state,
            "flows": sorted(concern.flows) if concern else [],
            "faqs": sorted(concern.faqs) if concern else [],
            "says": {name: words[name] for name in names},
        }

    def _act(
        self, conversation: Conversation, message: Message, wish: Wish, now: datetime
    ) -> list[Step]:
        says = self._words().says
        if wish.act == "freeze":
            buttons = (
                Button(says["freeze_yes"], payloads.act("freeze_now")),
                Button(says["freeze_no"], payloads.act("keep")),
            )
            return [Reply(says["freeze_ask"], buttons=buttons)]
        if wish.act == "keep":
            return [Reply(says["freeze_kept"], buttons=(self._freezing(),))]
        if wish.act == "mine":
            self._record(conversation, message, "mine", "ok", now, None, [wish.transaction or ""])
            return [Reply(says["suspicious_mine"])]
        key = f"{conversation.id}-{message.event_id}-freeze"
        errand = acting.Errand(key, conversation.id, str(conversation.subject), "Freeze")
        told = acting.ask(self._database, self.wallet, errand, now, event_id=message.event_id)
        return self._frozen(told.Status if told else None, now)

    def _frozen(self, status: str | None, now: datetime) -> list[Step]:
        says = self._words().says
        if status == "completed":
            first = self.teller().say("freeze_done", when=self.teller().moment(now))
        elif status == "accepted":
            first = says["freeze_accepted"]
        else:
            hotline = fill("{{ emergency_hotline }}", self._variables)
            first = self.teller().say("freeze_failed", hotline=hotline)
        return [
            Reply(first),
            Reply(says["freeze_next"], "markdown"),
            Note({"topic": "fraud"}),
            Escalate("fraud", "urgent", urgent=True, card={"topic": "fraud"}),
        ]

    def _freezing(self) -> Button:
        return Button(self._words().says["freeze_button"], payloads.act("freeze"))

    def _with_freezing(self, steps: list[Step]) -> list[Step]:
        """Offer 「马上冻结」 under an answer about danger."""
        words = self._words()
        danger = any(
            (isinstance(step, Reply) and step.faq_id in words.danger_faqs)
            or (isinstance(step, Note | Escalate) and _topic(step) in words.danger_topics)
            for step in steps
        )
        places = [at for at, step in enumerate(steps) if isinstance(step, Reply)]
        if not danger or not places:
            return steps
        reply = steps[places[-1]]
        assert isinstance(reply, Reply)  # noqa: S101
        changed = replace(reply, buttons=(self._freezing(), *reply.buttons))
        return [*steps[: places[-1]], changed, *steps[places[-1] + 1 :]]

    def _record(
        self,
        conversation: Conversation,
        message: Message,
        what: str,
        outcome: str,
        now: datetime,
        concern: Concern | None,
        refs: list[str] | None = None,
    ) -> None:
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


def _topic(step: Note | Escalate) -> str | None:
    topic = step.card.get("topic")
    return step.topic if isinstance(step, Escalate) and step.topic else topic
