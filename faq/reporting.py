"""`faq report`: what customers asked, what was not answered, and what to write next."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from faq import words
from faq.clusters import put_together
from faq.errors import Refused
from faq.naming import Namer
from faq.questions import bare_of
from faq.saving import replace
from faq.writing import Draft, compose
from learning.vectors import Encode
from search import day_here
from search.documents import Faq
from search.normalise import without_tail
from web.desk.asked import Question, Said, Vote

# Below this confidence an answer counts as a guess.
GUESS = 0.7
CLUSTERED = 1_200  # of the texts asked most
# Share of a cluster's questions that led to one FAQ before it counts as near.
NEAREST = 0.5
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that mean alike and that nobody answered well: (text, times), the commonest first.

    nearest: the FAQ that half of them led to, None where none is near. lost: how many of the times
    the customer left with nothing, the others asked for a human. weeks: times in each week of the
    report. trend: times in its later half less those in its earlier one.
    """

    texts: tuple[tuple[str, int], ...]
    times: int
    nearest: str | None
    category: str
    lost: int = 0
    weeks: tuple[int, ...] = ()
    trend: int = 0

    @property
    def id(self) -> str:
        """A readable id for the FAQ that answers it."""
        return _namer()(self.title, (), "faq")

    @property
    def title(self) -> str:
        """The question that stands for it."""
        return self.texts[0][0]

    def draft(self, day: dt.date) -> Draft:
        """Make the file that an editor goes on with."""
        code = hashlib.sha256(self.title.encode()).hexdigest()[:8]
        return Draft(
            id=f"draft-{code}",
            category=self.category,
            question=self.title,
            similar=tuple(text for text, _ in self.texts[1:]) or (words.say("report.more"),),
            related=(self.nearest,) if self.nearest else (),
            updated=day,
            answer=words.say("report.todo"),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """One report. asked: (FAQ, times). unhelpful: (FAQ, votes against, for, then a human).

    weeks: (Monday, questions, of them missed). zero: (search, times). opinions: (day, words).
    """

    begin: dt.date
    end: dt.date
    total: int
    by_place: dict[str, int]
    by_outcome: dict[str, int]
    missed: int
    asked: tuple[tuple[str, int], ...]
    unhelpful: tuple[tuple[str, int, int, int], ...]
    reasons: dict[str, dict[str, int]]
    zero: tuple[tuple[str, int], ...]
    clusters: tuple[Cluster, ...]
    weeks: tuple[tuple[dt.date, int, int], ...]
    titles: dict[str, str] = field(default_factory=dict)
    opinions: tuple[tuple[dt.date, str], ...] = ()

    @property
    def answered(self) -> float:
        """The share of questions that were not missed, 0 to 1."""
        return 1 - self.missed / self.total if self.total else 1.0


@cache
def _namer() -> Namer:
    return Namer()


def make(
    questions: Sequence[Question],
    votes: Iterable[Vote],
    faqs: Mapping[str, Faq],
    begin: dt.date,
    end: dt.date,
    normalise: Callable[[str], str],
    opinions: Iterable[Said] = (),
    encode: Encode | None = None,
) -> Report:
    """Make the report of a time (both days included). encode: an encoder of sentences, if any."""
    told = [(day_here(one.at), one.text) for one in opinions]
    seen = [question for question in questions if begin <= day_here(question.at) <= end]
    missed = [question for question in seen if is_missed(question)]
    asked = Counter(
        question.faq_id
        for question in seen
        if question.faq_id in faqs and question.outcome in ("answer", "flow")
    )
    kept = [vote for vote in votes if begin <= day_here(vote.at) <= end and vote.faq_id in faqs]
    zero = Counter(
        question.text
        for question in seen
        if question.place == "search" and question.band == "unknown"
    )
    return Report(
        begin=begin,
        end=end,
        total=len(seen),
        by_place=dict(Counter(question.place for question in seen)),
        by_outcome=dict(Counter(question.outcome for question in seen)),
        missed=len(missed),
        asked=tuple((str(faq_id), times) for faq_id, times in asked.most_common(SHOWN)),
        unhelpful=_unhelpful(seen, kept),
        reasons=_reasons(kept),
        zero=tuple(zero.most_common(SHOWN)),
        clusters=clusters(missed, faqs, normalise, begin, end, encode),
        weeks=_weeks(seen, begin, end),
        titles={faq.id: faq.question for faq in faqs.values()},
        opinions=tuple(one for one in told if begin <= one[0] <= end),
    )


def is_missed(question: Question) -> bool:
    """Tell whether a question was answered with nothing, or with a guess."""
    if question.outcome == "unknown" or question.band == "unknown":
        return question.outcome != "human"
    return question.confidence < GUESS and question.outcome in ("offer", "answer")


def clusters(
    missed: Sequence[Question],
    faqs: Mapping[str, Faq],
    normalise: Callable[[str], str],
    begin: dt.date,
    end: dt.date,
    encode: Encode | None = None,
) -> tuple[Cluster, ...]:
    """Group missed questions by what they mean, the group that loses most customers first."""
    asked: dict[str, list[Question]] = defaultdict(list)
    for question in missed:
        bare = bare_of(without_tail(normalise(question.text)))
        if len(bare) >= 2:
            asked[bare].append(question)
    texts = sorted(asked, key=lambda bare: -len(asked[bare]))[:CLUSTERED]
    known = [
        bare_of(without_tail(normalise(text)))
        for faq in faqs.values()
        for text in (faq.question, *faq.similar)
    ]
    found = [
        _cluster([asked[texts[at]] for at in sorted(part)], faqs, begin, end)
        for part in put_together(texts, known, encode)
    ]
    found.sort(key=lambda cluster: (-cluster.lost, -cluster.times, cluster.title))
    return tuple(found[:SHOWN])


def _cluster(
    asked: Sequence[Sequence[Question]], faqs: Mapping[str, Faq], begin: dt.date, end: dt.date
) -> Cluster:
    """Make a cluster of questions, listed by text, the commonest text first."""
    every = [question for same in asked for question in same]
    near = Counter(one.faq_id for one in every if one.band != "unknown" and one.faq_id in faqs)
    faq_id, times = near.most_common(1)[0] if near else (None, 0)
    nearest = faq_id if times >= NEAREST * len(every) else None
    category = faqs[nearest].category if nearest else next(iter(faqs.values())).category
    days = [day_here(one.at) for one in every]
    weeks = Counter(map(_monday, days))
    middle = begin + (end - begin) / 2
    return Cluster(
        tuple((same[0].text, len(same)) for same in asked),
        len(every),
        nearest,
        category,
        sum(not one.followed for one in every),
        tuple(weeks[monday] for monday in _mondays(begin, end)),
        sum(1 if day > middle else -1 for day in days),
    )


def draft_text(cluster: Cluster, day: dt.date) -> str:
    """Write a cluster's drafted file."""
    return compose(cluster.draft(day))


def refuse_live(data: Path, folder: Path) -> None:
    """Raise Refused for a folder of drafts that lies in the content folder: they would go live."""
    if folder.resolve().is_relative_to(data.resolve()):
        raise Refused(words.say("report.drafts-live", folder=folder, data=data))


def write_drafts(report: Report, folder: Path) -> None:
    """Write a file per cluster, in a folder per category."""
    for cluster in report.clusters:
        draft = cluster.draft(report.end)
        replace(folder / draft.category / f"{draft.id}.md", draft_text(cluster, report.end))


def _unhelpful(
    seen: Iterable[Question], votes: Iterable[Vote]
) -> tuple[tuple[str, int, int, int], ...]:
    against: Counter[str] = Counter()
    helped: Counter[str] = Counter()
    human: Counter[str] = Counter()
    for vote in votes:
        (helped if vote.helpful else against)[vote.faq_id] += 1
    for question in seen:
        if question.followed and question.outcome == "answer" and question.faq_id:
            human[question.faq_id] += 1
    found = [(faq_id, against[faq_id], helped[faq_id], human[faq_id]) for faq_id in against | human]
    found.sort(key=lambda row: (-(row[1] + row[3]), row[0]))
    return tuple(found[:SHOWN])


def _reasons(votes: Iterable[Vote]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for vote in votes:
        if not vote.helpful and vote.reason:
            found[vote.faq_id][vote.reason] += 1
    return {faq_id: dict(counts) for faq_id, counts in found.items()}


def _weeks(
    seen: Iterable[Question], begin: dt.date, end: dt.date
) -> tuple[tuple[dt.date, int, int], ...]:
    totals: Counter[dt.date] = Counter()
    misses: Counter[dt.date] = Counter()
    for question in seen:
        monday = _monday(day_here(question.at))
        totals[monday] += 1
        misses[monday] += is_missed(question)
    return tuple((day, totals[day], misses[day]) for day in _mondays(begin, end))


def _mondays(begin: dt.date, end: dt.date) -> list[dt.date]:
    """List the Mondays of the weeks that a time touches."""
    first = _monday(begin)
    return [first + dt.timedelta(days=7 * week) for week in range((end - first).days // 7 + 1)]


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
