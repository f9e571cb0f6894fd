"""Video calls: rung at one agent at a time, never owned twice, each with an end and a duration."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.desk.conftest import Desk
from web.desk import assignments, calls, events, video
from web.desk.calls import Call
from web.desk.errors import NotYours, WrongState
from web.desk.events import Actor
from web.desk.handout import skills
from web.desk.models import Conversation
from web.desk.verification import FORM, new_code, tells

XIAOLIN = Actor("customer", "小林")


def request(desk: Desk, conversation_id: str, *online: int, media: str = "video") -> Call:
    with desk.database.write() as session:
        return video.request(session, conversation_id, media, online, desk.now)


def sweep(desk: Desk, *online: int) -> list[Call]:
    with desk.database.write() as session:
        return video.sweep(session, online, desk.now)


def kinds(desk: Desk, conversation_id: str) -> list[str]:
    with desk.database.read() as session:
        return [event.type for event in events.after(session, conversation_id, 0)]


def test_a_call_rings_at_who_had_the_customer_last_then_at_who_is_good_at_the_topic(
    desk: Desk,
) -> None:
    both = (desk.anna.id, desk.zhou.id)
    with desk.database.write() as session:
        skills.declare(session, desk.anna.id, ["login"])
    one = desk.open().conversation.id
    with desk.database.write() as session:
        session.get_one(Conversation, one).card = {"topic": "refund"}
    call = request(desk, one, *both)
    assert call.agent_id == desk.zhou.id  # 安娜's account is older, and not good at it
    with desk.database.write() as session:
        video.refuse(session, call.id, desk.zhou, both, desk.now)
    with desk.database.write() as session:
        assert calls.find(session, call.id).agent_id == desk.anna.id
        video.accept(session, call.id, desk.anna, desk.now)
        video.hang_up(session, call.id, XIAOLIN, desk.now)
        assignments.close(session, one, desk.anna, desk.now)
    desk.later(hours=1)
    assert request(desk, one, *both).agent_id == desk.anna.id


def test_a_call_rings_is_accepted_connects_and_keeps_its_duration_alone(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    call = request(desk, xiaolin, desk.anna.id)
    assert (call.state, call.agent_id) == ("ringing", desk.anna.id)
    with desk.database.write() as session:
        video.accept(session, call.id, desk.anna, desk.now)
        video.connect(session, call.id, desk.now)
        video.connect(session, call.id, desk.now)
    desk.later(seconds=95)
    with desk.database.write() as session:
        ended = video.hang_up(session, call.id, XIAOLIN, desk.now)
    assert (ended.state, ended.seconds, ended.reason, ended.code) == ("ended", 95, "hung_up", "")
    assert kinds(desk, xiaolin) == [
        "call_requested",
        "call_accepted",
        "agent_joined",
        "call_connected",
        "call_ended",
    ]


def test_an_agents_name_is_shown_once_they_have_accepted(desk: Desk) -> None:
    call = request(desk, desk.open().conversation.id, desk.anna.id)
    with desk.database.write() as session:
        assert calls.as_json(session, call)["agent"] is None
        video.accept(session, call.id, desk.anna, desk.now)
        assert calls.as_json(session, calls.find(session, call.id))["agent"] == "安娜"


def test_an_agent_who_refuses_passes_the_call_on_and_all_refusing_declines_it(desk: Desk) -> None:
    call = request(desk, desk.open().conversation.id, desk.anna.id, desk.zhou.id)
    both = (desk.anna.id, desk.zhou.id)
    with desk.database.write() as session:
        call = video.refuse(session, call.id, desk.anna, both, desk.now)
        assert (call.state, call.agent_id) == ("ringing", desk.zhou.id)
        with pytest.raises(NotYours):
            video.accept(session, call.id, desk.anna, desk.now)
        call = video.refuse(session, call.id, desk.zhou, both, desk.now)
    assert (call.state, call.reason) == ("declined", "refused")


def test_with_nobody_at_the_desk_it_is_missed_at_once(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    call = request(desk, xiaolin)
    assert (call.state, call.reason) == ("missed", "nobody_there")
    assert kinds(desk, xiaolin) == ["call_requested", "call_missed"]


def test_unanswered_it_rings_the_next_and_is_missed_in_the_end(desk: Desk) -> None:
    call = request(desk, desk.open().conversation.id, desk.anna.id, desk.zhou.id)
    both = (desk.anna.id, desk.zhou.id)
    seen = []
    for _ in range(8):
        desk.later(seconds=16)
        with desk.database.write() as session:
            video.sign_of_life(session, call.id, "customer", desk.now)
        sweep(desk, *both)
        with desk.database.read() as session:
            found = calls.find(session, call.id)
        seen.append((found.state, found.agent_id))
    assert ("ringing", desk.zhou.id) in seen
    assert found.state == "missed"
    assert found.reason == "no_answer"


def test_the_agent_who_has_the_chat_is_rung_first_and_a_busy_one_never(desk: Desk) -> None:
    from web.desk import assignments, escalations

    xiaolin, ajie = (desk.open().conversation.id for _ in range(2))
    with desk.database.write() as session:
        escalations.escalate(
            session, xiaolin, XIAOLIN, desk.now, topic=None, reason="asked", urgent=False, card={}
        )
        assignments.claim(session, xiaolin, desk.zhou, desk.now)
    both = (desk.anna.id, desk.zhou.id)
    assert request(desk, xiaolin, *both).agent_id == desk.zhou.id
    assert request(desk, ajie, desk.zhou.id).state == "requested"
    assert [call.agent_id for call in sweep(desk, *both)] == [desk.anna.id]


def test_agents_are_rung_by_turns_and_the_longest_waiting_call_first(desk: Desk) -> None:
    both = (desk.anna.id, desk.zhou.id)
    rung = []
    for _ in range(4):
        desk.later(seconds=1)
        call = request(desk, desk.open().conversation.id, *both)
        rung.append(call.agent_id)
        with desk.database.write() as session:
            video.hang_up(session, call.id, XIAOLIN, desk.now)
    assert rung == [desk.anna.id, desk.zhou.id, desk.anna.id, desk.zhou.id]
    talking = request(desk, desk.open().conversation.id, desk.anna.id)
    waiting = []
    for _ in range(4):
        desk.later(milliseconds=1)
        waiting.append(request(desk, desk.open().conversation.id, desk.anna.id).id)
    with desk.database.write() as session:
        video.hang_up(session, talking.id, XIAOLIN, desk.now)
    assert [call.id for call in sweep(desk, desk.anna.id)] == waiting[:1]


def test_many_calls_at_once_never_ring_one_agent_twice(desk: Desk) -> None:
    waiting = [desk.open().conversation.id for _ in range(8)]
    both = (desk.anna.id, desk.zhou.id)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda at: request(desk, at, *both), waiting))
    rung = [call.agent_id for call in made if call.state == "ringing"]
    assert sorted(rung) == sorted(both)


def test_two_accepting_at_once_and_a_customer_hanging_up_leave_one_truth(desk: Desk) -> None:
    for _ in range(5):
        call = request(desk, desk.open().conversation.id, desk.anna.id)

        def accept(_: int, call_id: str = call.id) -> bool:
            try:
                with desk.database.write() as session:
                    video.accept(session, call_id, desk.anna, desk.now)
            except WrongState:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(accept, range(4))) == 1
        with desk.database.write() as session:
            video.hang_up(session, call.id, XIAOLIN, desk.now)


def test_a_side_that_vanishes_ends_the_call(desk: Desk) -> None:
    call = request(desk, desk.open().conversation.id, desk.anna.id)
    with desk.database.write() as session:
        video.accept(session, call.id, desk.anna, desk.now)
        video.connect(session, call.id, desk.now)
    desk.later(seconds=20)
    with desk.database.write() as session:
        video.sign_of_life(session, call.id, "customer", desk.now)
    desk.later(seconds=10)
    (ended,) = sweep(desk, desk.anna.id)
    assert (ended.state, ended.reason, ended.seconds) == ("failed", "agent_gone", 30)


def test_a_page_that_is_left_and_does_not_come_back_ends_the_call_a_reload_does_not(
    desk: Desk,
) -> None:
    call = request(desk, desk.open().conversation.id, desk.anna.id)
    with desk.database.write() as session:
        video.accept(session, call.id, desk.anna, desk.now, "page-one")
        video.connect(session, call.id, desk.now)
        video.step_out(session, call.id, "agent", desk.now, "page-two")  # only the holder counts
    for side in ("agent", "customer"):
        with desk.database.write() as session:
            video.step_out(session, call.id, side, desk.later(seconds=5), "page-one")
        desk.later(seconds=8)
        assert sweep(desk, desk.anna.id) == []
        with desk.database.write() as session:
            before = calls.find(session, call.id).epoch
            assert video.rejoin(session, call.id, side, desk.now, "page-one").epoch == before + 1
            for alive in ("agent", "customer"):
                video.sign_of_life(session, call.id, alive, desk.now)
        desk.later(seconds=8)
        assert sweep(desk, desk.anna.id) == []
    with desk.database.write() as session:
        video.step_out(session, call.id, "agent", desk.now, "page-one")
        # what its dead line still brings is no sign of life
        video.sign_of_life(session, call.id, "agent", desk.later(seconds=9))
        video.sign_of_life(session, call.id, "customer", desk.now)
    desk.later(seconds=2)
    [ended] = sweep(desk, desk.anna.id)
    assert (ended.state, ended.reason) == ("failed", "agent_gone")


def test_a_customer_whose_page_is_loaded_anew_while_it_rings_waits_on(desk: Desk) -> None:
    call = request(desk, desk.open().conversation.id, desk.anna.id)
    with desk.database.write() as session:
        video.step_out(session, call.id, "customer", desk.now, epoch=0)
        held = video.rejoin(session, call.id, "customer", desk.later(seconds=4))
        assert (held.state, held.epoch) == ("ringing", 1)
        # the farewell of the page that is gone comes after the page that took its place
        video.step_out(session, call.id, "customer", desk.now, epoch=0)
    desk.later(seconds=12)
    assert sweep(desk, desk.anna.id) == []
    with desk.database.write() as session:
        video.step_out(session, call.id, "customer", desk.now, epoch=1)
    desk.later(seconds=11)
    [ended] = sweep(desk, desk.anna.id)
    assert (ended.state, ended.reason) == ("missed", "customer_gone")


def test_codes_differ_are_short_and_are_seen_in_any_spacing() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) > 490
    code = codes.pop()
    assert len(code) == len(FORM) == 5
    assert tells(f"核对码是 {' '.join(code.lower())}。", code)
    assert not tells("您好，请稍等", code)
