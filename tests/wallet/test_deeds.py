"""What agents have the wallet do: once, with a reason, and two pairs of eyes where that is set."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.typed import faults
from tests.wallet.conftest import SECRET, Sandbox
from tests.wallet.test_desk import looks, queue, signed_in
from tests.wallet.test_news import messages, told
from tests.web.conftest import Colleague, Customer, StubBot
from web.audit import chain
from web.audit.models import AuditEntry
from web.environment import BadSettings
from web.services import utc_now
from web.settings import Settings
from web.wallet import acting, proposals

WHY = "客户说没收到货，商家不回复"
REFUND = {"kind": "Refund", "transaction": "tx-01-book", "why": WHY}


class Desk:
    """A help center with a wallet, 安娜 with 小林's case, and 老周 beside her."""

    def __init__(self, make: Callable[..., Flask], sandbox: Sandbox, bot: StubBot, **more: Any):
        self.app = make(wallet_url=sandbox.url, wallet_secret=SECRET, wallet_timeout=1.0, **more)
        self.bot, self.sandbox = bot, sandbox
        self.anna = Colleague(self.app, "anna", "安娜")
        self.zhou = Colleague(self.app, "zhou", "老周")
        self.count = 0

    def case(self, subject: str = "sandbox-01") -> Customer:
        customer = signed_in(self.app, subject)
        queue(self.bot, customer)
        assert self.anna.post(f"/conversations/{customer.id}/claim").status_code == 200
        return customer

    def ask(self, case: Customer, wish: dict[str, Any], client_id: str = "") -> Any:
        self.count += 1
        client_id = client_id or f"deed-{self.count:04d}"
        path = f"/conversations/{case.id}/wallet/requests"
        return self.anna.post(path, client_id=client_id, **wish)

    def decide(self, by: Colleague, case: Customer, verb: str, **more: Any) -> Any:
        path = f"/conversations/{case.id}/wallet/requests/deed-0001/{verb}"
        return by.post(path, **more)

    def notes(self, case: Customer) -> list[str]:
        shown = self.anna.get(f"/conversations/{case.id}").get_json()
        return [one["data"]["text"] for one in shown["events"] if one["type"] == "note"]

    def settle(self, after: timedelta) -> None:
        """Let the sandbox finish what is due, and have it told."""
        then = datetime.now(UTC) + after
        self.sandbox.store.settle(then)
        for _, body in self.sandbox.store.outbox.untold(then):
            assert told(self.app, json.loads(body)) == 204

    def asked(self) -> list[tuple[str, Any, Any]]:
        """List what the wallet was asked for: kind, transaction, state."""
        rows = self.sandbox.store.book.rows("SELECT shown FROM requests ORDER BY id")
        shown = [json.loads(row[0]) for row in rows]
        return [(one["Kind"], one["TransactionId"], one["Status"]) for one in shown]

    def pursue(self, after: timedelta) -> None:
        parts = self.app.extensions["services"]
        acting.pursue(parts.database, parts.helper, parts.bus, utc_now() + after)

    def audited(self) -> list[tuple[str, str, str]]:
        with self.app.extensions["database"].read() as session:
            rows = session.query(AuditEntry).order_by(AuditEntry.id)
            return [
                (one.who, one.action, chain.reason_of(session, one) or "")
                for one in rows
                if "wallet" in one.action
            ]


@pytest.fixture
def desk(make: Callable[..., Flask], sandbox: Sandbox, bot: StubBot) -> Desk:
    return Desk(make, sandbox, bot)


@pytest.fixture
def strict(make: Callable[..., Flask], sandbox: Sandbox, bot: StubBot) -> Desk:
    """One where refunds and unfreezing need a second agent."""
    return Desk(make, sandbox, bot, wallet_second=("refund", "unfreeze"))


