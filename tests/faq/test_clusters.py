"""Questions that nobody answered are put together by what they mean."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections import Counter
from pathlib import Path

import yaml

from faq import effect, reporting
from faq.checking import normaliser
from faq.clusters import put_together
from faq.questions import bare_of
from faq.writing import Draft, compose
from search import Settings, open_engine
from search.content import read_content
from tests.faq.conftest import ROOT
from web.desk.asked import Question

TOPICS = yaml.safe_load(Path(__file__).with_name("misses.yml").read_text(encoding="utf-8"))
FAQS = read_content(ROOT / "data").faqs
END = dt.date(2026, 11, 29)
BEGIN = END - dt.timedelta(days=27)


def missed(text: str, day: int = 1, *, followed: bool = False, **more: object) -> Question:
    at = dt.datetime(2026, 11, 28, 4, tzinfo=dt.UTC) - dt.timedelta(days=day)
    said = {"band": "unknown", "confidence": 0.1, "faq_id": None, "outcome": "unknown"} | more
    return Question(at, "chat", text, followed=followed, **said)  # type: ignore[arg-type]


def report(questions: list[Question]) -> tuple[reporting.Cluster, ...]:
    return reporting.clusters(questions, FAQS, normaliser(), BEGIN, END)


def topic_of(text: str) -> str | None:
    return next((topic for topic, texts in TOPICS.items() if text in texts), None)


def test_five_topics_of_twenty_ways_of_asking_are_about_five_clusters() -> None:
    asked = [missed(text) for texts in TOPICS.values() for text in texts]
    random.Random(7).shuffle(asked)
    found = report(asked)
    large = [cluster for cluster in found if len(cluster.texts) > 2]
    assert len(large) == 5
    counted = [Counter(topic_of(text) for text, _ in one.texts) for one in large]
    assert {topic for one in counted for topic, _ in one.most_common(1)} == set(TOPICS)
    for one in counted:
        assert one.most_common(1)[0][1] >= 17
        assert one.total() - one.most_common(1)[0][1] <= 1


def test_they_stand_first_among_a_hundred_odd_questions() -> None:
    odd = [faq.question for faq in FAQS.values()]
    known = [text for faq in FAQS.values() for text in faq.similar]
    every = [text for texts in TOPICS.values() for text in texts] + odd
    bare = [bare_of(normaliser()(text)) for text in every]
    parts = put_together(bare, [bare_of(normaliser()(text)) for text in known])
    firsts = [Counter(topic_of(every[at]) for at in part) for part in parts[:5]]
    assert {one.most_common(1)[0][0] for one in firsts} == set(TOPICS)
    assert all(one.most_common(1)[0][1] >= 13 for one in firsts)
    assert len(parts[5]) < 15  # no heap of odds and ends


def test_who_left_with_nothing_counts_more_than_who_asked_a_human() -> None:
    asked = [missed(text, followed=True) for text in TOPICS["积分"]]
    asked += [missed(text) for text in TOPICS["宠物保险"][:10]]
    first, second = (one for one in report(asked) if len(one.texts) > 5)
    assert topic_of(first.title) == "宠物保险"
    assert (first.lost, second.lost) == (first.times, 0)


def test_the_trend_is_the_later_half_less_the_earlier_one() -> None:
    (cluster,) = report([*[missed("积分怎么用", day=2)] * 5, *[missed("积分怎么用", day=20)] * 2])
    assert (cluster.times, cluster.trend) == (7, 3)
    assert sum(cluster.weeks) == 7
    assert cluster.id == "ji-fen-zen-me-yong"


def test_an_faq_is_named_as_nearest_only_where_it_is_near() -> None:
    far = missed("积分怎么用", faq_id="transfer-how")
    near = missed("积分怎么用", faq_id="transfer-how", band="offer", confidence=0.5)
    assert report([far, far, far])[0].nearest is None
    assert report([near, near, far])[0].nearest == "transfer-how"


def test_nothing_missed_is_no_cluster() -> None:
    assert report([]) == ()
    assert put_together([], ["x"]) == []
    assert put_together(["甲", "乙"], []) == [[0], [1]]


def test_what_a_draft_would_answer_and_take_is_told_before_it_is_published() -> None:
    live = open_engine(Settings(ROOT / "data", ROOT / "var" / "index"))
    texts = TOPICS["宠物保险"]
    draft = Draft(
        id="pet-insurance",
        category="payment",
        question="宠物保险在哪里买",
        similar=tuple(texts[:12]),
        updated=END,
        answer="在「保险」页里选「宠物保险」。",
    )
    fine = Question(
        dt.datetime(2026, 11, 28, tzinfo=dt.UTC), "chat", "想给朋友转点钱该点哪里", "answer", 0.99,
        "transfer-how", "answer", followed=False,
    )  # fmt: skip
    asked = [*[missed(text) for text in texts], missed("月亮有多远"), fine]
    found = effect.effect(
        live, live.preview({draft.name: compose(draft)}), draft.id, asked, normaliser()
    )
    assert found.looked == len(texts) + 2
    answered = {one.text for one in found.answered}
    assert len(answered) >= 10
    assert answered <= set(texts)
    assert found.taken == ()
    greedy = dataclasses.replace(draft, similar=(*draft.similar, *[fine.text]))
    took = effect.effect(
        live, live.preview({greedy.name: compose(greedy)}), draft.id, asked, normaliser()
    )
    assert [(one.text, one.other) for one in took.taken] == [(fine.text, "transfer-how")]
