"""Dialogues of the real bot with the sandbox behind it: with it, without it, failing midway."""

from __future__ import annotations

import json
import re
import sqlite3

import pytest

from tests.conversations.talk import Talk, buttons_of, text_of
from tests.product import Customer, Product
from tests.wallet.conftest import Sandbox
from tests.wallet.talks import Opening, chosen, press_starting, show, talk_as, titles
from web.desk.database import open_database
from web.desk.sealing import Keys
from web.desk.vault import Vault
from web.wallet.models import WalletLook

__all__ = ["talk_as"]  # the fixture


def test_a_failed_payment_is_one_question_and_one_remedy(talk_as: Opening) -> None:
    talk = talk_as("sandbox-01")
    said = text_of(talk.say("付款失败了"))
    assert said == "您问的是这一笔吗？", show(talk)
    assert "小巷咖啡 · 86.50 元 · 付款失败" in titles(talk)[0]
    assert titles(talk)[-1] == "都不是"
    told = press_starting(talk, "小巷咖啡")
    assert "余额不够" in told
    assert "先充值" in told
    assert "来自您的钱包记录" in told
    assert "网络" not in told
    assert titles(talk) == ["看具体步骤", "解决了", "转人工"]


def test_the_chosen_one_goes_to_the_person_on_the_card(talk_as: Opening) -> None:
    talk = talk_as("sandbox-02", "阿杰")
    talk.say("支付失败")
    press_starting(talk, "云杉数码")
    events = talk.press("转人工")
    (escalated,) = [event for event in events if event["type"] == "escalated"]
    card = escalated["data"]["card"]
    assert card["transaction"]["id"].startswith("tx-02-phone")
    assert card["transaction"]["payee"] == "云杉数码"
    assert card["transaction"]["reason"] == "这笔金额超过了约定的支付限额"
    assert card["amount"] == "5999.00 元"
    assert card["order_number"] == card["transaction"]["id"]
    assert set(card["transaction"]) <= {"id", "kind", "payee", "amount", "time", "state", "reason"}


@pytest.mark.parametrize(
    ("customer", "asks", "picks", "has"),
    [
        ("sandbox-03", "看电影那笔98块付款失败", "银幕影城", "已经过期"),
        ("sandbox-03", "交城东电力的钱付款失败了", "城东电力", "银行的系统暂时不在线"),
        ("sandbox-04", "我要退款", "跃步鞋店", "银行入账中"),
        ("sandbox-08", "转账还没到", "*国", "还在处理"),
        ("sandbox-10", "为什么收我手续费", "青山银行", "手续费 5.00 元"),
    ],
)
def test_each_situation_is_answered_from_the_wallet(
    talk_as: Opening, customer: str, asks: str, picks: str, has: str
) -> None:
    talk = talk_as(customer)
    talk.say(asks)
    told = press_starting(talk, picks)
    assert has in told, show(talk)
    assert "来自您的钱包记录" in told


def test_a_second_charge_is_found_and_only_the_rest_is_asked(talk_as: Opening) -> None:
    talk = talk_as("sandbox-06")
    talk.say("同一笔扣了两次钱")
    told = press_starting(talk, "山间茶铺")
    assert "找到同一商家、同样金额的两笔" in told, show(talk)
    assert "还没有" in titles(talk), show(talk)  # 在 App 里提交过申诉吗？
    assert "是哪一种扣款" not in told
    assert "时间" not in told.split("\n")[-1]


def test_an_authorisation_is_told_from_a_second_charge(talk_as: Opening) -> None:
    talk = talk_as("sandbox-07")
    talk.say("酒店扣了我两次钱")
    told = press_starting(talk, "湖畔酒店")
    assert "预授权" in told, show(talk)
    assert "没有真的扣款" in told


def test_a_frozen_account_is_told_its_reason_and_way_out(talk_as: Opening) -> None:
    talk = talk_as("sandbox-09")
    told = text_of(talk.say("账户被冻结了怎么解除"))
    assert "可疑交易" in told, show(talk)
    assert "身份核验" in told
    assert "来自您的钱包记录" in told
    assert "怎么被锁定" not in told


