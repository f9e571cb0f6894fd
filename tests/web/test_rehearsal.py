"""A file of words is tried before it is published: what it hears, what customers would read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from faq.editable import EDITABLE
from tests.product import ROOT
from web.publishing import rehearsal

DATA = ROOT / "data"


@pytest.fixture
def stage(engine) -> rehearsal.Stage:
    return rehearsal.Stage(DATA, engine, engine.variables, datetime.now(UTC))


def text_of(name: str) -> str:
    return (DATA / name).read_text(encoding="utf-8")


def hear(stage: rehearsal.Stage, name: str, message: str, text: str | None = None) -> str:
    told = rehearsal.hear(EDITABLE[name], text or text_of(name), message, stage)
    return "\n".join(f"{one.kind}: {one.text}" for one in told)


@pytest.mark.parametrize(
    ("name", "message", "wanted"),
    [
        ("lexicon/acts.yml", "还是不行啊", "听成「still」这一类"),
        ("lexicon/topics.yml", "提现要多久", "说的是：提现；问的是：多久"),
        ("lexicon/replies.yml", "已经弄好了", "听成「解决了」"),
        ("lexicon/replies.yml", "今天天气", "不像对按钮的回答"),
        ("lexicon/details.yml", "昨天下午三点付了129元", "记下金额：129元"),
        ("lexicon/details.yml", "你好", "没有记下什么"),
        ("lexicon/forbidden_asks.yml", "把验证码发给我", "会拦下：把验证码发给我"),
        ("lexicon/forbidden_asks.yml", "您好", "不会拦下"),
        ("lexicon/human.yml", "我要找人工", "「转人工」"),
        ("safety/life.yml", "我不想活了", "said: 我很担心您"),
        ("safety/life.yml", "急死我了", "没有听成人命危险"),
        ("safety/fraud.yml", "刚才有个自称客服的让我共享屏幕把钱转走了", "faq: fraud-money-sent"),
        ("safety/fraud.yml", "怎么转账给朋友", "没有听成正在发生的诈骗"),
    ],
)
def test_a_message_is_heard_as_the_file_says(stage, name: str, message: str, wanted: str) -> None:
    assert wanted in hear(stage, name, message)


def test_every_file_that_hears_can_be_tried(stage) -> None:
    for name, file in EDITABLE.items():
        if file.tries == "hear":
            assert len(hear(stage, name, "付款失败了").split("\n")) > 1, name


def test_a_synonym_that_is_only_drafted_counts_and_what_was_before_is_said(stage) -> None:
    name = "lexicon/synonyms.yml"
    draft = text_of(name).replace("groups:", "groups:\n  - [提现, 呜哩哇啦]", 1)
    assert draft != text_of(name)
    told = hear(stage, name, "呜哩哇啦要手续费吗", draft)
    assert "换成标准说法：提现" in told
    assert "没改以前：" in told
    assert "提现" not in hear(stage, name, "呜哩哇啦要手续费吗")


def test_sentences_are_shown_as_customers_read_them_with_their_buttons(stage) -> None:
    said = ["您排在第 {place} 位，急事请拨打 {{ police }}。"]
    file, path = EDITABLE["phrases/unanswered.yml"], ("unknown", "say")
    told, buttons = rehearsal.show(file, text_of(file.name), path, said, stage)
    assert [one.text for one in told] == ["您排在第 3 位，急事请拨打 110。"]
    assert buttons == ["转人工"]


def test_every_place_that_the_shipped_sentences_fill_has_an_example(stage) -> None:
    names = [name for name in EDITABLE if name.startswith("phrases/")]
    assert len(names) == 5
    for name in names:
        told, _ = rehearsal.show(EDITABLE[name], text_of(name), (), [text_of(name)], stage)
        assert not re.search(r"\{[a-z_]+\}", told[0].text), name


def test_a_changed_variable_is_shown_within_an_answer(stage) -> None:
    draft = text_of("variables.yml").replace('police: "110"', 'police: "119"')
    draft = draft.replace("police: 110", "police: 119")
    told, _ = rehearsal.show(EDITABLE["variables.yml"], draft, (), [], stage)
    assert "写了 police 的有" in told[0].text
    assert "119" in told[1].text
    own = rehearsal.Stage(DATA, stage.engine, {**stage.variables, "police": "122"}, stage.now)
    told, _ = rehearsal.show(EDITABLE["variables.yml"], draft, (), [], own)
    assert "客户看到的是「122」" in told[0].text


def test_hours_say_what_is_open_at_a_time(stage) -> None:
    draft = text_of("hours.yml").replace(
        'chat: {mon-sun: "00:00-24:00"}', 'chat: {mon-fri: "09:00-18:00"}'
    )
    sunday = datetime(2026, 12, 6, 4, tzinfo=UTC)
    told = [one.text for one in rehearsal.when(draft, sunday, stage)]
    assert told[0] == "在线客服：关着，2026-12-07 09:00 开"
    assert told[1] == "回电：开着"
    assert rehearsal.when(draft, sunday + timedelta(days=1), stage)[0].text == "在线客服：开着"


def test_golden_questions_are_all_asked_and_those_that_get_another_are_named(stage) -> None:
    draft = (
        '{"text": "怎么申请退款", "faq": "refund-how"}\n'
        '{"text": "怎么申请退款呢", "faq": "transfer-how"}\n'
    )
    told = [one.text for one in rehearsal.ask_all(draft, stage)]
    assert told[0].startswith("2 句标准问题，1 句")
    assert told[1] == "「怎么申请退款呢」得到的是「怎么申请退款」"
