"""The record of who did what: what is written, that it can't be changed, that a change shows."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.web.conftest import Colleague, Customer, csrf
from tests.web.test_accounts import Person
from web.__main__ import main
from web.audit import chain, watch
from web.audit.chain import Deed
from web.audit.models import AuditEntry
from web.services import utc_now

# What staff may do without an entry: pages and signs of life, looking at lists, and what stands
# with its doer in the conversation's own events or in the case. A new route is recorded or named.
UNRECORDED = {
    f"{blueprint}.{name}"
    for blueprint, names in (
        ("desk_api", "token overview claim give_back close post follow"),
        (
            "desk_calls",
            "overview check release close accept show rejoin step_out refuse signal follow "
            "connected failed hang_up send",
        ),
        ("desk_handling", "transfer note judge typing mark canned draft improve"),
        ("desk_staff", "beat show change colleagues"),
        ("desk_tickets", "listed take hand_on answer"),
        ("desk_offers", "accept decline"),
        ("desk_answers", "used listed add change drop"),  # of one's own
        ("desk_reviews", "mine"),
        ("desk_rota", "week"),
        ("desk_wallet", "requests"),  # of a case that is one's own, and nothing of the wallet's
        ("desk_blocks", "show"),
        ("console", "login flow_words desk static"),
        ("editor_api", "token judge attempt near stored versions version effect_of"),
        ("editor_notices_api", "judge_notice"),
        ("editor_report", "page"),
        ("editor_history", "versions"),
        ("editor_review", "listing one"),
        ("editor_words", "listing one"),
        ("editor_words_api", "judge attempt"),
        ("editor_flows", "begin edit"),
        ("editor_flows_api", "judge walk"),
        ("editor_further", "edit"),
        ("editor_further_api", "judge"),
        ("editor_company", "start"),
        ("editor_company_api", "preview make corrected"),  # what came goes back, nothing is kept
        ("editor", "write_on static login faqs edit add deleted_ones guided guided_one notices"),
        ("own_account", "static code show factor"),
        ("own_oidc", "go back out"),  # what comes back is recorded where it is judged
        ("own_passkeys", "begin rename begin_second begin_enter"),
        ("accounts", "listing"),
        ("audit", "listing"),
    )
    for name in names.split()
}


def entries(app) -> list[tuple[str, str, str]]:
    with app.extensions["database"].read() as session:
        rows = session.query(AuditEntry).order_by(AuditEntry.id)
        return [(row.who, row.action, row.object) for row in rows]


def test_every_route_that_is_to_be_recorded_exists(app):
    wanted = {*watch.SIGN_IN, *watch.DEEDS, *watch.READS}
    assert wanted - set(app.view_functions) == set()


def test_every_route_of_the_staff_is_recorded_or_is_known_not_to_be(app):
    parts = ("/desk", "/editor", "/accounts", "/account", "/audit")
    theirs = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if any(rule.rule == part or rule.rule.startswith(f"{part}/") for part in parts)
    }
    recorded = {*watch.SIGN_IN, *watch.DEEDS, *watch.READS}
    assert theirs - recorded == UNRECORDED


def test_sign_ins_right_wrong_and_slowed_are_recorded_and_no_unknown_name_is(app):
    anna = Person(app, "anna", "安娜", "agent")
    anna.sign_in()
    client = app.test_client()
    for _ in range(6):
        anna.sign_in("wrong", "198.51.100.7", client)
    form = csrf(client.get("/desk/login").get_data(as_text=True))
    sent = {"name": "my secret pass", "password": "x", "csrf_token": form}
    client.post("/desk/login", data=sent)
    anna.post("/desk/logout")
    assert [(who, action) for who, action, _ in entries(app)] == [
        ("anna", "sign-in"), *[("anna", "sign-in-wrong")] * 5, ("anna", "sign-in-slowed"),
        ("", "sign-in-wrong"), ("anna", "sign-out"),
    ]  # fmt: skip


def test_reading_a_conversation_that_is_not_ones_own_is_recorded_once(app, anna, client):
    xiaolin = Customer(client)
    xiaolin.say("钱没到账")
    for _ in range(3):
        path = f"/conversations/{xiaolin.id}?reason=客户来电，卡号6222021234567890128"
        assert anna.get(path).status_code == 200
    read = [one for one in entries(app) if one[1] == "read"]
    assert read == [("anna", "read", xiaolin.id)]
    with app.extensions["database"].read() as session:
        entry = session.query(AuditEntry).filter_by(action="read").one()
        reason = chain.reason_of(session, entry)
    assert "客户来电" not in entry.reason, "sealed under the conversation's key"
    assert reason.startswith("客户来电")
    assert "6222021234567890128" not in reason


def test_reading_ones_own_is_not(app, bot, client):
    anna = Colleague(app, "anna", "安娜")
    xiaolin = Customer(client)
    bot.replies = lambda body: [{"custom": {"command": "escalate", "topic": "refund",
                                            "reason": "asked", "card": {}}}]  # fmt: skip
    xiaolin.say("转人工")
    assert anna.post(f"/conversations/{xiaolin.id}/claim").status_code == 200
    anna.get(f"/conversations/{xiaolin.id}")
    assert [action for _, action, _ in entries(app)] == ["sign-in"]


def test_changes_of_accounts_are_recorded_with_who_did_them(app):
    zhou = Person(app, "zhou", "老周", "lead")
    zhou.sign_in()
    zhou.post("/accounts", name="anna", display="安娜", role="agent")
    zhou.post("/accounts/2/role", role="editor")
    assert entries(app)[1:] == [
        ("zhou", "account-add", "anna"),
        ("zhou", "account-change", "2 role editor"),
    ]


def test_the_auditor_sees_the_record_and_nobody_else_does(app):
    auditor = Person(app, "he", "小何", "auditor")
    zhou = Person(app, "zhou", "老周", "lead")
    zhou.sign_in()
    assert auditor.sign_in().status_code == 303
    assert auditor.client.get("/desk").headers["Location"] == "/audit"
    page = auditor.client.get("/audit?verify=1").get_data(as_text=True)
    assert "2 条记录完整" in page
    assert "zhou" in page
    assert "zhou" in auditor.client.get("/audit/table.csv?who=zh").get_data(as_text=True)
    assert entries(app)[-1] == ("he", "export", "")
    assert zhou.client.get("/audit").status_code == 302
    assert zhou.client.get("/audit/table.csv").status_code == 302


def test_the_database_refuses_to_change_or_delete_an_entry(app):
    database = app.extensions["database"]
    with database.write() as session:
        chain.append(session, Deed("anna", "read", "abc"), utc_now())
    for statement in ("UPDATE audit_entries SET who = 'zhou'", "DELETE FROM audit_entries"):
        with pytest.raises(DBAPIError), database.write() as session:
            session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "wrong", "why"),
    [
        ("UPDATE audit_entries SET who = 'zhou' WHERE id = 3", 3, "changed"),
        ("DELETE FROM audit_entries WHERE id = 3", 3, "missing"),
        ("DELETE FROM audit_entries WHERE id = 5", 5, "cut off"),
    ],
)
def test_whoever_gets_around_that_is_found_out(app, statement, wrong, why):
    database = app.extensions["database"]
    for number in range(5):
        with database.write() as session:
            chain.append(session, Deed("anna", "read", str(number)), utc_now())
    with database.write() as session:
        assert chain.verify(session).wrong is None
        for verb in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER audit_entries_no_{verb}"))
        session.execute(text(statement))
    with database.read() as session:
        verdict = chain.verify(session)
    assert (verdict.wrong, verdict.why) == (wrong, why)


def test_the_command_checks_the_chain_against_what_was_noted(tmp_path, monkeypatch):
    monkeypatch.setenv("XIAOHU_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'cli.db'}")

    def run(*words: str, typed: str = ""):
        return CliRunner().invoke(main, words, input=typed)

    assert run("account", "add", "anna", typed="orange-lantern\n").exit_code == 0
    assert run("account", "close", "anna").exit_code == 0
    noted = run("audit", "verify").output.splitlines()[-1]
    assert noted.startswith("2:")
    assert run("audit", "verify", "--expect", noted).exit_code == 0
    assert run("audit", "verify", "--expect", "2:" + "0" * 64).exit_code == 1
    assert run("audit", "verify", "--expect", noted.replace("2:", "9:")).exit_code == 1
