"""A callback that is due rings like a case: by skill, passed on once, until it is taken."""

from __future__ import annotations

import pytest

from tests.desk.handout.conftest import Floor
from tests.desk.test_callbacks import book
from web.desk import board, callbacks
from web.desk.bookings import Callback
from web.desk.handout import skills
from web.desk.handout.offers import OfferOver
from web.desk.models import Conversation


def test_a_booked_call_that_is_due_rings_by_skill_is_passed_on_once_and_taken(floor: Floor) -> None:
    with floor.database.write() as session:
        skills.declare(session, floor.anna.id, ["login"])
        skills.declare(session, floor.zhou.id, ["refund"])
    xiaolin = floor.open().conversation.id
    booked = book(floor, xiaolin)
    with floor.database.write() as session:
        session.get_one(Conversation, xiaolin).card = {"topic": "refund"}
    assert floor.step() == []  # it is not due
    floor.now = booked.slot
    assert floor.step() == [xiaolin]
    assert floor.step() == []
    first = floor.ring()
    assert (first.agent_id, first.callback_id) == (floor.zhou.id, booked.id)
    with floor.database.read() as session:
        told = board.of_agent(session, floor.zhou.id, floor.now)["offer"]
    assert (told["callback"], told["conversation"]) == (booked.id, xiaolin)
    floor.decline(first)
    floor.later(seconds=100)  # by now anybody will do
    floor.step()
    second = floor.ring()
    assert second.agent_id == floor.anna.id
    floor.accept(second)
    assert floor.owner(xiaolin) == ("agent", floor.anna.id)
    with floor.database.read() as session:
        call = session.get_one(Callback, booked.id)
        assert (call.state, call.agent_id) == ("calling", floor.anna.id)
    assert floor.rung() == [(floor.zhou.id, "declined"), (floor.anna.id, "accepted")]


@pytest.mark.parametrize("end", ["taken", "cancelled"])
def test_a_call_that_is_taken_by_hand_or_cancelled_rings_no_longer(floor: Floor, end: str) -> None:
    xiaolin = floor.open().conversation.id
    booked = book(floor, xiaolin)
    floor.now = booked.slot
    floor.step()
    ring = floor.ring()
    taker = floor.other(floor.agent(ring.agent_id))
    with floor.database.write() as session:
        if end == "taken":
            callbacks.take(session, booked.id, taker, floor.now)
        else:
            callbacks.cancel(session, xiaolin, floor.now)
    assert floor.rung() == [(ring.agent_id, "withdrawn")]
    assert floor.step() == []
    with pytest.raises(OfferOver):
        floor.accept(ring)


def test_who_has_the_customers_chat_makes_their_call_and_nobody_else_is_asked(
    floor: Floor,
) -> None:
    xiaolin = floor.wait()
    booked = book(floor, xiaolin)
    floor.step()
    floor.accept(floor.ring())
    floor.now = booked.slot
    assert floor.step() == []
