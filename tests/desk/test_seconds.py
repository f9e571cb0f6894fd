"""A second pair of eyes: one decision for one proposal, whoever decides at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.desk.conftest import Desk
from web.desk.errors import WrongState
from web.wallet import looks, proposals
from web.wallet.models import WalletRequest

ABOUT = {"id": "tx-0001", "payee": "北窗书店", "amount": "128.00 元", "time": "11月21日 20:00"}


@pytest.fixture
def desk(database) -> Desk:
    return Desk(database)


def propose(desk: Desk, key: str = "proposal-1") -> None:
    conversation = desk.open("10086").conversation.id
    with desk.database.write() as session:
        looks.begin(
            session, key, conversation, "Refund", desk.now, desk.anna.id,
            state="proposed", about=ABOUT, note="没收到货",
        )  # fmt: skip


def test_who_confirms_and_who_takes_back_at_once_never_both_win(desk: Desk) -> None:
    propose(desk)

    def decide(number: int) -> str:
        try:
            with desk.database.write() as session:
                if number % 2:
                    proposals.withdraw(session, "proposal-1", desk.anna, desk.now)
                    return "withdrawn"
                proposals.decline(session, "proposal-1", desk.zhou, desk.now)
                return "declined"
        except WrongState:
            return "late"

    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(decide, range(4)))
    (won,) = [one for one in ends if one != "late"]
    with desk.database.read() as session:
        assert session.get_one(WalletRequest, "proposal-1").state == won


def test_what_came_before_is_known_on_every_database(desk: Desk) -> None:
    conversation = desk.open("10086").conversation.id
    with desk.database.write() as session:
        told = [looks.take(session, event, desk.now) for event in ("one", "two", "one")]
        begun = [
            looks.begin(session, key, conversation, "Freeze", desk.now) for key in ("a", "b", "a")
        ]
    assert told == begun == [True, True, False]


def test_one_transaction_is_asked_about_once_at_a_time(desk: Desk) -> None:
    propose(desk)
    with pytest.raises(looks.AlreadyAsked):
        propose(desk, "proposal-2")
    with desk.database.write() as session:
        proposals.decline(session, "proposal-1", desk.zhou, desk.now)
    propose(desk, "proposal-2")


def test_what_is_too_old_is_not_confirmed(desk: Desk) -> None:
    propose(desk)
    later = desk.later(hours=4, seconds=1)
    with desk.database.write() as session, pytest.raises(WrongState):
        proposals.confirm(session, "proposal-1", desk.zhou, later)
    with desk.database.read() as session:
        assert proposals.waiting(session, desk.zhou.id, later) == []
        early = later - timedelta(minutes=1)
        assert len(proposals.waiting(session, desk.zhou.id, early)) == 1
