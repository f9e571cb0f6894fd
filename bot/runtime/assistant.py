"""The assistant put together: model, memory, locks, actions in process."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.executor import APOLOGY, InProcessActions
from bot.runtime.fresh import speak_freshly
from bot.runtime.lean import make_lean
from bot.runtime.locks import open_locks
from bot.runtime.memory import open_memory
from bot.runtime.message import Message
from bot.runtime.models import newest
from bot.runtime.replies import ASKING, AnsweredMeanwhile, Asking, MovedMeanwhile
from bot.runtime.sealing import KEY
from bot.runtime.settings import BotSettings
from bot.runtime.titles import hear_titles
from bot.runtime.watch import TurnTooLong, within

logger = logging.getLogger(__name__)

CHANNEL = "rest"
REHEARSAL = "rehearsal"  # who says the first message, which no customer ever is
# Seconds and actions that one message may take; web waits five seconds. The longest turn, from
# one flow into another, takes six actions.
PATIENCE = 4.0
MOST_ACTIONS = 10
# How often a message is answered anew because another bot moved its conversation on meanwhile.
MOST_TRIES = 4
Reply = dict[str, object]


async def open_assistant(
    model: Path, settings: BotSettings | None = None, package: str = "actions"
) -> Agent:
    """Load a trained model as an agent that answers in this process, warm.

    model: the model file, or a folder whose newest model is taken. settings: of memory and locks;
    when None, both live in this process. package: of the actions. Raises NoModel.
    """
    agent = load_assistant(newest(model), settings or BotSettings(), package)
    await warm_up(agent)
    return agent


def load_assistant(model: Path, settings: BotSettings, package: str = "actions") -> Agent:
    """Load one model file; blocks for seconds."""
    make_lean()
    actions = InProcessActions(package)
    normalise = share_engine() if package == "actions" else _fold
    agent = Agent(lock_store=open_locks(settings.redis_url), action_endpoint=actions)
    # Not by the constructor: it wraps a store so that errors lose conversations unnoticed. Here
    # they reach web, which then answers without the bot.
    agent.tracker_store = open_memory(settings.memory_url)
    agent.load_model(model)
    actions.domain = agent.domain.as_dict()
    hear_titles(agent.processor, normalise)
    if package == "actions":
        from actions import hearer, knowledge

        speak_freshly(agent.processor, hearer.phrases, lambda: knowledge.engine().variables)
    agent.processor.max_number_of_predictions = MOST_ACTIONS
    agent.processor.on_circuit_break = _give_up
    return agent


def share_engine() -> Callable[[str], str]:
    """Have actions use the engine of the NLU component; returns how both normalise texts."""
    from actions import hearer, knowledge
    from bot.components import understanding

    knowledge.use(understanding.engine)
    hearer.warm_up()
    return knowledge.normalise


async def warm_up(agent: Agent) -> None:
    """Have a first message answered before any customer's, then freeze what is loaded.

    Opens the search engine and its dictionaries, and shows that a turn comes to its end. Nothing is
    kept of it. Raises what the turn raises.
    """
    await _rehearse(agent)
    gc.collect()
    # What is loaded stays for good: a collection need not walk it again (p99 fell 15-fold).
    gc.freeze()
    _return_memory()


async def _rehearse(agent: Agent) -> None:
    """Answer a message of nobody's, in a memory of its own."""
    processor = agent.processor
    memory, processor.tracker_store = processor.tracker_store, InMemoryTrackerStore(agent.domain)
    try:
        said = UserMessage(
            _sample(processor.nlg), CollectingOutputChannel(), REHEARSAL, input_channel=CHANNEL
        )
        await processor.handle_message(said)
    finally:
        processor.tracker_store = memory


async def answer(agent: Agent, message: Message, patience: float = PATIENCE) -> list[Reply]:
    """Answer one message with a list of replies, in Rasa's form for the REST channel.

    A message of an event that was answered before gets the same replies again. patience: seconds;
    a turn that takes longer is given up and answered with the apology alone.
    """
    try:
        return await within(patience, _turn(agent, message))
    except TurnTooLong:
        logger.error("a turn was given up after %g s", patience)
        return [_apology(agent.processor.nlg, message.sender)]


async def _turn(agent: Agent, message: Message) -> list[Reply]:
    token = KEY.set(message.key)
    try:
        return await _answered(agent, message)
    finally:
        KEY.reset(token)


async def _answered(agent: Agent, message: Message) -> list[Reply]:
    if message.event is None:
        said, channel = _said(message)
        await agent.handle_message(said)
        return list(channel.messages)
    async with agent.lock_store.lock(message.sender):
        for _ in range(MOST_TRIES - 1):
            with contextlib.suppress(MovedMeanwhile):
                return await _once(agent, message, message.event)
        return await _once(agent, message, message.event)


async def _once(agent: Agent, message: Message, event: int) -> list[Reply]:
    """Answer a message from where its conversation stands now; raises MovedMeanwhile."""
    said, channel = _said(message)
    memory = agent.tracker_store
    asking = Asking(event, lambda: list(channel.messages))
    token = ASKING.set(asking)
    try:
        before = await memory.begin(message.sender, event, message.unheard)
        if before is not None:
            return before
        await agent.processor.handle_message(said)
    except AnsweredMeanwhile:
        return await memory.begin(message.sender, event, ()) or []
    finally:
        ASKING.reset(token)
    return list(channel.messages) if asking.answer is None else asking.answer


def _said(message: Message) -> tuple[UserMessage, CollectingOutputChannel]:
    channel = CollectingOutputChannel()
    said = UserMessage(
        message.text, channel, message.sender, input_channel=CHANNEL, metadata=message.metadata
    )
    return said, channel


def _give_up(tracker: DialogueStateTracker, channel: CollectingOutputChannel, nlg: Any) -> None:
    """Apologise for a turn that went round in circles; Rasa ends it after this."""
    logger.error("a turn was given up after %d actions", MOST_ACTIONS)
    channel.messages.append(_apology(nlg, tracker.sender_id))


def _apology(nlg: Any, sender: str) -> Reply:
    said = nlg.responses[APOLOGY][0]
    return {"recipient_id": sender, "text": said["text"], "buttons": said.get("buttons") or []}


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _sample(nlg: Any) -> str:
    """Return a text of the bot's own language: the first that it says."""
    for variants in nlg.responses.values():
        for response in variants:
            if response.get("text"):
                return str(response["text"])
    return "?"


def _return_memory() -> None:
    """Give back what loading took and freed; glibc keeps it otherwise."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
