"""How many questions lie before the right next step: by hand, and with the wallet.

Both talks begin with the same words and are answered truthfully, by buttons where there are any.
The right next step is a piece of the answer or its FAQ, or a person who has the case; `-s` prints
the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.conversations.talk import Talk, buttons_of, text_of
from tests.product import Customer, Product
from tests.wallet.conftest import Sandbox, identity

MOST = 14
# What is typed where no button is true, by what the bot asks for.
TYPED = {
    "time": "昨天下午三点",
    "amount": "86.5元",
    "order_number": "20261128093012345678",
    "error_text": "页面提示支付失败",
    "free": "小巷咖啡",
}


@dataclass(frozen=True)
class Situation:
    """like: a customer of the sandbox. says: what they write. picks: the card that they tap.

    true: titles of buttons that are true for them. step: a piece of the right next step as the
    wallet leads to it; by_hand: the FAQ that says it without one.
    """

    name: str
    like: str
    says: str
    picks: str | None
    step: str
    true: tuple[str, ...]
    by_hand: str = "-"


SITUATIONS = (
    Situation("付款失败：余额不够", "sandbox-01", "付款失败了", "小巷咖啡", "先充值",
              ("网络没问题，还是不行", "余额不够"), "pay-failed-balance"),
    Situation("付款失败：超过限额", "sandbox-02", "付款失败了", "云杉数码", "换一张限额够的卡",
              ("网络没问题，还是不行", "余额够", "额度不够"), "pay-failed-card-limit"),
    Situation("付款失败：卡过期", "sandbox-03", "付款失败了", "银幕影城", "换成新卡",
              ("网络没问题，还是不行", "余额够", "卡过期或解绑了"),
              "pay-failed-method-invalid"),
    Situation("付款失败：银行不在线", "sandbox-03", "付款失败了", "城东电力", "等银行恢复",
              ("网络没问题，还是不行", "余额够", "都没问题", "没有", "还是不行")),
    Situation("退款：在银行", "sandbox-04", "我要退款，一直没到账", "跃步鞋店", "预计",
              ("其他原因", "同意了还没到账", "没解决")),
    Situation("退款：商家不同意", "sandbox-05", "退款没有退下来", "暖光家居", "商家没有同意",
              ("商品质量问题", "商家不同意", "没解决")),
    Situation("扣了两次：真的两笔", "sandbox-06", "同一笔扣了两次钱", "山间茶铺", "可以申诉",
              ("同一笔扣了两次", "还没有", "没解决")),
    Situation("扣了两次：预授权", "sandbox-07", "酒店扣了我两次钱", "湖畔酒店", "没有真的扣款",
              ("同一笔扣了两次", "还没有", "没解决")),
    Situation("账户被冻结", "sandbox-09", "账户被冻结了怎么解除", None, "身份核验",
              ("不知道原因", "没有", "还不能用，转人工")),
    Situation("转错人", "sandbox-13", "转错人了", "*伟", "",
              ("对方不肯退",)),
)  # fmt: skip


@pytest.fixture(scope="module")
def table() -> Iterator[list[tuple[str, int, int]]]:
    rows: list[tuple[str, int, int]] = []
    yield rows
    print("\n| 情形 | 手工 | 有钱包 |\n| --- | --- | --- |")
    for name, hand, wallet in rows:
        print(f"| {name} | {hand} | {wallet} |")
    print(f"| 合计 | {sum(row[1] for row in rows)} | {sum(row[2] for row in rows)} |")


@pytest.mark.parametrize("one", SITUATIONS, ids=lambda one: one.name)
def test_the_wallet_never_asks_more(
    one: Situation, product: Product, served: Sandbox, table: list[tuple[str, int, int]]
) -> None:
    served.breaks("")
    hand = count(Talk(Customer(product.url)), one, None, None)
    customer = served.newcomer(one.like)
    known = Talk(Customer(product.url, "app", identity(customer)))
    wallet = count(known, one, one.step, one.picks)
    table.append((one.name, hand, wallet))
    assert wallet <= hand, known.told(f"手工 {hand}，有钱包 {wallet}")


def test_in_all_the_wallet_asks_half_or_fewer(table: list[tuple[str, int, int]]) -> None:
    assert len(table) in (0, len(SITUATIONS))
    assert sum(row[2] for row in table) * 2 <= sum(row[1] for row in table)


def count(talk: Talk, one: Situation, step: str | None, picks: str | None) -> int:
    """Count the questions until the right next step, or until a person has the case."""
    events = talk.say(one.says)
    for asked in range(MOST):
        answered = [event["data"].get("faq_id") for event in events]
        reached = step in text_of(events) if step else picks is None and one.by_hand in answered
        if reached or talk.owner != "bot":
            return asked
        titles = [title for title, _ in buttons_of(events)]
        picked = [title for title in titles if picks and picks in title]
        true = [title for title in one.true if title in titles]
        asks = [event["data"].get("expects") for event in events]
        typed = next((TYPED[kind] for kind in reversed(asks) if kind in TYPED), "是的")
        events = talk.press((picked or true)[0]) if picked or true else talk.say(typed)
    raise AssertionError(talk.told("没有走到下一步"))