def test_an_outage_of_the_wallet_is_told_with_the_payment(talk_as: Opening) -> None:
    talk = talk_as("sandbox-12")
    talk.say("付不了款")
    told = press_starting(talk, "邻里超市")
    assert "系统故障" in told, show(talk)
    assert "恢复以后我会在这里告诉您" in told


def test_a_wrong_transfer_goes_on_with_the_one_question_left(talk_as: Opening) -> None:
    talk = talk_as("sandbox-13")
    talk.say("转错人了")
    press_starting(talk, "*伟")
    assert any(payload.startswith("/reply") for _, payload in buttons_of(talk.last)), show(talk)
    events = talk.press("对方不肯退")
    (escalated,) = [event for event in events if event["type"] == "escalated"]
    assert escalated["data"]["card"]["amount"] == "1000.00 元", show(talk)


@pytest.mark.parametrize("no", ["都不是", "不是"])
def test_none_of_them_goes_on_by_hand_and_asks_no_more(talk_as: Opening, no: str) -> None:
    talk = talk_as("sandbox-01")
    talk.say("付款失败了")
    said = text_of(talk.press(no) if no == "都不是" else talk.say(no))
    assert "先看网络" in said, show(talk)
    assert "您问的是这一笔吗" not in said


@pytest.mark.parametrize("typed", ["是的", "1", "咖啡那笔", "86.5那笔"])
def test_the_choice_may_be_typed(talk_as: Opening, typed: str) -> None:
    talk = talk_as("sandbox-01")
    talk.say("付款失败了")
    assert "余额不够" in text_of(talk.say(typed)), show(talk)


def test_nobody_is_asked_who_is_not_signed_in(product: Product) -> None:
    talk = Talk(Customer(product.url))
    said = text_of(talk.say("付款失败了"))
    assert "这一笔" not in said
    assert "先看网络" in said


def test_a_customer_without_transactions_goes_on_by_hand(talk_as: Opening) -> None:
    talk = talk_as("sandbox-14")
    said = text_of(talk.say("付款失败了"))
    assert "没有找到对得上的交易" in said
    assert "先看网络" in said


@pytest.mark.parametrize("fault", ["slow", "down", "shape", "foreign", "text"])
def test_a_wallet_that_fails_leaves_the_flow_as_it_is(
    talk_as: Opening, served: Sandbox, fault: str
) -> None:
    talk = talk_as("sandbox-05", "小郑")
    served.breaks(fault)
    said = text_of(talk.say("付款失败了"))
    assert "现在查不到您的钱包记录" in said, show(talk)
    assert "先看网络" in said
    served.breaks("")


def test_a_wallet_that_fails_in_the_middle_says_so_and_goes_on(
    talk_as: Opening, served: Sandbox
) -> None:
    talk = talk_as("sandbox-03")
    talk.say("付款失败了")
    served.breaks("down", 2)
    said = press_starting(talk, "城东电力")
    assert "现在查不到这一笔" in said, show(talk)
    assert "先看网络" in said
    served.breaks("")


def test_the_apps_own_page_names_the_transaction(talk_as: Opening) -> None:
    talk = talk_as("sandbox-02", "阿杰")
    payload = chosen("tx-02-phone", talk)
    events = talk.customer.say("我想咨询这笔交易", payload)
    assert "限额" in text_of(events)
    assert "来自您的钱包记录" in text_of(events)


def test_somebody_elses_transaction_is_not_shown(talk_as: Opening) -> None:
    talk = talk_as("sandbox-02", "阿杰")
    payload = "/wallet" + json.dumps({"transaction": "tx-01-cafe"})
    said = text_of(talk.customer.say("我想咨询这笔交易", payload))
    assert "不在您的钱包记录里" in said
    assert "咖啡" not in said


