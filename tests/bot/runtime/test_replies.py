"""A message is answered once, however often web asks."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

ADDRESS = "sqlite:///{folder}/bot/tracker.db"


@pytest.fixture
def url(tmp_path):
    return ADDRESS.format(folder=tmp_path)


@pytest.fixture
def ask(run):
    """Ask an assistant for the answer to an event; returns all that web gets."""
    from bot.runtime.assistant import answer
    from bot.runtime.message import Message

    def ask(talk, event, text, unheard=()):
        return run(answer(talk.agent, Message("小林", text, {}, event, tuple(unheard))))

    return ask


def texts(replies):
    return [reply["text"] for reply in replies if "text" in reply]


def test_a_second_asking_gets_the_first_replies_and_moves_nothing_on(start, ask, url) -> None:
    talk = start(url)
    first = ask(talk, 1, "订")
    assert texts(first) == ["多大？"]
    assert ask(talk, 1, "订") == first
    assert texts(ask(talk, 3, "大的")) == ["什么颜色？"]
    assert texts(ask(talk, 3, "大的")) == ["什么颜色？"]
    assert texts(ask(talk, 5, "红的")) == ["订好了：大的，红的"]
    assert ask(talk, 1, "订") == first


def test_the_first_replies_outlive_the_process(start, ask, url) -> None:
    first = ask(start(url), 1, "订")
    again = start(url)
    assert ask(again, 1, "订") == first
    assert texts(ask(again, 3, "大的")) == ["什么颜色？"]


def test_events_of_other_conversations_are_others(start, ask, url, run) -> None:
    from bot.runtime.assistant import answer
    from bot.runtime.message import Message

    talk = start(url)
    ask(talk, 1, "记住 退款")
    other = run(answer(talk.agent, Message("阿杰", "记住 转账", {}, 1)))
    assert texts(other) == ["记住了：转账"]


def test_replies_and_the_state_they_belong_to_are_kept_both_or_neither(start, ask, url) -> None:
    talk = start(url)
    ask(talk, 1, "订")
    engine = sa.create_engine(url)
    full = "CREATE TRIGGER full BEFORE UPDATE ON conversations BEGIN SELECT RAISE(FAIL, 'x'); END"
    with engine.begin() as connection:
        connection.execute(sa.text(full))
    with pytest.raises(sa.exc.DBAPIError):
        ask(talk, 3, "大的")
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER full"))
    assert texts(ask(talk, 3, "大的")) == ["什么颜色？"]


def test_an_answer_that_came_too_late_is_taken_back(start, ask, url) -> None:
    talk = start(url)
    ask(talk, 1, "记住 退款")
    ask(talk, 3, "订")  # web had given up by now; the customer never saw 多大？
    assert texts(ask(talk, 5, "想起", unheard=[3])) == ["退款"]
    assert texts(ask(talk, 7, "订")) == ["多大？"]
    # and so is the very first message of a conversation
    other = start(url.replace("tracker", "other"))
    ask(other, 1, "订")
    assert texts(ask(other, 3, "想起", unheard=[1])) == texts(ask(start(), 1, "想起"))


def test_a_message_that_arrives_after_its_successor_is_not_acted_on(start, ask, url) -> None:
    talk = start(url)
    ask(talk, 1, "记住 退款")
    assert texts(ask(talk, 5, "想起", unheard=[3])) == ["退款"]
    assert ask(talk, 3, "记住 转账") == []
    assert texts(ask(talk, 7, "想起")) == ["退款"]


def test_replies_are_forgotten_after_some_days(run) -> None:
    from rasa.shared.core.events import SlotSet
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.runtime.memory import open_memory
    from bot.runtime.replies import ASKING, Asking

    now = [dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.timezone.utc)]
    memory = open_memory("sqlite://", lambda: now[0])
    token = ASKING.set(Asking(1, lambda: [{"text": "好的"}]))
    run(memory.save(DialogueStateTracker.from_events("c", [SlotSet("topic", "退款")])))
    ASKING.reset(token)
    now[0] += dt.timedelta(days=1)
    memory.forget(dt.timedelta(days=30))
    assert run(memory.begin("c", 1, ()))[0] == {"text": "好的"}
    now[0] += dt.timedelta(days=2)
    memory.forget(dt.timedelta(days=30))
    assert run(memory.begin("c", 1, ())) is None


def test_another_programs_database_is_refused_by_name(tmp_path) -> None:
    from bot.runtime.memory import open_memory
    from bot.runtime.tables import ForeignTables

    address = f"sqlite:///{tmp_path}/web.db"
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE conversations (id TEXT, owner TEXT)"))
    with pytest.raises(ForeignTables, match="XIAOHU_BOT_TRACKER_URL"):
        open_memory(address)
