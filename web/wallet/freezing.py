"""Freezing an account, which web does itself: asked once more, done, told, and handed to people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from faq.wallet import Words
from search import fill
from web.assistant.replies import Button, Escalate, Note, Reply, Step
from web.wallet import acting, payloads

if TYPE_CHECKING:
    from web.desk.database import Database
    from web.desk.models import Conversation
    from web.wallet.client import Wallet
    from web.wallet.findings import Message
    from web.wallet.telling import Teller


class Freezing:
    """What a customer is asked and told about freezing their account."""

    def __init__(
        self,
        wallet: Wallet,
        words: Callable[[], Words],
        teller: Callable[[], Teller],
        database: Database,
        variables: Mapping[str, str],
    ) -> None:
        self._wallet = wallet
        self._words = words
        self._teller = teller
        self._database = database
        self._variables = variables

    def asked(self) -> list[Step]:
        """Ask whether it is really meant."""
        says = self._words().says
        buttons = (
            Button(says["freeze_yes"], payloads.act("freeze_now")),
            Button(says["freeze_no"], payloads.act("keep")),
        )
        return [Reply(says["freeze_ask"], buttons=buttons)]

    def kept(self) -> list[Step]:
        """Say that nothing was done, and how it still can be."""
        return [Reply(self._words().says["freeze_kept"], buttons=(self._button(),))]

    def carried_out(
        self, conversation: Conversation, message: Message, now: datetime
    ) -> list[Step]:
        """Have the wallet freeze the account, once a message; say how that went."""
        key = f"{conversation.id}-{message.event_id}-freeze"
        errand = acting.Errand(key, conversation.id, str(conversation.subject), "Freeze")
        told = acting.ask(self._database, self._wallet, errand, now, event_id=message.event_id)
        return self._told(told.Status if told else None, now)

    def under_danger(self, steps: list[Step]) -> list[Step]:
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
        changed = replace(reply, buttons=(self._button(), *reply.buttons))
        return [*steps[: places[-1]], changed, *steps[places[-1] + 1 :]]

    def _told(self, status: str | None, now: datetime) -> list[Step]:
        says, topic = self._words().says, min(self._words().danger_topics, default="human")
        if status == "completed":
            first = self._teller().say("freeze_done", when=self._teller().moment(now))
        elif status == "accepted":
            first = says["freeze_accepted"]
        else:
            hotline = fill("{{ emergency_hotline }}", self._variables)
            first = self._teller().say("freeze_failed", hotline=hotline)
        return [
            Reply(first),
            Reply(says["freeze_next"], "markdown"),
            Note({"topic": topic}),
            Escalate(topic, "urgent", urgent=True, card={"topic": topic}),
        ]

    def _button(self) -> Button:
        return Button(self._words().says["freeze_button"], payloads.act("freeze"))


def _topic(step: Note | Escalate) -> str | None:
    topic = step.card.get("topic")
    return step.topic if isinstance(step, Escalate) and step.topic else topic
