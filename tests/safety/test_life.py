"""A cry for help is heard in many words, and everyday talk of dying is not taken for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safety import Life

ROOT = Path(__file__).resolve().parents[2]
CRIES = (
    "我想死", "不想活了", "活着没意思", "钱没了我也不活了", "你们逼死我算了", "我去跳楼",
    "再不解决我就从你们楼上跳下去", "我真的想死的心都有了", "不如死了算了", "我要自杀",
    "想结束自己的生命", "活不下去了", "我没有活路了", "遗书我都写好了", "下辈子再还你们钱",
    "我老公说他不想活了", "想轻生", "我准备吃安眠药", "死了一了百了", "唔想活啦", "我只想死",
    "真的 我想死", "逼我去死是吧", "干脆一起死", "我不想再活下去了",
)  # fmt: skip
EVERYDAY = (
    "累死了", "急死我了", "气死我了", "想死你了", "笑死", "笑死我了", "死机了", "手机卡死了",
    "笑不活了", "可爱到我晕",
    "我死活登不上", "打死也不用了", "这软件难用得要死", "烦死了", "贵死了", "忙死", "急得要死",
    "死板的规定", "程序又死循环了", "你去死吧", "骗子去死", "跳楼价", "页面卡死不动", "饿死了",
    "死磕到底", "验证码消失了", "吓死我了", "麻烦死了", "该死的密码", "等死我了", "死贵死贵的",
)  # fmt: skip


@pytest.mark.parametrize("text", CRIES)
def test_a_cry_for_help_is_heard(life: Life, text: str) -> None:
    assert life.cries_for_help(text)


@pytest.mark.parametrize("text", EVERYDAY)
def test_everyday_words_open_nothing(life: Life, text: str) -> None:
    assert not life.cries_for_help(text)


def test_ordinary_messages_are_no_cries(life: Life) -> None:
    lines = (ROOT / "benchmarks" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    assert len(texts) > 200
    assert sum(map(life.cries_for_help, texts)) <= len(texts) // 100


def test_one_who_is_safe_says_so_and_takes_it_back(life: Life) -> None:
    assert life.says_safe("我没事了，刚才说气话")
    assert not life.says_safe("我没事了 不过还是不想活")
    assert not life.says_safe("钱没了")


def test_whatever_is_said_then_names_the_help_line_and_asks_for_nothing(life: Life) -> None:
    for name in ("first", "first_nobody", "again", "safe_once", "safe_twice"):
        for wording in life.say[name]:
            assert "{{ lifeline }}" in wording
    assert len(life.say["again"]) >= 6