def test_in_a_form_a_named_transaction_takes_over(talk_as: Opening) -> None:
    talk = talk_as("sandbox-01")
    talk.say("付款失败了")
    talk.press("都不是")
    payload = chosen("tx-01-cafe", talk)
    said = text_of(talk.customer.say("我想咨询这笔交易", payload))
    assert "余额不够" in said
    assert "先看网络" not in said
    assert "好的" not in said.split("余额")[0]


def test_freezing_takes_one_confirmation_and_brings_a_person(
    talk_as: Opening, served: Sandbox
) -> None:
    talk = talk_as("sandbox-11", "小蒋")
    talk.say("我的钱被盗刷了")
    assert "马上冻结" in titles(talk), show(talk)
    said = text_of(talk.press("马上冻结"))
    assert "确认现在冻结吗" in said
    assert served.store.account(talk.who)["Status"] == "active"
    events = talk.press("确认冻结")
    assert "冻结申请已经提交" in text_of(events), show(talk)
    assert "报警" in text_of(events)
    (escalated,) = [event for event in events if event["type"] == "escalated"]
    assert escalated["data"]["urgent"] is True


def test_nothing_can_be_frozen_that_was_not_offered(talk_as: Opening) -> None:
    talk = talk_as("sandbox-10")
    answer = talk.customer._http.post(
        f"/conversations/{talk.customer.id}/messages",
        json={"client_id": "x" * 12, "text": "冻结", "payload": '/wallet{"act":"freeze_now"}'},
    )
    assert answer.status_code == 422


def test_nothing_is_kept_but_what_may_be(talk_as: Opening, product: Product) -> None:
    """Neither events nor memory nor logs hold a person's whole name, a card or a signature."""
    seen = ""
    for like, asks, picks in (
        ("sandbox-08", "转账还没到", "*国"),
        ("sandbox-13", "转错人了", "*伟"),
        ("sandbox-02", "付款失败", "云杉数码"),
    ):
        talk = talk_as(like)
        talk.say(asks)
        press_starting(talk, picks)
        seen += show(talk)
    kept = b"".join(
        path.read_bytes()
        for path in product.folder.rglob("*")
        if path.is_file() and not path.is_symlink() and not {"index", "learned"} & {*path.parts}
    )
    # What was said lies sealed on the disk, so it is looked through as people see it too.
    text = seen + kept.decode("utf-8", "ignore")
    assert "云杉数码" in seen
    assert "wallet_looks" in text
    found = [
        whole
        for whole in ("李建国", "张伟", "韩春梅", "陈小雨", "Wallet-Signature")
        if whole in text or json.dumps(whole)[1:-1] in text
    ]
    # By itself: among the digits of an identifier or a time the four come about by chance.
    assert found + re.findall(r"(?<![0-9A-Za-z_.-])4417(?![0-9A-Za-z_.-])", text) == []


def test_each_look_is_recorded_without_what_was_seen(talk_as: Opening, product: Product) -> None:
    talk = talk_as("sandbox-01")
    talk.say("付款失败了")
    press_starting(talk, "小巷咖啡")
    with sqlite3.connect(product.folder / "xiaohu.db") as database:
        rows = database.execute(
            "SELECT what, outcome, concern, refs, sealed FROM wallet_looks"
            " WHERE conversation_id = ? ORDER BY id",
            (talk.customer.id,),
        ).fetchall()
    assert [row[:4] for row in rows] == [
        ("list", "ok", "pay_failed", "[]"),
        ("transaction", "ok", "pay_failed", "[]"),
    ]
    secret = Vault(((product.folder / "secret_key").read_text().strip(),))
    database = open_database(f"sqlite:///{product.folder / 'xiaohu.db'}", keys=Keys(secret))
    with database.read() as session:
        query = session.query(WalletLook).filter_by(conversation_id=talk.customer.id)
        _, seen = query.order_by(WalletLook.id)
        assert seen.refs == ["tx-01-cafe" + talk.who[-7:]]
    database.close()
