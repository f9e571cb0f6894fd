"""Offers while several processes hand out, and while others are quicker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.desk.handout.conftest import RULE, Floor
from web.desk import assignments, escalations
from web.desk.errors import DeskError, WrongState
from web.desk.events import CUSTOMER
from web.desk.handout import offers
from web.desk.handout.rings import Ring
from web.desk.models import Agent


def race(*acts) -> list[bool]:
    """Do things at once; tells which of them went through."""

    def attempt(act) -> bool:
        try:
            act()
        except DeskError:
            return False
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(attempt, acts))


def test_several_processes_that_hand_out_at_once_offer_each_case_once(floor: Floor) -> None:
    cases = {floor.wait() for _ in range(6)}
    for _ in range(8):
        floor.later(seconds=1)
        race(*[floor.step] * 4)
        rings = floor.rings()
        assert len({one.conversation_id for one in rings}) == len(rings)
        assert len({one.agent_id for one in rings}) == len(rings)
        for ring in rings:
            floor.accept(ring)
    assert {floor.owner(one)[0] for one in cases} == {"agent"}
    assert len(floor.rung()) == len(cases)


@pytest.mark.parametrize("rival", ["leave", "run-out", "decline", "claim-elsewhere"])
def test_of_an_acceptance_and_a_rival_one_wins_and_both_sides_agree(
    floor: Floor, rival: str
) -> None:
    for _ in range(4):
        one = floor.wait(urgent=rival == "claim-elsewhere")
        floor.step()
        ring = floor.rings()[0]
        mine = floor.agent(ring.agent_id)

        def other(one: str = one, ring: Ring = ring, mine: Agent = mine) -> None:
            with floor.database.write() as session:
                if rival == "leave":
                    escalations.leave(session, one, CUSTOMER, floor.now)
                elif rival == "decline":
                    offers.decline(session, ring.id, mine, floor.now)
                elif rival == "run-out":
                    late = floor.now + RULE.rings
                    if not offers.miss(session, ring.id, late, RULE, timedelta(days=1)):
                        raise WrongState("taken")
                else:
                    assignments.claim(session, one, floor.other(mine), floor.now)

        accepted, rivalled = race(lambda ring=ring: floor.accept(ring), other)
        assert accepted != rivalled
        owner, agent_id = floor.owner(one)
        assert (owner == "agent" and agent_id == mine.id) == accepted
        assert floor.rings() == []
        with floor.database.read() as session:
            state = session.get_one(Ring, ring.id).state
        ends = {"leave": "withdrawn", "run-out": "missed", "decline": "declined"}
        assert state == ("accepted" if accepted else ends.get(rival, "withdrawn"))
        floor.later(seconds=1)
        with floor.database.write() as session:  # off the floor, for the next one
            if owner == "queue":
                escalations.leave(session, one, CUSTOMER, floor.now)
            elif owner == "agent":
                holder = session.get_one(Agent, agent_id)
                assignments.close(session, one, holder, floor.now)
            session.execute(update(Agent).values(status="online"))
