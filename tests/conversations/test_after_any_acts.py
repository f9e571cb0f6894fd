"""After whatever acts a conversation held, a person comes, and a new question is understood."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from dialogue.acts import read_acts
from tests.conversations.talk import Talk, said_by_bot
from tests.product import ROOT, Customer, Product

SEED = 20_261_129
SEQUENCES = 16
LONGEST = 6
# What opens a matter, so that the acts have something to be about.
OPENINGS = (
    "怎么修改密码",
    "退款多久到账",
    "付款失败了",
    "提现手续费多少",
    "登录不上",
    "转错人了",
    "",
)
# Questions that are clear by themselves, whatever was spoken of before.
NEW = {
    "怎么给手机充话费": "phone-topup-how",
    "怎么绑定银行卡": "bind-card-how",
    "公共wifi下付款安全吗": "public-wifi",
}
# After these a person is on it already, or the customer's life comes first.
APART = {"violence", "accident", "frightened", "bereaved"}


def sequences() -> list[tuple[str, ...]]:
    """Draw messages of the acts in any order, an opening before them."""
    draw = random.Random(SEED)
    acts = read_acts(Path(ROOT) / "data" / "lexicon" / "acts.yml")
    names = sorted(acts.keys() - APART)
    return [
        (
            draw.choice(OPENINGS),
            *(draw.choice(acts[draw.choice(names)]) for _ in range(draw.randint(1, LONGEST))),
        )
        for _ in range(SEQUENCES)
    ]


@pytest.mark.parametrize("said", sequences(), ids=lambda said: "·".join(said)[:40])
def test_a_person_and_a_new_question_are_understood_after_it(
    said: tuple[str, ...], product: Product
) -> None:
    talk = Talk(Customer(product.url))
    for message in filter(None, said):
        events = talk.say(message)
        assert any(map(said_by_bot, events)) or talk.owner != "bot", talk.told("没有回答")
    question, faq = random.Random(len(said)).choice(sorted(NEW.items()))
    events = talk.say(question)
    given = [event["data"].get("faq_id") for event in events if event["type"] == "message"]
    assert faq in given, talk.told(f"没有听懂“{question}”")
    if talk.owner == "bot":
        talk.say("转人工")
    assert talk.owner == "queue", talk.told("没有转人工")
