"""The NLU component: what a message means is what `search` says it means."""

from __future__ import annotations

import functools
import json
import logging
import re
import threading
import time
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.details import Details, make_details
from learning.text import bared
from search import Engine, Ranking, SearchError, Settings, open_live
from search.dialogue import Made
from search.files import list_flows

logger = logging.getLogger(__name__)

# The extra property of a message: what actions read beside the intent.
UNDERSTANDING = "understanding"
# Topics of data/lexicon/smalltalk.yml that act on the conversation, so they are intents.
ACTING = ("solved", "unsolved", "cancel")
# The topic of a message that says nothing but that the customer does not know, or skips.
UNSURE = "unsure"
# Details that a message may consist of; a bare 12315 is no such thing.
BARE = {"time", "amount"}
# The intent of whatever starts a flow, and the entity that says which.
FLOW = "flow"
_PAYLOAD = re.compile(r"/(?P<name>\w+)(?P<entities>\{.*\})?", re.DOTALL)
NEAREST = 10
# Fewer letters than these are not ranked by themselves.
FEWEST = 2
# How old an answer may be after an editor saved a file.
REFRESH_SECONDS = 1.0
# Seconds that a message waits for that; a larger rebuild goes on beside the conversation.
REFRESH_WAIT = 0.2


@functools.lru_cache(maxsize=1)
def engine() -> Engine:
    """Return the process's one engine; the first call opens it with settings from the env."""
    return open_live(Settings.from_env())


# The patterns that details are picked up by, as the files say now.
details: Made[Details] = Made(make_details)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Understanding(GraphComponent):
    """Sets intent, entities and the property `understanding` of each message."""

    def __init__(self) -> None:
        self._refreshed = float("-inf")
        self._refreshing = threading.Thread(target=_refresh)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Understanding:
        """Make the component; the engine opens with the first message, or before by `engine`."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Understand each message in place."""
        self._refresh()
        for message in messages:
            text = message.get(TEXT) or ""
            # A button's payload names its intent; Rasa unpacks it after this component.
            if text.startswith(INTENT_MESSAGE_PREFIX):
                intent, entities, found = "unknown", [], {}
                message.set(TEXT, _plain_payload(text))
            else:
                intent, entities, found = understand(text)
                if intent in _flows():
                    entities = [*entities, {"entity": FLOW, "value": intent}]
                    intent = FLOW
            message.set(INTENT, {"name": intent, "confidence": 1.0}, add_to_output=True)
            message.set(ENTITIES, entities, add_to_output=True)
            message.set(UNDERSTANDING, found, add_to_output=True)
        return messages

    def _refresh(self) -> None:
        """Take changed content up; a message never waits for more than a moment's work."""
        now = time.monotonic()
        if now - self._refreshed < REFRESH_SECONDS or self._refreshing.is_alive():
            return
        self._refreshed = now
        self._refreshing = threading.Thread(target=_refresh, name="refresh", daemon=True)
        self._refreshing.start()
        self._refreshing.join(REFRESH_WAIT)


def _refresh() -> None:
    try:
        engine().refresh()
    except SearchError as error:
        logger.error("content not taken up: %s", error)


def understand(text: str) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    """Understand a message.

    Returns intent, entities, and what actions read: band, topic, faq (the answer's id), urgent,
    hits ([id, score], at most ten), also, masked, rest (the text without hidden secrets). An
    intent of a flow is the flow's name.
    """
    masked = details().secret(text)
    rest = details().without_secret(text) if masked == "part" else text
    if details().is_unsure(text):
        return "smalltalk", [], _nothing(UNSURE)
    entities = details().find(text)
    if not masked and _is_bare(text, entities):
        # 早上八点 is the answer to a question, of whatever it reminds
        return "unknown", entities, _nothing(None)
    ranking = _rank(text, rest)
    faq = None
    if ranking.band == "answer" and ranking.hits and ranking.topic != "human":
        faq = engine().faq(ranking.hits[0].id)
    found: dict[str, Any] = {
        "band": ranking.band,
        "confidence": ranking.confidence,
        "topic": ranking.topic,
        "faq": faq.id if faq else None,
        "urgent": bool(faq and faq.urgent),
        "hits": [[hit.id, hit.score] for hit in ranking.hits[:NEAREST]],
        "also": list(ranking.also),
        "masked": masked,
        "rest": rest if masked else None,
    }
    intent = _intent(text, ranking, faq.flow if faq else None)
    if found["masked"] == "only":
        # what surrounds a secret says nothing of its own
        intent, found["faq"] = "unknown", None
    if ranking.topic is not None and intent == "unknown":
        # what is beyond the help center tells nothing of a case: 今晚看什么电影
        entities = []
    return intent, entities, found


