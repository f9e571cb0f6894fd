"""Conversations judged by a lead: drawn by a seed, judged once, told to their agent, counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.desk.conftest import Desk
from tests.desk.test_report import DAY, ZONE, close, made, say, take, wait
from web.desk.errors import NotYours, WrongState
from web.desk.measures import spans
from web.desk.models import Agent
from web.desk.reviews import draw, lists, records
from web.desk.reviews.draw import order
from web.desk.reviews.form import BadForm, Criterion, Form

SPAN = spans.whole(DAY, DAY, ZONE)
FORM = Form((Criterion("heard", "听懂", points=6), Criterion("safe", "安全", points=4, grave=True)))


def finish(desk: Desk, agent: Agent, count: int, *, speaks: bool = True) -> list[str]:
    done = []
    for _ in range(count):
        one = wait(desk)
        desk.later(seconds=10)
        take(desk, one, agent)
        if speaks:
            desk.later(seconds=5)
            say(desk, one, agent)
        desk.later(seconds=60)
        close(desk, one, agent)
        done.append(one)
    return done


def drawn(desk: Desk, seed: str, each: int, lead: Agent | None = None) -> list[str]:
    with desk.database.write() as session:
        draw.draw(session, seed, SPAN, each, lead or chief(desk), desk.now)
    with desk.database.read() as session:
        return [line.conversation for line in lists.waiting(session)]


def chief(desk: Desk) -> Agent:
    with desk.database.write() as session:
        known = session.query(Agent).filter_by(name="lin").one_or_none()
        if known is None:
            known = Agent(
                name="lin", display="林组长", password_hash="x", role="lead", created_at=desk.now
            )
            session.add(known)
            session.flush()
    return known


def test_a_seed_draws_the_same_of_each_agent_whoever_draws_and_only_what_was_worked(
    desk: Desk,
) -> None:
    anna = finish(desk, desk.anna, 5)
    zhou = finish(desk, desk.zhou, 2)
    silent = finish(desk, desk.anna, 1, speaks=False)
    first = drawn(desk, "2026-48", 2)
    assert len(first) == 4
    assert len(set(first) & set(anna)) == 2
    assert set(zhou) <= set(first)
    assert drawn(desk, "2026-48", 2) == first  # the same draw again adds nothing
    more = drawn(desk, "2026-48", 3)
    assert set(first) < set(more)
    assert len(set(more) & set(anna)) == 3
    assert not set(silent) & set(drawn(desk, "all", 20))


def test_where_one_stands_in_a_draw_hangs_on_nothing_but_itself_and_the_seed() -> None:
    ids = list(range(1, 200))
    assert order("a", ids) == order("a", reversed(ids))
    assert order("a", ids) != order("b", ids)
    left = [one for one in order("a", ids) if one % 2]
    assert order("a", [one for one in ids if one % 2]) == left
    firsts = [order(str(seed), range(10))[0] for seed in range(1000)]
    assert all(60 <= firsts.count(one) <= 140 for one in range(10))  # 100 each, 4 sigma


def test_nobody_draws_or_judges_their_own(desk: Desk) -> None:
    finish(desk, desk.anna, 2)
    assert drawn(desk, "s", 5, lead=desk.anna) == []
    drawn(desk, "s", 5)
    with desk.database.write() as session:
        (one, _) = lists.waiting(session)
        given = {"heard": 6, "safe": 4}
        with pytest.raises(NotYours):
            records.judge(session, one.review.id, desk.anna, FORM, given, "", desk.now)


def test_a_review_is_judged_once_by_every_criterion_and_counted_for_its_agent(desk: Desk) -> None:
    (one,) = finish(desk, desk.anna, 1)
    drawn(desk, "s", 1)
    lead = chief(desk)
    with desk.database.read() as session:
        review = lists.waiting(session)[0].review
        sheet = lists.sheet(session, review.id)
    assert sheet.line.conversation == one
    assert (sheet.waited, sheet.answered) == (10.0, 15.0)
    assert [event.data["text"] for event in sheet.during if event.type == "message"] == ["您好"]
    assert [event.data["text"] for event in sheet.before if event.type == "message"] == ["退款没到"]
    for given in ({"heard": 6}, {"heard": 7, "safe": 4}, {"heard": -1, "safe": 4}):
        with pytest.raises(records.Incomplete), desk.database.write() as session:
            records.judge(session, review.id, lead, FORM, given, "", desk.now)
    with desk.database.write() as session:
        given = {"heard": 3, "safe": 4}
        words = "卡号 6222021234567894 别写出来"
        done = records.judge(session, review.id, lead, FORM, given, words, desk.now)
        assert (done.share, done.points) == (70, given)
        assert "6222021234567894" not in done.words
        assert records.count_unseen(session, desk.anna.id) == 1
        assert records.count_unseen(session, desk.zhou.id) == 0
    with pytest.raises(WrongState), desk.database.write() as session:
        records.judge(session, review.id, lead, FORM, {"heard": 6, "safe": 4}, "", desk.now)
    with pytest.raises(WrongState), desk.database.write() as session:
        records.pass_over(session, review.id, lead, desk.now)
    found = made(desk)
    assert (found.total.reviewed, found.total.points) == (1, 70.0)
    (line,) = found.views["agent"]
    assert (line.key, line.reviewed, line.points) == ("安娜", 1, 70.0)
    assert [(line.key, line.points) for line in found.views["topic"]] == [("refund", 70.0)]
    with desk.database.write() as session:
        records.read_by_agent(session, desk.anna.id, desk.now)
        assert records.count_unseen(session, desk.anna.id) == 0


def test_a_grave_nought_is_a_nought_for_all() -> None:
    assert FORM.share({"heard": 6, "safe": 4}) == 100
    assert FORM.share({"heard": 0, "safe": 1}) == 10
    assert FORM.share({"heard": 6, "safe": 0}) == 0


def test_a_case_is_asked_for_by_its_number_once_and_not_while_it_is_in_hand(desk: Desk) -> None:
    one = wait(desk)
    take(desk, one, desk.anna)
    lead = chief(desk)
    with desk.database.read() as session:
        from web.desk import cases, conversations

        case = cases.current(session, conversations.find(session, one))
        number = case.number if case else ""
    assert number
    with pytest.raises(WrongState), desk.database.write() as session:
        records.ask_for(session, number, lead, desk.now)
    close(desk, one, desk.anna)
    with desk.database.write() as session:
        first = records.ask_for(session, f" {number.lower()} ", lead, desk.now)
        assert records.ask_for(session, number, lead, desk.now).id == first.id
        assert first.seed is None


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    [
        ([], "none", None),
        ({"criteria": {}}, "none", None),
        ({"criteria": {"a": {"points": 3}}}, "criterion", "a"),
        ({"criteria": {"a": {"title": "x", "most": 3}}}, "criterion", "a"),
        ({"criteria": {"a": {"title": "x", "points": 11}}}, "points", "a"),
        ({"criteria": {"a": {"title": "x"}}, "pass_share": 101}, "number", "pass_share"),
    ],
)
def test_a_form_that_cannot_be_is_refused_with_its_name(said, kind, value) -> None:
    with pytest.raises(BadForm) as refused:
        Form.of(said)
    assert refused.value.kind == kind
    assert refused.value.values.get("name") == value


def test_a_form_is_read_as_written() -> None:
    form = Form.of({"criteria": {"a": {"title": " 听懂 "}}, "each": 3})
    assert form == replace(Form((Criterion("a", "听懂"),)), each=3)
    assert form.most == 5
