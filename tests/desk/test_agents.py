"""Agents' accounts: hashes only, sessions that end, throttling for one account only."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.product import ROOT
from web.desk import agents, guessing, sessions
from web.desk.errors import BadPassword, NameTaken, NotFound, Throttled
from web.desk.models import Agent


def sign_in(desk, name="anna", password="anna-password"):
    return agents.sign_in(desk.database, name, password, desk.now)


def who(desk, token):
    with desk.database.read() as session:
        return sessions.of_session(session, token, desk.now)


def test_a_password_is_stored_as_an_argon2_hash(desk):
    with desk.database.read() as session:
        stored = session.get(Agent, desk.anna.id).password_hash
    assert stored.startswith("$argon2id$")
    assert "anna-password" not in stored


def test_a_password_costs_a_thief_what_the_library_advises():
    # in a process of its own: the other tests take less
    shown = (
        "from web.desk import password_hash; print(password_hash.hasher().hash('orange-lantern'))"
    )
    done = subprocess.run([sys.executable, "-c", shown], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_signing_out_ends_the_session_for_good(desk):
    signed_in = sign_in(desk, "Anna ")
    assert who(desk, signed_in.token).name == "anna"
    with desk.database.write() as session:
        sessions.sign_out(session, signed_in.token)
    assert who(desk, signed_in.token) is None


def test_a_session_ends_after_a_day_of_work(desk):
    signed_in = sign_in(desk)
    desk.later(hours=13)
    assert who(desk, signed_in.token) is None


def test_a_new_password_signs_out_everywhere(desk):
    signed_in = sign_in(desk)
    with desk.database.write() as session:
        agents.set_password(session, "anna", "another-password")
    assert who(desk, signed_in.token) is None
    with pytest.raises(BadPassword):
        sign_in(desk)
    assert sign_in(desk, password="another-password")


def test_names_are_taken_once(desk):
    with pytest.raises(NameTaken), desk.database.write() as session:
        agents.add(session, "ANNA", "安娜二", "some-password", desk.now)
    with pytest.raises(NotFound), desk.database.write() as session:
        agents.set_password(session, "nobody", "some-password")


@pytest.mark.parametrize("name", ["anna", "nobody"])
def test_wrong_passwords_slow_down_one_account_only(desk, name):
    for _ in range(agents.FREE_FAILURES):
        with pytest.raises(BadPassword):
            sign_in(desk, name, "wrong")
    with pytest.raises(Throttled) as refused:
        sign_in(desk, name)
    assert 1 <= refused.value.retry_after <= 60
    assert sign_in(desk, "zhou", "zhou-password")
    desk.later(seconds=refused.value.retry_after)
    if name == "anna":
        assert sign_in(desk)
        assert sign_in(desk)


def test_many_guesses_at_once_do_not_slip_through(desk):
    def guess(_: int) -> type[Exception]:
        try:
            sign_in(desk, password="wrong")
        except (BadPassword, Throttled) as error:
            return type(error)
        raise AssertionError("signed in")

    with pytest.raises(BadPassword):
        sign_in(desk, password="wrong")  # makes the row that the guesses lock
    with ThreadPoolExecutor(4) as pool:
        refusals = list(pool.map(guess, range(16)))
    assert refusals.count(BadPassword) == agents.FREE_FAILURES - 1


def test_everybody_is_listed_by_name_whether_open_or_closed(desk):
    with desk.database.write() as session:
        agents.add(session, "Bo", "小波", "some-password", desk.now)
        agents.change(session, "anna", active=False)
    with desk.database.read() as session:
        assert [agent.name for agent in agents.everyone(session)] == ["anna", "bo", "zhou"]


def test_the_last_wrong_code_wants_the_password_again(desk):
    owes = agents.sign_in(
        desk.database, "anna", "anna-password", desk.now, owes_code=lambda session, agent: True
    )
    assert not owes.whole
    for tries in range(sessions.CODE_TRIES):
        with desk.database.read() as session:
            found = sessions.owing(session, owes.token, desk.now)
        assert found is not None, tries
        with desk.database.write() as session:
            sessions.count_code(session, owes.token)
    with desk.database.read() as session:
        assert sessions.owing(session, owes.token, desk.now) is None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.68", "198.51.100.68"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_who_has_a_whole_network_of_addresses_guesses_as_one(address, network):
    assert guessing.network(address) == network
