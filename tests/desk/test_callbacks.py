"""Callbacks: booked within capacity and limits, owned by one agent, always brought to an end."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tests.desk.conftest import Desk
from web.desk import (
    assignments,
    bookings,
    callback_list,
    callbacks,
    conversations,
    escalations,
    events,
    slots,
)
from web.desk.bookings import Callback
from web.desk.callbacks import AlreadyBooked, Rules, TooManyBookings
from web.desk.errors import NotYours, WrongState
from web.desk.events import BOT
from web.desk.phones import BadNumber, normalise, shown
from web.desk.slots import Slot
from web.desk.vault import Unreadable, Vault

HERE = ZoneInfo("Asia/Shanghai")
VAULT = Vault(["a secret of the tests only"])
PHONE = "138 1234 5678"


class Office:
    """Open from 9 to 18 every day; busy and quiet as the sources say."""

    def is_open(self, channel: str, at: datetime) -> bool:
        return 9 <= at.astimezone(HERE).hour < 18

    def load(self, at: datetime) -> str:
        hour = at.astimezone(HERE).hour
        if hour in (9, 10, 14, 15):
            return "busy"
        return "quiet" if hour == 12 or hour >= 17 else "normal"


OFFICE = Office()
RULES = Rules(capacity=2)


def start_of(desk: Desk, days: int = 1, hour: int = 10) -> datetime:
    day = desk.now.astimezone(HERE) + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def book(desk: Desk, conversation_id: str, number: str = PHONE, **when: int) -> Callback:
    with desk.database.write() as session:
        return callbacks.book(
            session, conversation_id, number, start_of(desk, **when), OFFICE, RULES, VAULT, desk.now
        )


def kinds(desk: Desk, conversation_id: str) -> list[str]:
    with desk.database.read() as session:
        return [event.type for event in events.after(session, conversation_id, 0)]


def close(desk: Desk, callback: Callback, outcome: str) -> Callback:
    with desk.database.write() as session:
        callbacks.take(session, callback.id, desk.anna, desk.now)
        return callbacks.close(session, callback.id, desk.anna, outcome, desk.now)


def test_a_number_is_checked_shown_masked_and_kept_sealed(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    callback = book(desk, xiaolin)
    with desk.database.read() as session:
        row = session.get_one(Callback, callback.id)
        told = events.after(session, xiaolin, 0)[-1]
    assert row.number_shown == "+86 138****5678"
    assert "12345678" not in row.number
    assert VAULT.open(row.number) == "+8613812345678"
    assert told.type == "callback_booked"
    assert callback.code not in json.dumps(told.data)
    assert "1234" not in json.dumps(told.data)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("12345", "form"), ("没有电话", "form"), ("110", "form"), ("+1 202 456 1111", "region")],
)
def test_what_cannot_be_called_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadNumber) as refused:
        normalise(text, RULES.regions)
    assert refused.value.reason == reason


def test_numbers_are_brought_into_one_form() -> None:
    for text in ("13812345678", "+86 138-1234-5678", "0086 13812345678", "１３８１２３４５６７８"):
        assert normalise(text, RULES.regions) == "+8613812345678"
    assert normalise("010-62771234", RULES.regions) == "+861062771234"
    assert shown("+85251234567") == "+852 512***67"


def test_quiet_slots_come_first_and_all_lie_in_the_opening_hours(desk: Desk) -> None:
    with desk.database.read() as session:
        found = slots.offers(session, OFFICE, 2, desk.now)
    ordered = slots.quiet_first(found)
    assert [offer.load for offer in ordered] == sorted(
        (offer.load for offer in found), key=slots.ORDER.index
    )
    assert ordered[0].start == min(offer.start for offer in found if offer.load == "quiet")
    assert all(OFFICE.is_open("callback", offer.start) for offer in found)


def test_a_slot_takes_no_more_than_its_capacity_even_at_once(desk: Desk) -> None:
    waiting = [desk.open().conversation.id for _ in range(6)]

    def attempt(pair: tuple[int, str]) -> bool:
        try:
            book(desk, pair[1], f"1381234567{pair[0]}")
        except slots.SlotFull:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, enumerate(waiting))) == 2


def test_moving_and_cancelling_give_the_place_back(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    book(desk, xiaolin)
    later = start_of(desk, hour=12)
    with desk.database.write() as session:
        callbacks.move(session, xiaolin, later, OFFICE, RULES, desk.now)
    with desk.database.read() as session:
        assert {slot.start: slot.taken for slot in session.scalars(select(Slot))} == {
            start_of(desk): 0,
            later: 1,
        }
    with desk.database.write() as session:
        ended = callbacks.cancel(session, xiaolin, desk.now)
    assert (ended.number, ended.code) == ("", "")
    with desk.database.read() as session:
        assert session.get_one(Slot, later).taken == 0
    assert kinds(desk, xiaolin)[-3:] == ["callback_booked", "callback_moved", "callback_cancelled"]


def test_one_conversation_has_one_open_callback_and_a_day_has_three(desk: Desk) -> None:
    xiaolin = desk.open("xiaolin").conversation.id
    for _ in range(callbacks.PER_DAY):
        book(desk, xiaolin)
        with pytest.raises(AlreadyBooked):
            book(desk, xiaolin, hour=12)
        with desk.database.write() as session:
            callbacks.cancel(session, xiaolin, desk.now)
    with pytest.raises(TooManyBookings):
        book(desk, xiaolin, "13912345678")
    with pytest.raises(TooManyBookings):  # another identity, the same number
        book(desk, desk.open("ajie").conversation.id)
    desk.later(days=1, seconds=1)
    book(desk, xiaolin)


def test_no_answer_is_tried_again_twice_and_then_told(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    callback = book(desk, xiaolin)
    desk.now = start_of(desk)
    assert close(desk, callback, "no_answer").due_at == desk.now + callbacks.PAUSES[0]
    assert close(desk, callback, "no_answer").state == "booked"
    ended = close(desk, callback, "no_answer")
    assert (ended.state, ended.attempts, ended.number) == ("unreached", 3, "")
    assert [kind for kind in kinds(desk, xiaolin) if kind.startswith("callback_")] == [
        "callback_booked",
        *("callback_calling", "callback_retry") * 2,
        "callback_calling",
        "callback_unreached",
    ]


def test_a_wrong_number_ends_it_and_another_can_be_booked(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    assert close(desk, book(desk, xiaolin), "wrong_number").state == "wrong_number"
    assert book(desk, xiaolin, "13912345678").state == "booked"


def test_of_two_agents_one_has_the_call_and_only_that_one_sees_the_number(desk: Desk) -> None:
    callback = book(desk, desk.open().conversation.id)

    def attempt(agent: object) -> bool:
        try:
            with desk.database.write() as session:
                callbacks.take(session, callback.id, agent, desk.now)
        except (NotYours, WrongState):
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, [desk.anna, desk.zhou] * 4)) == 1
    with desk.database.read() as session:
        owner = session.get_one(Callback, callback.id).agent_id
        mine, theirs = (desk.anna, desk.zhou) if owner == desk.anna.id else (desk.zhou, desk.anna)
        assert callbacks.number_of(session, callback.id, mine, VAULT) == "+8613812345678"
        with pytest.raises(NotYours):
            callbacks.number_of(session, callback.id, theirs, VAULT)


def test_who_is_late_is_told_that_a_colleague_calls_and_who_closes_twice_that_it_is_over(
    desk: Desk,
) -> None:
    callback = book(desk, desk.open().conversation.id)
    with desk.database.write() as session:
        bookings.advance(session, callback.id, "take", agent_id=desk.anna.id)
    with pytest.raises(NotYours), desk.database.write() as session:
        bookings.advance(session, callback.id, "reached", agent=desk.zhou)
    with desk.database.write() as session:
        bookings.advance(session, callback.id, "reached", agent=desk.anna)
    with pytest.raises(WrongState), desk.database.write() as session:
        bookings.advance(session, callback.id, "reached", agent=desk.anna)


def test_the_list_marks_what_is_due_and_overdue_and_holds_no_number(desk: Desk) -> None:
    book(desk, desk.open().conversation.id)
    desk.now = start_of(desk) - timedelta(minutes=10)
    marks = []
    for minutes in (0, 10, 50):
        desk.later(minutes=minutes)
        with desk.database.read() as session:
            (row,) = callback_list.listed(session, desk.now)
        marks.append((row["is_due"], row["overdue"]))
        assert "12345678" not in json.dumps(row)
    assert marks == [(False, False), (True, False), (True, True)]


def test_the_secret_can_be_changed(desk: Desk) -> None:
    callback = book(desk, desk.open().conversation.id)
    both = Vault(["a new secret", "a secret of the tests only"])
    with desk.database.write() as session:
        assert callbacks.reseal(session, both) == 1
    with desk.database.read() as session:
        sealed = session.get_one(Callback, callback.id).number
    assert Vault(["a new secret"]).open(sealed) == "+8613812345678"
    with pytest.raises(Unreadable):
        VAULT.open(sealed)


def test_a_lead_takes_over_from_who_booked_a_call_and_not_while_it_is_made(desk: Desk) -> None:
    one = desk.open().conversation.id
    booked = book(desk, one)
    with desk.database.write() as session:
        escalations.escalate(
            session, one, BOT, desk.now, topic=None, reason="asked", urgent=False, card={}
        )
        assignments.claim(session, one, desk.anna, desk.now)
        assignments.take_over(session, one, desk.zhou, desk.now)
    with desk.database.write() as session:
        callbacks.take(session, booked.id, desk.zhou, desk.now)
    with pytest.raises(WrongState, match="a call is under way"), desk.database.write() as session:
        assignments.take_over(session, one, desk.anna, desk.now)
    with desk.database.read() as session:
        assert conversations.find(session, one).agent_id == desk.zhou.id