def test_a_refund_is_asked_for_once_and_its_result_stands_in_the_case(desk: Desk) -> None:
    case = desk.case()
    for _ in range(2):  # the first answer was lost
        answer = desk.ask(case, REFUND, "deed-0001")
        assert (answer.status_code, answer.get_json()["state"]) == (202, "accepted")
    assert desk.asked() == [("Refund", "tx-01-book", "accepted")]
    desk.settle(timedelta(hours=2))
    first, second = desk.notes(case)
    assert first.startswith("已提交给钱包——退款申请：北窗书店 128.00 元")
    assert first.endswith(f"理由：{WHY}")
    assert second.startswith("钱包办好了——退款申请：北窗书店 128.00 元")
    assert "您的退款申请（北窗书店 128.00 元）钱包已经办好" in messages(case)[-1]["data"]["text"]
    refund = desk.sandbox.store.transaction("sandbox-01", "tx-01-book")["Refund"]
    assert refund["Steps"][-1]["Step"] == "merchant_approved"
    assert ("refund", "accepted", True) in looks(desk.app, case)
    assert desk.audited()[0] == ("anna", "wallet-ask", WHY)


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({**REFUND, "transaction": "tx-01-cafe"}, 409),  # it failed: nothing to give back
        ({**REFUND, "transaction": "tx-04-bread"}, 404),  # somebody else's
        ({**REFUND, "transaction": None}, 422),
        ({**REFUND, "why": " "}, 422),
        ({"kind": "Unfreeze", "why": WHY}, 409),  # it is not frozen
        ({"kind": "Freeze", "transaction": "tx-01-book"}, 422),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_wallet_is_asked(
    desk: Desk, wish: dict[str, Any], status: int
) -> None:
    case = desk.case()
    assert desk.ask(case, wish).status_code == status
    assert desk.asked() == []
    assert desk.notes(case) == []


def test_the_same_transaction_is_disputed_by_one_window_alone(desk: Desk) -> None:
    case = desk.case()
    wish = {**REFUND, "kind": "Dispute"}
    assert desk.ask(case, wish).status_code == 202
    again = desk.ask(case, wish)
    assert (again.status_code, again.get_json()["code"]) == (409, "already-asked")
    assert len(desk.asked()) == 1


def test_an_account_that_a_court_froze_stays_frozen_and_all_are_told_why(desk: Desk) -> None:
    case = desk.case("sandbox-15")
    assert desk.ask(case, {"kind": "Unfreeze", "why": WHY}).status_code == 202
    desk.settle(timedelta(seconds=9))
    assert desk.notes(case)[-1].startswith("钱包没有同意——解冻账户。原因：按司法或监管要求")
    assert "解冻申请没有通过：按司法或监管要求" in messages(case)[-1]["data"]["text"]
    assert desk.sandbox.store.account("sandbox-15")["Status"] == "frozen"


def test_a_wallet_that_is_down_is_asked_again_until_it_takes_it(desk: Desk) -> None:
    case = desk.case("sandbox-09")
    parts = desk.app.extensions["services"]
    parts.helper.wallet.account("sandbox-09", parts.helper.wallet.deadline())  # kept for seconds
    desk.sandbox.breaks("down")
    answer = desk.ask(case, {"kind": "Unfreeze", "why": WHY})
    assert (answer.status_code, answer.get_json()["state"]) == (202, "asked")
    assert desk.asked() == []
    desk.pursue(timedelta(seconds=30))
    assert desk.asked() == [("Unfreeze", None, "accepted")]
    desk.settle(timedelta(seconds=9))
    assert "账户已经解冻" in messages(case)[-1]["data"]["text"]


def test_what_the_wallet_never_took_is_given_up_and_noted(desk: Desk) -> None:
    case = desk.case("sandbox-09")
    parts = desk.app.extensions["services"]
    parts.helper.wallet.account("sandbox-09", parts.helper.wallet.deadline())
    desk.sandbox.breaks("down")
    desk.ask(case, {"kind": "Unfreeze", "why": WHY})
    desk.pursue(timedelta(hours=7))
    assert desk.notes(case)[-1] == "钱包一直没有收下——解冻账户。请重新提交。"
    assert desk.asked() == []


