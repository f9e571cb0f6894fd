"""What a message means within its conversation: the reader, the layer of safety, the phrases."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from actions import knowledge
from actions.following import Following
from dialogue.acts import MATTER, Acts, read_acts, read_answers, read_needs, read_never
from dialogue.further import Further
from dialogue.phrases import Phrases
from dialogue.reading import Reader, Reading
from dialogue.state import State
from dialogue.text import asks, clauses
from dialogue.topics import Topics
from safety import Fraud, Life
from search import Faq, Hit, Ranking, Settings, urgency
from search.further import read_folder
from search.kept import ACCEPTED, TOGETHER, made_of

logger = logging.getLogger(__name__)
Value = TypeVar("Value")

# So many of each FAQ's questions stand for "a matter of its own" beside the acts' examples.
MATTERS = 6
# Hits that the topic may lift: more than are ever shown.
HITS = 10
# An act this probable asks about the queue, whatever else the message says.
QUEUE = 0.7


class _Known:
    """What the reader asks of the FAQs."""

    def faq(self, faq_id: str) -> Faq | None:
        """Return an FAQ, None when there is none."""
        return knowledge.find(faq_id)

    def faqs(self) -> Sequence[Faq]:
        """Return the FAQs valid today."""
        return knowledge.engine().faqs()

    def rank(self, text: str) -> Ranking:
        """Rank a text by itself."""
        return knowledge.engine().rank(text, limit=HITS)


def read(state: State, text: str, understanding: dict[str, Any]) -> Reading:
    """Read a message. understanding: what the NLU component found in it by itself."""
    hits = tuple(
        Hit(faq_id, score, "", "", "") for faq_id, score in understanding.get("hits") or ()
    )
    ranking = Ranking(
        query=text,
        band=understanding.get("band") or "unknown",
        confidence=float(understanding.get("confidence") or 0),
        hits=hits,
        topic=understanding.get("topic"),
        also=tuple(understanding.get("also") or ()),
    )
    return reader().read(state, text, ranking)


def asks_how_long(text: str) -> bool:
    """Say whether a clause of a message surely asks how long it takes, or who is there."""
    told = map(reader().acts.tell, clauses(text))
    return any(act.name in ("how_long", "staffed") and act.share >= QUEUE for act in told)


def warm_up() -> None:
    """Make what the first message would otherwise wait for."""
    for make in (reader, life, fraud, counsel, phrases, answers, further):
        make()


def reader() -> Reader:
    """Return the process's reader; what changed is learned beside the turns."""
    return _reader()


def life() -> Life:
    """Return what a cry for help is known by."""
    return _life()


def fraud() -> Fraud:
    """Return what a fraud is known by."""
    return _fraud()


def counsel() -> Acts:
    """Return what tells the turns of somebody who is being defrauded from other messages."""
    return _counsel()


def phrases() -> Phrases:
    """Return what the bot says between the answers."""
    return _phrases()


def further() -> Further:
    """Return what customers ask next about the FAQs."""
    return _further()


def answers() -> dict[str, tuple[str | None, str | None]]:
    """Return what acts.yml answers acts with: act → (FAQ, phrase)."""
    return _answers()


def _make_reader(data: Path) -> Reader:
    topics = Topics.read(data / "lexicon" / "topics.yml", knowledge.normalise)
    return Reader(_acts(data / "lexicon" / "acts.yml"), topics, _Known())


def _make_counsel(data: Path) -> Acts:
    acts = read_acts(data / "lexicon" / "acts.yml")
    others = [text for texts in acts.values() for text in texts]
    turns = dict(fraud().messages)
    said = {text for texts in turns.values() for text in texts}
    return Acts(
        {**turns, MATTER: [text for text in (*others, *_matters(2)) if text not in said]},
        knowledge.normalise,
        _kept(),
    )


def _make_further() -> Further:
    rows = {faq.id: (faq.question, *faq.similar) for faq in knowledge.engine().faqs()}
    points, problems = read_folder(Settings.from_env().data)
    for problem in problems:
        logger.warning("%s is left out: %s; %s", problem.path, problem.reason, problem.fix)
    return Further(points, rows, knowledge.normalise, _kept(), knowledge.encoder())


def _acts(path: Path) -> Acts:
    examples = {**read_acts(path), MATTER: [*_matters(MATTERS), *_further_questions()]}
    return Acts(examples, knowledge.normalise, _kept(), read_needs(path), read_never(path))


def _kept() -> Path:
    return Settings.from_env().learned


def _matters(each: int) -> list[str]:
    """Return questions that are a matter of their own: some of each FAQ's, spread over its list."""
    found: list[str] = []
    for faq in knowledge.engine().faqs():
        step = max(1, len(faq.similar) // each)
        found += [faq.question, *faq.similar[::step][:each]]
    return found


def _further_questions() -> list[str]:
    """Return one question of each further point: short, and no act either.

    Without them 17 of a hundred held-out ones were taken for an act, with them 11.
    """
    points, _ = read_folder(Settings.from_env().data)
    first = (next(filter(asks, point.asks), None) for those in points.values() for point in those)
    return [ask for ask in first if ask is not None]


def _followed(
    name: str, make: Callable[[Path], Value], files: Callable[[Path], list[Path]]
) -> Following[Value]:
    """Follow files of the content folder; bad ones at a start are read as they were when last good.

    make, files: of such a folder.
    """

    def made() -> Value:
        settings = Settings.from_env()
        own = settings.index.parent / ACCEPTED / TOGETHER / name
        return made_of(settings.data, own, files, make)

    return Following(made, lambda: files(Settings.from_env().data))


def _listed(*names: str) -> Callable[[Path], list[Path]]:
    return lambda data: [data / name for name in names]


ACTS, TOPICS, LIFE = "lexicon/acts.yml", "lexicon/topics.yml", "safety/life.yml"
_reader = _followed("reader", _make_reader, _listed(ACTS, TOPICS))
_life = _followed("life", lambda data: Life.read(data / LIFE, knowledge.normalise), _listed(LIFE))
_fraud = _followed(
    "frauds",
    lambda data: Fraud.read(
        data / "safety/fraud.yml", knowledge.normalise, data / "safety/stories", _kept()
    ),
    urgency.files,
)
_counsel = _followed("counsel", _make_counsel, _listed("safety/fraud.yml", ACTS))
_phrases = _followed(
    "phrases",
    lambda data: Phrases.read(data / "phrases"),
    lambda data: sorted((data / "phrases").glob("*.yml")),
)
_answers = _followed("answers", lambda data: read_answers(data / ACTS), _listed(ACTS))
_further = Following(
    _make_further, lambda: sorted((Settings.from_env().data / "further").glob("*.yml"))
)