def _is_bare(text: str, entities: list[dict[str, Any]]) -> bool:
    kinds = {entity["entity"] for entity in entities}
    return bool(kinds) and kinds <= BARE and _letters(details().without_details(text)) < FEWEST


def _nothing(topic: str | None) -> dict[str, Any]:
    return {
        "band": "unknown",
        "confidence": 0.0,
        "topic": topic,
        "faq": None,
        "urgent": False,
        "hits": [],
        "also": [],
        "masked": None,
        "rest": None,
    }


def _rank(text: str, rest: str) -> Ranking:
    """Rank a text as typed; unless that is sure, without its secrets and details, too.

    rest: the text without hidden secrets. Returns the more confident ranking.
    """
    typed = engine().rank(text, limit=10)
    if typed.topic is not None or (typed.band == "answer" and rest == text):
        return typed
    views = {rest, details().without_details(rest)} - {text}
    others = [engine().rank(view, limit=10) for view in sorted(views) if _letters(view) >= FEWEST]
    return max((typed, *(one for one in others if one.topic is None)), key=_sureness)


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)


def _sureness(ranking: Ranking) -> tuple[bool, float]:
    return ranking.band == "answer", ranking.confidence


def _intent(text: str, ranking: Ranking, flow: str | None) -> str:
    wish = details().asks_for_human(text)
    if wish is False:
        return "cancel"
    if wish or ranking.topic == "human":
        return "human"
    listed = _listed(ranking.query)
    if listed is not None:
        return listed
    if ranking.band == "answer":
        # the FAQ about reaching a human is answered by one, but only where no step is pending
        return flow if flow in _flows() else "faq"
    if ranking.topic in ACTING:
        # search finds the nearest topic even for 啦啦啦啦, which has no word of it
        return ranking.topic if _has_word_of(ranking.topic, ranking.query) else "noise"
    if ranking.topic == "noise":
        return "noise"
    if ranking.topic is not None:
        return "smalltalk" if ranking.topic in _smalltalk() else "unknown"
    return "offer" if ranking.band == "offer" else "unknown"


def _flows() -> frozenset[str]:
    """Return the names of the guided flows, as the folder holds them now."""
    return list_flows(Settings.from_env().data)


def _plain_payload(text: str) -> str:
    """Put /<flow> as /flow{"flow": "<flow>"}: the domain knows no flow by its name."""
    match = _PAYLOAD.fullmatch(text.strip())
    if match is None or match["name"] not in _flows():
        return text
    try:
        entities = json.loads(match["entities"] or "{}")
    except ValueError:
        return text
    return f"/{FLOW}" + json.dumps({**entities, FLOW: match["name"]}, ensure_ascii=False)


def _smalltalk() -> frozenset[str]:
    lexicon = engine().generation.content.lexicon
    return frozenset(topic.id for topic in lexicon.smalltalk)


def _listed(query: str) -> str | None:
    """Return the acting topic that lists a normalised text as one of its messages."""
    bare = bared(query)
    return next((topic for topic in ACTING if bare in _messages(topic)), None)


def _has_word_of(topic: str, query: str) -> bool:
    """Say whether a text shares a character with a topic's messages, particles aside."""
    shared = set("".join(_messages(topic))) & set(bared(query))
    return bool(shared - set("".join(details().particles)))


def _messages(topic: str) -> frozenset[str]:
    lexicon = engine().generation.content.lexicon
    [listed] = [one.messages for one in lexicon.smalltalk if one.id == topic] or [()]
    return _normalised(listed)


@functools.lru_cache(maxsize=16)
def _normalised(messages: tuple[str, ...]) -> frozenset[str]:
    normalise = engine().generation.analyser.normalise
    return frozenset(bared(normalise(message)) for message in messages)
