"""Conversations: opened once, found again, written once, read by their customer only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.desk.conftest import Desk
from web.desk import conversations, events, notes, offered, tokens, turns
from web.desk.errors import NotFound, NotOffered, UnknownToken
from web.desk.models import Conversation, Event
from web.desk.tokens import Token


def post(desk, conversation_id, client_id="client-0001", text="扣了两次钱", **more):
    with desk.database.write() as session:
        return conversations.post(session, conversation_id, client_id, text, desk.now, **more)


def post_and_die(desk, conversation_id):
    with desk.database.write() as session:
        conversations.post(session, conversation_id, "client-0009", "一", desk.now)
        conversations.find(session, "no-such-conversation")


def thread(desk, conversation_id):
    with desk.database.read() as session:
        return events.after(session, conversation_id, 0)


def test_a_signed_in_customer_finds_the_open_conversation_again(desk):
    first = desk.open("xiaolin", "小林")
    again = desk.open("xiaolin", "小林")
    assert first.created
    assert not again.created
    assert again.conversation.id == first.conversation.id
    assert desk.open("ajie", "阿杰").conversation.id != first.conversation.id


def test_a_conversation_idle_for_a_week_is_not_taken_up_again(desk):
    first = desk.open("xiaolin")
    desk.later(days=8)
    assert desk.open("xiaolin").conversation.id != first.conversation.id


def test_two_tabs_that_open_at_once_get_one_conversation(desk):
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: desk.open("xiaolin"), range(16)))
    assert len({each.conversation.id for each in opened}) == 1
    assert sum(each.created for each in opened) == 1


def test_a_token_opens_its_own_conversation_only(desk):
    xiaolin, ajie = desk.open("xiaolin"), desk.open("ajie")
    with desk.database.read() as session:
        tokens.check(session, xiaolin.conversation.id, xiaolin.token, desk.now)
        with pytest.raises(NotFound):
            tokens.check(session, xiaolin.conversation.id, ajie.token, desk.now)
        with pytest.raises(UnknownToken):
            tokens.check(session, xiaolin.conversation.id, "x" * 43, desk.now)
        with pytest.raises(UnknownToken):
            tokens.check(session, xiaolin.conversation.id, "' OR 1=1", desk.now)


def test_only_hashes_of_tokens_are_stored_and_old_ones_end(desk):
    opened = [desk.open("xiaolin") for _ in range(10) if desk.later(seconds=1)]
    with desk.database.read() as session:
        stored = session.scalars(select(Token.token_hash)).all()
        assert len(stored) == tokens.KEPT
        assert all(each.token not in stored for each in opened)
        with pytest.raises(UnknownToken):
            tokens.check(session, opened[0].conversation.id, opened[0].token, desk.now)


def test_ids_count_without_gaps_when_many_write_at_once(desk):
    conversation_id = desk.open().conversation.id

    def write(number: int) -> int:
        return post(desk, conversation_id, f"client-{number:04d}").message.id

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(write, range(40)))
    assert sorted(ids) == list(range(1, 41))
    assert [event.id for event in thread(desk, conversation_id)] == list(range(1, 41))


def test_one_client_id_is_stored_once_even_when_sent_at_once(desk):
    conversation_id = desk.open().conversation.id
    with ThreadPoolExecutor(8) as pool:
        posted = list(pool.map(lambda _: post(desk, conversation_id), range(16)))
    assert len({each.message.id for each in posted}) == 1
    assert sum(each.created for each in posted) == 1
    assert len(thread(desk, conversation_id)) == 1


def test_an_undone_transaction_leaves_no_gap(desk):
    conversation_id = desk.open().conversation.id
    with pytest.raises(NotOffered):
        post(desk, conversation_id, payload="/refund")
    with pytest.raises(NotFound):
        post_and_die(desk, conversation_id)
    assert post(desk, conversation_id).message.id == 1


def test_a_payload_must_have_been_offered_here(desk):
    xiaolin, ajie = desk.open("xiaolin"), desk.open("ajie")
    with desk.database.write() as session:
        offered.note(session, xiaolin.conversation.id, '/refund{"a":"b"}')
        offered.note(session, xiaolin.conversation.id, '/refund{"a":"b"}')
    assert post(desk, xiaolin.conversation.id, payload='/refund{"a":"b"}').created
    with pytest.raises(NotOffered):
        post(desk, ajie.conversation.id, payload='/refund{"a":"b"}')
    assert post(desk, ajie.conversation.id, payload="/human", free=True).created


def test_a_secret_never_reaches_the_database(desk):
    opened = desk.open("xiaolin", "小林 4111111111111111")
    conversation_id = opened.conversation.id
    stored = post(desk, conversation_id, text="卡号4111 1111 1111 1111，密码是hunter22")
    assert stored.message.data["masked"] == ["card", "password"]
    notice = thread(desk, conversation_id)[1]
    assert (notice.type, notice.data, notice.cause) == ("notice", {"code": "secret_masked"}, 1)
    with desk.database.read() as session:
        everything = repr(
            [
                session.execute(select(table)).all()
                for table in Conversation.metadata.tables.values()
            ]
        )
    assert "hunter22" not in everything
    assert "4111111111111111" not in everything
    assert "1111 1111 1111" not in everything


def test_what_the_browser_hid_is_explained_too(desk):
    conversation_id = desk.open().conversation.id
    post(desk, conversation_id, text="密码是［已隐藏］")
    post(desk, conversation_id, "client-0002", "［已隐藏］", masked=["code"])
    kinds = [event.data.get("masked") for event in thread(desk, conversation_id)]
    assert kinds == [["secret"], None, ["code"], None]


def test_an_expected_amount_is_not_taken_for_a_code(desk):
    conversation_id = desk.open().conversation.id
    with desk.database.write() as session:
        conversations.hold(session, conversation_id).expects = "amount"
    assert post(desk, conversation_id, text="123456").message.data["text"] == "123456"


def test_the_page_is_kept_without_its_query(desk):
    with desk.database.write() as session:
        visitor = conversations.Visitor(
            "widget", page="https://u:p@shop.example:8443/a/4111111111111111?pwd=x#code=1"
        )
        opened = conversations.open_for(session, visitor, desk.now)
    assert opened.conversation.page == "https://shop.example:8443/a/［已隐藏］1111"


def test_a_turn_is_answered_once_and_only_while_the_bot_owns(desk):
    conversation_id = desk.open().conversation.id
    message = post(desk, conversation_id).message
    with desk.database.write() as session:
        assert turns.finish(session, conversation_id, message.id, "amount", bot_down=False)
    with desk.database.write() as session:
        assert not turns.finish(session, conversation_id, message.id, None, bot_down=False)
        assert conversations.find(session, conversation_id).expects == "amount"


def test_an_abandoned_turn_is_taken_over_by_one(desk):
    conversation_id = desk.open().conversation.id
    message = post(desk, conversation_id).message
    lease = timedelta(seconds=7)

    def take(_: int) -> int:
        with desk.database.write() as session:
            return turns.take_over(session, conversation_id, message.id, desk.now, lease)

    assert not take(0)
    desk.later(seconds=8)
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(8))) == [0] * 7 + [2]


def test_what_is_owed_is_found_handed_over_and_counted(desk):
    conversation_id = desk.open().conversation.id
    lease = timedelta(seconds=7)
    first = post(desk, conversation_id).message
    opened = desk.now
    second = post(desk, conversation_id, client_id="second").message
    owed = [(conversation_id, turns.START), *((conversation_id, m.id) for m in (first, second))]

    def found() -> list[tuple[str, int]]:
        with desk.database.read() as session:
            return turns.abandoned(session, desk.now, lease, 10)

    assert found() == []
    with desk.database.write() as session:
        turns.hand_over(session, owed[1:])
    assert found() == owed[1:]
    desk.later(seconds=8)
    assert sorted(found()) == sorted(owed)
    with desk.database.read() as session:
        assert turns.owed(session) == (3, opened)
    with desk.database.write() as session:
        turns.finish(session, conversation_id, first.id, None, bot_down=False)
        turns.finish(session, conversation_id, second.id, None, bot_down=True)
    with desk.database.read() as session:
        assert turns.unheard(session, conversation_id, second.id) == []
        assert turns.unheard(session, conversation_id, second.id + 1) == [second.id]


def test_control_characters_and_half_characters_are_dropped(desk):
    conversation_id = desk.open().conversation.id
    stored = post(desk, conversation_id, text="你\x00好\ud800\x1b[31m\r\n了")
    assert stored.message.data["text"] == "你好[31m\n了"
    with desk.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 1


def test_of_a_long_thread_agents_read_the_newest_part_first_and_then_what_stands_before(
    desk: Desk,
) -> None:
    one = desk.open().conversation.id
    for number in range(7):
        with desk.database.write() as session:
            conversations.post(session, one, f"words-{number:04d}", f"第 {number} 句", desk.now)
    with desk.database.read() as session:
        late = events.newest(session, one, 4)
        early = events.newest(session, one, 4, before=late[0].id)
    assert [event.data["text"] for event in [*early, *late]] == [f"第 {n} 句" for n in range(7)]


def test_notes_between_agents_never_stand_before_what_a_customer_reads_next(desk: Desk) -> None:
    one = desk.open().conversation.id
    post(desk, one, "words-0001", "在吗")
    with desk.database.write() as session:
        for number in range(5):  # more than a reader takes at once
            notes.write(session, one, desk.anna, f"备注 {number}", desk.now)
    post(desk, one, "words-0002", "还在吗")
    with desk.database.read() as session:
        read = events.after(session, one, 1, 3)
        staff = events.after(session, one, 1, 3, staff=True)
    assert [event.data["text"] for event in read] == ["还在吗"]
    assert [event.type for event in staff] == ["note"] * 3