def test_a_listed_deed_waits_until_another_agent_confirms(strict: Desk) -> None:
    case = strict.case()
    answer = strict.ask(case, REFUND, "deed-0001")
    assert (answer.status_code, answer.get_json()["state"]) == (202, "proposed")
    assert strict.asked() == []
    assert strict.decide(strict.anna, case, "confirm").status_code == 403
    (seen,) = waits_for(strict, 2)
    assert (seen["kind"], seen["by"], seen["why"]) == ("Refund", "安娜", WHY)
    assert seen["about"]["payee"] == "北窗书店"
    assert waits_for(strict, 1) == []  # not for 安娜 herself
    # Who is to judge may read, without giving a reason of their own.
    assert strict.zhou.get(f"/conversations/{case.id}").status_code == 200
    for _ in range(2):  # the first answer was lost
        answer = strict.decide(strict.zhou, case, "confirm")
        assert (answer.status_code, answer.get_json()["kind"]) == (202, "Refund")
    assert strict.asked() == [("Refund", "tx-01-book", "accepted")]
    assert waits_for(strict, 2) == []
    assert strict.notes(case)[-1].startswith("复核同意，已提交给钱包——退款申请：北窗书店")
    assert ("zhou", "wallet-confirm", "") in strict.audited()


def test_a_colleague_may_say_no_and_the_proposer_take_it_back(strict: Desk) -> None:
    case = strict.case()
    strict.ask(case, REFUND, "deed-0001")
    assert strict.decide(strict.zhou, case, "decline", why=" ").status_code == 422
    assert strict.decide(strict.zhou, case, "decline", why="不").status_code == 422
    assert strict.decide(strict.zhou, case, "decline", why="先问商家").status_code == 200
    assert strict.notes(case)[-1].endswith("理由：先问商家")
    assert strict.decide(strict.zhou, case, "confirm").status_code == 409
    strict.count = 1
    assert strict.ask(case, REFUND).get_json()["state"] == "proposed"
    path = f"/conversations/{case.id}/wallet/requests/deed-0002"
    assert strict.zhou.post(f"{path}/withdraw").status_code == 409
    assert strict.anna.post(f"{path}/withdraw").status_code == 200
    assert strict.asked() == []
    listed = strict.anna.get(f"/conversations/{case.id}/wallet/requests").get_json()["requests"]
    assert [one["state"] for one in listed] == ["withdrawn", "declined"]


def test_a_proposal_that_nobody_confirms_lapses(strict: Desk) -> None:
    case = strict.case()
    strict.ask(case, REFUND, "deed-0001")
    strict.pursue(proposals.LASTS + timedelta(minutes=1))
    assert strict.notes(case)[-1].startswith("没有等到复核，已作废——退款申请")
    assert strict.decide(strict.zhou, case, "confirm").status_code == 409
    assert strict.asked() == []


def test_what_is_not_listed_needs_no_second_agent(strict: Desk) -> None:
    case = strict.case()
    answer = strict.ask(case, {**REFUND, "kind": "Dispute"})
    assert answer.get_json()["state"] == "accepted"


def test_the_setting_names_deeds_alone(tmp_path: Any) -> None:
    env = {"XIAOHU_VAR": str(tmp_path), "XIAOHU_WALLET_SECOND": "refund unfreeze"}
    assert Settings.from_env(env).wallet_second == ("refund", "unfreeze")
    with pytest.raises(BadSettings, match="'pay' is neither all nor one of freeze"):
        Settings.from_env({**env, "XIAOHU_WALLET_SECOND": "pay"})


def waits_for(desk: Desk, agent: int) -> list[dict[str, Any]]:
    with desk.app.extensions["database"].read() as session:
        return proposals.waiting(session, agent, utc_now())


def test_what_the_desk_reads_of_a_wallet_is_what_its_scripts_are_typed_from(
    make: Callable[..., Flask], sandbox: Sandbox, bot: StubBot, tmp_path: Path
) -> None:
    desk = Desk(make, sandbox, bot)
    case = desk.case()
    assert desk.ask(case, REFUND).status_code == 202
    path = f"/conversations/{case.id}/wallet"
    found = {
        "Desk.Wallet": desk.anna.get(path).get_json(),
        "Desk.Deed[]": desk.anna.get(f"{path}/requests").get_json()["requests"],
    }
    assert found["Desk.Wallet"]["transactions"]
    assert found["Desk.Deed[]"]
    assert faults(tmp_path, found) == ""
