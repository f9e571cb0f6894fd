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
from search.reading.encoder import installed
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


def test_they_come_together_whichever_of_them_a_week_brings() -> None:
    known = [
        bare_of(normaliser()(text))
        for faq in FAQS.values()
        for text in (faq.question, *faq.similar)
    ]
    topic = {bare_of(normaliser()(text)): name for name, texts in TOPICS.items() for text in texts}
    held = 0
    for seed in range(10):
        draw = random.Random(seed)
        texts = [text for name in TOPICS for text in draw.sample(_of(topic, name), 14)]
        draw.shuffle(texts)
        parts = [
            Counter(topic[texts[at]] for at in part)
            for part in put_together(texts, known, installed())
            if len(part) > 2
        ]
        firsts = [one.most_common(1)[0] for one in parts]
        held += sorted(name for name, _ in firsts) == sorted(TOPICS) and all(
            times >= 12 and one.total() - times <= 1
            for one, (_, times) in zip(parts, firsts, strict=True)
        )
    assert held >= 9


def _of(topic: dict[str, str], name: str) -> list[str]:
    return [text for text, its in topic.items() if its == name]


def test_no_row_chains_two_topics_that_are_otherwise_far() -> None:
    pets = ["给狗买保险", "宠物保险怎么买", "宠物保险在哪里", "猫的保险怎么买", "狗的保险在哪里"]
    points = ["积分怎么用", "积分换什么", "积分在哪里看", "我的积分怎么看", "积分换礼品"]
    both = "宠物保险能用积分换吗"
    texts = [*pets, both, *points]
    found = put_together(
        texts, ["怎么转账", "转账要多久", "提现到账时间", "怎么改密码"], installed()
    )
    for part in found:
        said = {texts[at] for at in part} - {both}
        assert said <= set(pets) or said <= set(points), said


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
