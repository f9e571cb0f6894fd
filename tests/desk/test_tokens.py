"""Bearer tokens live as long as they are used, and open nothing for anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from web.desk import tokens
from web.desk.errors import ExpiredToken, OtherIdentity, UnknownToken

DAY = timedelta(days=1)


def check(desk, opened, token=None, claimed=None):
    """Use a token as a request does."""
    token = token or opened.token
    with desk.database.write() as session:
        if tokens.check(session, opened.conversation.id, token, desk.now, claimed):
            tokens.renew(session, token, desk.now)


def exchange(desk, opened, token):
    with desk.database.write() as session:
        return tokens.exchange(session, opened.conversation.id, token, desk.now)[0]


def test_an_anonymous_token_that_is_used_lives_on_and_one_that_is_not_expires(desk):
    opened = desk.open()
    for _ in range(4):
        desk.later(days=20)
        check(desk, opened)
    desk.later(days=31)
    with pytest.raises(ExpiredToken):
        check(desk, opened)


def test_a_signed_in_customers_token_lives_a_day_and_the_identity_finds_the_conversation(desk):
    opened = desk.open("xiaolin")
    desk.later(hours=23)
    check(desk, opened)
    desk.later(hours=23)
    check(desk, opened)
    desk.later(hours=25)
    with pytest.raises(ExpiredToken):
        check(desk, opened)
    again = desk.open("xiaolin")
    assert again.conversation.id == opened.conversation.id
    check(desk, again)


def test_a_token_is_refused_to_who_speaks_for_another_identity(desk):
    xiaolin, stranger = desk.open("xiaolin"), desk.open()
    check(desk, xiaolin, claimed=tokens.who("xiaolin"))
    check(desk, stranger, claimed="anonymous")
    for opened, claimed in (
        (xiaolin, tokens.who("ajie")),
        (xiaolin, "anonymous"),
        (stranger, tokens.who("xiaolin")),
        (xiaolin, ""),
    ):
        with pytest.raises(OtherIdentity):
            check(desk, opened, claimed=claimed)


def test_the_old_token_ends_a_minute_after_the_new_one_was_used_not_before(desk):
    opened = desk.open()
    fresh = exchange(desk, opened, opened.token)
    desk.later(days=2)
    check(desk, opened)  # the answer with the new token was lost, say
    again = exchange(desk, opened, opened.token)
    with pytest.raises(UnknownToken):
        check(desk, opened, fresh)  # nobody ever had it
    check(desk, opened, again)
    desk.later(seconds=50)
    check(desk, opened)  # a request of another tab that was on its way
    desk.later(seconds=20)
    with pytest.raises(ExpiredToken):
        check(desk, opened)
    check(desk, opened, again)


def test_signing_out_ends_the_token_and_those_of_the_same_session_at_the_wallet(desk):
    here, there = desk.open("xiaolin", login="web-1"), desk.open("xiaolin", login="web-1")
    phone, other = desk.open("xiaolin", login="phone"), desk.open("ajie", login="web-1")
    with desk.database.write() as session:
        tokens.revoke(session, here.token)
    for ended in (here, there):
        with pytest.raises(UnknownToken):
            check(desk, ended)
    check(desk, phone)
    check(desk, other)


def test_an_opening_that_is_asked_for_again_opens_no_second_conversation(desk):
    first = desk.open(opening="a-tab-of-the-device")
    again = desk.open(opening="a-tab-of-the-device")
    assert (first.created, again.created) == (True, False)
    assert again.conversation.id == first.conversation.id
    assert desk.open(opening="another-device").conversation.id != first.conversation.id
    desk.later(hours=2)
    late = desk.open(opening="a-tab-of-the-device")
    assert late.created
    assert late.conversation.id != first.conversation.id
    # What the id opened once is not opened for ever, and never for somebody who is signed in.
    assert desk.open("xiaolin", opening="a-tab-of-the-device").conversation.id != (
        first.conversation.id
    )
