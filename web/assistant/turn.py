"""One turn of the bot: ask it, then store its replies and carry out its commands in one go."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from web.assistant.client import BotDown
from web.assistant.fallback import Fallback, understood
from web.assistant.outcome import store
from web.assistant.replies import (
    Escalate,
    Hasten,
    Leave,
    Reply,
    Step,
    Understood,
    read,
    understanding,
)
from web.assistant.situation import Situation, told_of
from web.assistant.spread import AnyBot
from web.assistant.underway import UnderWay
from web.desk import (
    attendance,
    conversations,
    turns,
)
from web.desk.database import Database
from web.desk.hours import Hours
from web.desk.models import Conversation
from web.desk.sealing import memory_key
from web.health import metrics
from web.noting import note_message
from web.outages import asking
from web.realtime.bus import Bus, tell
from web.wallet.helping import Help, Helper, Message

if TYPE_CHECKING:
    from search import Ranking

log = logging.getLogger(__name__)
MARGIN = 2.0  # seconds beyond the bot's limit before a turn counts as abandoned
# A turn that cannot be finished is tried without the bot, and at last no more.
ATTEMPTS_WITH_BOT = 4
MOST_ATTEMPTS = 8


class Assistant:
    """Gives the answers that the bot owes."""

    def __init__(
        self,
        database: Database,
        bot: AnyBot,
        fallback: Fallback,
        bus: Bus,
        world: Callable[[datetime], Mapping[str, Any]],
        timeout: float,
        hours: Callable[[], Hours],
        fast_lane: Callable[[], Collection[str]],
        silence: timedelta = attendance.SILENCE,
        helper: Helper | None = None,
        pictured: Callable[[str], str] = lambda markdown: markdown,
    ) -> None:
        """pictured: gives the pictures of an answer their addresses."""
        self._database = database
        self._bot = bot
        self._fallback = fallback
        self._bus = bus
        self._hours = hours
        self._situation = Situation(world, fast_lane, silence)
        self._helper = helper
        self._pictured = pictured
        patience = timeout + (helper.budget if helper else 0)
        self._lease = timedelta(seconds=patience + MARGIN)
        self.under_way = UnderWay()
        self.stopping = False

    @property
    def lease(self) -> timedelta:
        """How long a turn's taker may take before the turn counts as abandoned."""
        return self._lease

    def run(self, conversation_id: str, event_id: int, attempt: int = 1) -> None:
        """Give the answer owed to an event, as its first taker or a later one."""
        began = time.perf_counter()
        with self.under_way.keeping((conversation_id, event_id)):
            try:
                self._run(conversation_id, event_id, attempt, began)
            except Exception:
                metrics.count_failed_turn(time.perf_counter() - began)
                raise

    def resume(self, conversation_id: str, event_id: int) -> None:
        """See that an answer owed is given: wait for its first taker, then take over."""
        deadline = time.monotonic() + self._lease.total_seconds() + 1
        while time.monotonic() < deadline:
            with self._database.read() as session:
                if not turns.is_pending(session, conversation_id, event_id):
                    return
            if self.take_over(conversation_id, event_id):
                return
            time.sleep(0.1)

    def take_over(self, conversation_id: str, event_id: int) -> bool:
        """Give an owed answer whose taker has not come back; False when it was not to be taken."""
        if self.stopping:
            return False
        with self._database.write() as session:
            attempt = turns.take_over(session, conversation_id, event_id, _now(), self._lease)
            if attempt > MOST_ATTEMPTS:
                turns.fail(session, conversation_id, event_id)
        if attempt > MOST_ATTEMPTS:
            log.error("an answer was given up after %d attempts", MOST_ATTEMPTS)
        elif attempt:
            self.run(conversation_id, event_id, attempt)
        return attempt > 0

    def stop_taking(self) -> None:
        """Take over no turn any more: the process is about to end."""
        self.stopping = True

    def hand_over(self) -> None:
        """Let go of the turns that this process will not finish; another one takes them at once."""
        left = self.under_way.now()
        if not left:
            return
        log.warning("stopping: %d answers are handed over", len(left))
        with self._database.write() as session:
            turns.hand_over(session, left)

    def _run(self, conversation_id: str, event_id: int, attempt: int, began: float) -> None:
        with self._database.read() as session:
            conversation = conversations.find(session, conversation_id)
            message = told_of(session, conversation_id, event_id)
            metadata = self._situation.describe(session, conversation, _now())
            key = memory_key(session, conversation.key)
            unheard = (
                turns.unheard(session, conversation_id, event_id) if conversation.bot_down else []
            )
        if message is None:
            return
        sent, text, payload = message
        help_ = self._look(conversation, event_id, sent, text, payload)
        if help_ is not None and help_.steps is not None:
            self._finish(conversation, event_id, help_.steps, conversation.bot_down, text, began)
            return
        if help_ is not None and help_.facts is not None:
            metadata["wallet"] = help_.facts
        heard = ranking = None
        try:
            if attempt > ATTEMPTS_WITH_BOT:
                raise BotDown(f"attempt {attempt}")
            answer = self._bot.send(conversation_id, sent, metadata, event_id, unheard, key)
            steps = read(answer)
            told, heard = understanding(answer)
            if self._helper is not None and help_ is not None:
                steps = self._helper.complete(help_, steps)
            down = False
        except BotDown as error:
            log.info("turn without the bot: %s", error)
            down, told = True, False
            found = self._helper.without_bot(help_) if self._helper and help_ else None
            ranking = self._ranked(sent, payload)
            steps = found or self._without_bot(sent, text, payload, ranking)
        if not told:
            ranking = ranking or self._ranked(sent, payload)
            heard = understood(ranking) if ranking else None
        announced = metadata["announcements"]
        self._finish(conversation, event_id, steps, down, text, began, heard, announced)

    def _look(
        self, conversation: Conversation, event_id: int, sent: str, text: str, payload: str | None
    ) -> Help | None:
        """Fetch what a signed-in customer's message needs of the wallet; None for anybody else."""
        if self._helper is None or conversation.subject is None:
            return None
        try:
            return self._helper.prepare(
                conversation, Message(event_id, text, payload, sent), _now()
            )
        except Exception as error:
            # Whatever is wrong there, the conversation goes on by hand; nothing of it is logged.
            log.error("a look into the wallet failed: %s", type(error).__name__)
            return None

    def _finish(
        self,
        conversation: Conversation,
        event_id: int,
        steps: list[Step],
        down: bool,
        text: str,
        began: float,
        heard: Understood | None = None,
        announced: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Store what is answered, and tell everybody whom it concerns."""
        conversation_id = conversation.id
        steps = [self._shown(step) for step in steps]
        with self._database.write() as session:
            stored = store(session, conversation_id, event_id, steps, down, _now(), self._hours())
            if stored:
                note_message(session, conversation_id, text, heard, steps, _now())
                asking.note(session, conversation_id, steps, heard, announced, _now())
        metrics.count_turn(down=down, stored=stored, seconds=time.perf_counter() - began)
        if stored:
            moved = any(isinstance(step, Escalate | Hasten | Leave) for step in steps)
            tell(self._bus, conversation_id, moved=moved)

    def _shown(self, step: Step) -> Step:
        """Give the pictures of an answer their addresses; what the bot said stays the same."""
        if isinstance(step, Reply) and step.format == "markdown":
            return replace(step, text=self._pictured(step.text))
        return step

    def _without_bot(
        self, sent: str, text: str, payload: str | None, ranking: Ranking | None
    ) -> list[Step]:
        if sent == "/start":
            return self._fallback.greet()
        if sent in ("/human_left", "/picture"):
            return []
        return self._fallback.answer(text, payload, ranking)

    def _ranked(self, sent: str, payload: str | None) -> Ranking | None:
        """Rank a customer's own words, for an answer without the bot and the editors' report."""
        return None if payload is not None or sent.startswith("/") else self._fallback.rank(sent)


def _now() -> datetime:
    return datetime.now(UTC)
