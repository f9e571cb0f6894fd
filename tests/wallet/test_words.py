"""The wallet's contract and words: valid, complete, and of one mind with each other."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from openapi_spec_validator import validate

from faq import wallet
from flows import Flows
from search import BadContent
from search.content import read_content
from tests.wallet.conftest import SECRET, Sandbox
from tests.web.conftest import Customer
from web.identity import sign
from web.wallet.models import WalletLook

ROOT = Path(__file__).resolve().parents[2]
PATH = ROOT / "data" / "wallet.yml"


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docs" / "wallet-api.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def words() -> wallet.Words:
    return wallet.read(PATH, PATH.read_bytes())


def test_the_contract_is_openapi(contract: dict[str, Any]) -> None:
    validate(contract)
    assert contract["openapi"].startswith("3.1")


def test_every_state_kind_and_step_of_the_contract_has_its_words(
    contract: dict[str, Any], words: wallet.Words
) -> None:
    schemas = contract["components"]["schemas"]
    fields = schemas["Transaction"]["properties"]
    steps = schemas["Refund"]["properties"]["Steps"]["items"]["properties"]["Step"]["enum"]
    assert set(fields["Status"]["enum"]) == set(words.states) == set(wallet.STATES)
    assert set(fields["Kind"]["enum"]) == set(words.kinds) == set(wallet.KINDS)
    assert set(steps) == set(words.refund) == set(wallet.STEPS)
    assert set(schemas["Account"]["properties"]["Status"]["enum"]) == {*words.held, "active"}


def test_every_reason_says_what_it_means_and_the_one_thing_that_helps(words: wallet.Words) -> None:
    for code, reason in {**words.reasons, **words.holds}.items():
        assert reason.says, code
        assert reason.remedy or reason.unknown, code
    assert words.reason("AM04").says == "付款时余额不够"  # type: ignore[union-attr]
    assert words.reason("AC06").faq == "account-unfreeze"  # type: ignore[union-attr]
    assert words.reason("AM14").remedy  # type: ignore[union-attr]


def test_a_code_that_nobody_has_a_sentence_for_is_no_reason(words: wallet.Words) -> None:
    reason = words.reason("ZZ99")
    assert reason is not None
    assert reason.unknown
    assert words.reason(None) is None


def test_every_faq_that_is_named_is_there(words: wallet.Words) -> None:
    faqs = read_content(ROOT / "data").faqs
    named = {one.faq for one in (*words.reasons.values(), *words.holds.values()) if one.faq}
    named |= words.danger_faqs
    for concern in words.concerns.values():
        named |= concern.faqs
        assert all(any(faq.flow == flow for faq in faqs.values()) for flow in concern.flows)
    assert named - set(faqs) == set()


def test_what_answers_a_step_names_one_that_the_flow_has(
    words: wallet.Words, tmp_path: Path
) -> None:
    flows = Flows(ROOT / "data", tmp_path)
    known = [one for one in words.concerns.values() if one.no_refund]
    assert known
    for concern in known:
        assert concern.no_refund is not None
        slot, value = concern.no_refund
        steps = [flows[name].step(slot) for name in concern.flows]
        assert all(step is not None and value in step.choices for step in steps)


def test_where_the_content_has_no_words_of_the_wallet_none_is_asked(
    make: Callable[..., Flask], sandbox: Sandbox, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "data" / "wallet.yml").unlink()
    app = make(data=tmp_path / "data", wallet_url=sandbox.url, wallet_secret=SECRET)
    settings = app.extensions["settings"]
    token = sign(settings, "sandbox-04", "小吴", datetime.now(UTC), timedelta(hours=1))
    customer = Customer(app.test_client(), channel="app", identity=token)
    customer.say("我的退款到哪了")
    assert customer.read()["events"][-1]["data"]["text"] == "好的"
    with app.extensions["database"].read() as session:
        assert session.query(WalletLook).count() == 0


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("  one: 您问的是这一笔吗？\n", "", "says.one"),
        ("remedy: 核对金额以后重新付一次。", 'remedy: ""', "reasons.AM02"),
        ("  AM04: {", "  am4: {", "reasons.am4"),
        ("（来自您的钱包记录，{when} 查询）", "（{wann}）", "says.source.wann"),
        ("kinds: [withdrawal]\n", "kinds: [gold]\n", "concerns.withdrawal.kinds"),
        ("concerns:\n  pay_failed:", "concerns:\n  pay_fails:", "concerns.pay_failed"),
        (
            "    faqs: [refund-time, refund-status, refund-merchant-refused]\n",
            "    faqs: refund-time\n",
            "concerns.refund.faqs",
        ),
        ("  dispute:\n    flows", "  disputes:\n    flows", "concerns.dispute"),
        ("  MS03: {says: 没有写明", "  MS04: {says: 没有写明", "holds.MS03"),
        ("    no_refund: [refund_merchant, ", "    no_refund: [", "concerns.refund.no_refund"),
        ("大前天: 3", "大前天: 三", "days"),
        ("  BOOK: 已完成\n", "", "states.BOOK"),
        ("  faqs: [account-stolen,", "  faqs: account-stolen #[", "danger.faqs"),
    ],
)
def test_a_broken_file_is_refused_with_what_is_wrong(old: str, new: str, why: str) -> None:
    text = PATH.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(BadContent, match=why):
        wallet.read(PATH, text.replace(old, new, 1).encode())
