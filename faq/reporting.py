"""`faq report`: what customers asked, what was not answered, and what to write next."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from faq import words
from faq.errors import Refused
from faq.questions import bare_of
from faq.saving import replace
from faq.writing import Draft, compose
from search import day_here
from search.documents import Faq
from web.desk.asked import Question, Said, Vote

# Below this confidence an answer counts as a guess.
GUESS = 0.7
# Two questions from this likeness on (rapidfuzz, 0 to 100) are one cluster.
ALIKE = 58
CLUSTERED = 2_000
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions alike that nobody answered well: (text, times), the most frequent first."""

    texts: tuple[tuple[str, int], ...]
    times: int
    nearest: str | None
    category: str

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


def make(
    questions: Sequence[Question],
    votes: Iterable[Vote],
    faqs: Mapping[str, Faq],
    begin: dt.date,
    end: dt.date,
    normalise: Callable[[str], str],
    opinions: Iterable[Said] = (),
) -> Report:
    """Make the report of a time (both days included)."""
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
        clusters=clusters(missed, faqs, normalise),
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
    missed: Sequence[Question], faqs: Mapping[str, Faq], normalise: Callable[[str], str]
) -> tuple[Cluster, ...]:
    """Group missed questions that are alike, the largest group first."""
    times: Counter[str] = Counter()
    shown: dict[str, str] = {}
    near: dict[str, str | None] = {}
    for question in missed:
        bare = bare_of(normalise(question.text))
        if len(bare) < 2:
            continue
        times[bare] += 1
        shown.setdefault(bare, question.text)
        near.setdefault(bare, question.faq_id)
    texts = [bare for bare, _ in times.most_common(CLUSTERED)]
    if not texts:
        return ()
    scores = process.cdist(texts, texts, scorer=fuzz.ratio, dtype=np.uint8)
    free = set(range(len(texts)))
    found = []
    for leader in range(len(texts)):
        if leader not in free:
            continue
        members = [at for at in np.argsort(-scores[leader], kind="stable") if at in free]
        members = [int(at) for at in members if scores[leader, at] >= ALIKE or at == leader]
        free -= set(members)
        members.sort(key=lambda at: (-times[texts[at]], at))
        nearest = Counter(near[texts[at]] for at in members if near[texts[at]] in faqs)
        faq_id = nearest.most_common(1)[0][0] if nearest else None
        category = faqs[faq_id].category if faq_id else next(iter(faqs.values())).category
        listed = tuple((shown[texts[at]], times[texts[at]]) for at in members)
        found.append(Cluster(listed, sum(count for _, count in listed), faq_id, category))
    found.sort(key=lambda cluster: -cluster.times)
    return tuple(found[:SHOWN])


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
    mondays = []
    day = _monday(begin)
    while day <= end:
        mondays.append(day)
        day += dt.timedelta(days=7)
    return tuple((day, totals[day], misses[day]) for day in mondays)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
