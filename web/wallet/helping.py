"""What the wallet adds to a turn of the assistant: facts for the bot, and what only web can do.

Before the bot is asked, what the message needs is fetched (findings.py) and goes along with it.
What asks for something to be done (freezing.py) web answers itself: it is the one that does it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from faq.wallet import Words
from web.assistant.replies import Button, Escalate, Note, Reply, Step
from web.desk.database import Database
from web.desk.hours import Hours
from web.wallet import looks, payloads
from web.wallet.client import Wallet
from web.wallet.concerns import Concerns
from web.wallet.findings import Finder, Help, Message
from web.wallet.freezing import Freezing
from web.wallet.news import Herald
from web.wallet.notices import NEVER, Quiet
from web.wallet.payloads import NEITHER, Wish
from web.wallet.telling import Teller

if TYPE_CHECKING:
    from search import Engine
    from web.desk.models import Conversation
    from web.wallet.models import WalletLook

__all__ = ["Help", "Helper", "Message"]
STILL = timedelta(minutes=30)  # for which what was chosen, or not, counts for the next message


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
        self.wallet = wallet
        self.herald = Herald(words, hours, quiet)
        self._finder = Finder(wallet, words, hours, database)
        self._concerns = Concerns(words, engine)
        self._freezing = Freezing(wallet, words, self._finder.teller, database, variables)
        self._words = words
        self._database = database

    @property
    def budget(self) -> float:
        """Seconds that a turn may take longer because of the wallet."""
        return self.wallet.budget

    def teller(self) -> Teller:
        """Return what puts facts into words, as the words are now."""
        return self._finder.teller()

    def prepare(self, conversation: Conversation, message: Message, now: datetime) -> Help:
        """Fetch what a message needs; never raises for a wallet that fails."""
        if conversation.subject is None:
            return Help()
        wish = payloads.read(message.payload)
        if wish is not None and wish.act is not None:
            return Help(steps=self._act(conversation, message, wish, now))
        with self._database.read() as session:
            last = looks.last(session, conversation.id, now - STILL)
        before = self._concerns.named(last.concern) if last else None
        if wish is not None and wish.transaction == NEITHER:
            return self._finder.by_hand(conversation, message, before, now)
        if wish is not None:
            wanted = str(wish.transaction)
            return self._finder.chosen(conversation, message, wanted, before, now)
        offered = last is not None and last.what == "list" and last.refs and message.payload is None
        concern = self._concerns.of(conversation, message)
        if concern is None and offered:
            concern = before
        if last is not None and before is not None and self._asks_when(last, message):
            known = None
            wider = concern is not None and before.kinds < concern.kinds
            if concern is None or concern.name == before.name or wider:
                known = self._finder.again(conversation, message, last.refs[0], before, now)
            if known is not None:
                return known
        if concern is None:
            return Help()
        if last is not None and last.what == "by_hand" and last.concern == concern.name:
            return Help()
        if concern.account:
            return self._finder.account(conversation, message, concern, now)
        pending = list(last.refs) if last and offered else []
        faq = self._concerns.faq_of(message)
        told = last is not None and last.what == "transaction"
        named = told and not self._concerns.is_clear(message)
        return self._finder.offer(conversation, message, concern, pending, faq, now, named=named)

    def complete(self, help_: Help, steps: list[Step]) -> list[Step]:
        """Put the chosen transaction, which the bot names by its id, on the card."""
        found: list[Step] = []
        for step in steps:
            if isinstance(step, Note | Escalate) and "transaction" in step.card:
                card = dict(step.card)
                chosen = help_.known.get(str(card.pop("transaction")))
                step = replace(step, card=card | ({"transaction": chosen} if chosen else {}))
            found.append(step)
        return self._freezing.under_danger(found)

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

    def _asks_when(self, last: WalletLook, message: Message) -> bool:
        """Tell whether a message asks how far the transaction is that was just told."""
        told = last.what == "transaction" and last.outcome == "ok" and message.payload is None
        return bool(told and last.refs) and any(word in message.text for word in self._words().when)

    def _act(
        self, conversation: Conversation, message: Message, wish: Wish, now: datetime
    ) -> list[Step]:
        if wish.act == "freeze":
            return self._freezing.asked()
        if wish.act == "keep":
            return self._freezing.kept()
        if wish.act == "mine":
            refs = [wish.transaction or ""]
            self._finder.record(conversation, message, "mine", "ok", now, None, refs)
            return [Reply(self._words().says["suspicious_mine"])]
        return self._freezing.carried_out(conversation, message, now)
