"""What is remembered of a conversation, and what it costs."""

from __future__ import annotations

import datetime as dt
import json
import stat

import pytest
import sqlalchemy as sa

SCRIPT = (
    "记住 退款", "想起", "订", "想起", "大的", "记住 转账", "红的", "想起", "没有意思", "订",
    "小的", "推辞", "想起", "订", "出错", "蓝的", "想起",
)  # fmt: skip
START = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.timezone.utc)


def test_slots_survive_a_restart(start, tmp_path):
    url = f"sqlite:///{tmp_path}/bot/tracker.db"
    start(url).say("记住 退款")
    assert start(url).say("想起") == ["退款"]


def test_a_form_goes_on_after_a_restart(start, tmp_path):
    url = f"sqlite:///{tmp_path}/bot/tracker.db"
    assert start(url).say("订") == ["多大？"]
    assert start(url).say("大的") == ["什么颜色？"]
    assert start(url).say("红的") == ["订好了：大的，红的"]
    assert start(url).say("订") == ["多大？"]


def test_a_conversation_reads_the_same_as_with_a_store_of_rasa(start):
    from rasa.core.tracker_store import InMemoryTrackerStore

    ours, theirs = start(), start()
    store = InMemoryTrackerStore(theirs.agent.domain)
    theirs.agent.tracker_store = theirs.agent.processor.tracker_store = store
    for text in SCRIPT:
        assert (text, ours.say(text)) == (text, theirs.say(text))


def test_conversations_do_not_mix(talk):
    talk.say("记住 退款", "小林")
    talk.say("记住 转账", "阿杰")
    assert talk.say("想起", "小林") == ["退款"]
    assert talk.say("想起", "阿杰") == ["转账"]


@pytest.mark.parametrize("before", ["记住 退款", "订"])
def test_turn_sixty_loads_no_more_than_turn_two(talk, run, before):
    store = talk.agent.tracker_store
    talk.say(before)
    talk.say("想起")
    early = len(run(store.retrieve("小林")).events)
    for _ in range(58):
        talk.say("想起")
    assert len(run(store.retrieve("小林")).events) == early < 12


def test_what_a_customer_wrote_is_kept_only_in_slots(start, tmp_path):
    talk = start(f"sqlite:///{tmp_path}/tracker.db")
    talk.say("想起 我的秘密")
    talk.say("记住 退款")
    engine = sa.create_engine(f"sqlite:///{tmp_path}/tracker.db")
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT state FROM conversations")).scalars().all()
    assert [json.loads(row)["slots"]["topic"] for row in rows] == ["退款"]
    assert "秘密" not in json.dumps([json.loads(row) for row in rows], ensure_ascii=False)


def test_the_database_is_private_and_writes_ahead(start, tmp_path):
    talk = start(f"sqlite:///{tmp_path}/bot/tracker.db")
    talk.say("记住 退款")
    mode = (tmp_path / "bot" / "tracker.db").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    engine = sa.create_engine(f"sqlite:///{tmp_path}/bot/tracker.db")
    with engine.connect() as connection:
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"


def test_old_conversations_are_forgotten_a_few_at_a_time(run):
    from rasa.shared.core.events import SlotSet
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.runtime.memory import open_memory

    now = [START]
    memory = open_memory("sqlite://", lambda: now[0])
    for number in range(5):
        now[0] = START + dt.timedelta(days=number)
        tracker = DialogueStateTracker.from_events(f"c{number}", [SlotSet("topic", "退款")])
        run(memory.save(tracker))
    now[0] = START + dt.timedelta(days=10)
    week = dt.timedelta(days=6, hours=12)
    assert memory.forget(week, limit=3) == 3
    assert sorted(run(memory.keys())) == ["c3", "c4"]
    assert memory.forget(week, limit=3) == 1
    assert memory.forget(week, limit=3) == 0
    assert list(run(memory.keys())) == ["c4"]


def test_slots_and_forms_that_a_new_model_lacks_are_left_behind(talk):
    from bot.runtime.memory import begin_again

    state = {"slots": {"gone": 1, "topic": "退款", "requested_slot": "x"}, "form": "gone_form"}
    events = begin_again(state, talk.agent.domain)
    assert [event.key for event in events if hasattr(event, "key")] == ["topic"]
    assert not [event for event in events if event.type_name == "active_loop"]


def test_a_broken_database_is_an_error_not_a_lost_conversation(talk):
    from bot.runtime.tables import metadata

    metadata.drop_all(talk.agent.tracker_store._engine)
    with pytest.raises(sa.exc.OperationalError) as raised:
        talk.say("记住 我的秘密")
    assert "秘密" not in str(raised.value)
    assert "小林" not in str(raised.value)


KEY, OTHER = b"k" * 32, b"o" * 32


def test_what_is_remembered_under_a_key_is_read_with_it_alone(start, tmp_path):
    url = f"sqlite:///{tmp_path}/bot/tracker.db"
    talk = start(url)
    assert talk.ask("记住 鹦鹉螺", 1, key=KEY)
    assert talk.texts(talk.ask("想起", 2, key=KEY)) == ["鹦鹉螺"]
    again = talk.ask("想起", 2, key=KEY)
    assert talk.texts(again) == ["鹦鹉螺"], "a second asking is answered with the same"
    with sa.create_engine(url).connect() as connection:
        rows = [
            str(connection.execute(sa.text(f"SELECT * FROM {table}")).all())
            for table in ("conversations", "replies")
        ]
    assert not any("鹦鹉螺" in row or "\\u9e66" in row for row in rows)
    assert talk.texts(talk.ask("想起", 3, key=OTHER)) != ["鹦鹉螺"]


def test_what_was_remembered_in_the_open_is_read_and_sealed_by_the_next_message(start, tmp_path):
    url = f"sqlite:///{tmp_path}/bot/tracker.db"
    talk = start(url)
    talk.ask("记住 鹦鹉螺", 1)
    assert talk.texts(talk.ask("想起", 2, key=KEY)) == ["鹦鹉螺"]
    with sa.create_engine(url).connect() as connection:
        assert connection.execute(sa.text("SELECT state FROM conversations")).scalar()[:7] == (
            "sealed:"
        )


def test_what_nobody_heard_is_taken_back_under_the_key_too(start, tmp_path):
    talk = start(f"sqlite:///{tmp_path}/bot/tracker.db")
    talk.ask("记住 退款", 1, key=KEY)
    talk.ask("记住 转账", 2, key=KEY)
    assert talk.texts(talk.ask("想起", 3, unheard=(2,), key=KEY)) == ["退款"]
