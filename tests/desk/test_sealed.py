"""A new key reaches everything that is sealed."""

from __future__ import annotations

import re

import pytest

from tests.product import ROOT
from web.accounts.models import SecondFactor
from web.desk.mails import Mail
from web.desk.models import Escalation
from web.desk.vault import Unreadable, Vault
from web.privacy import sealed

OLD, NEW = "the secret of last year", "the secret of this year"


def test_email_addresses_letters_and_second_factors_open_under_the_new_key_alone(desk):
    opened, old = desk.open(), Vault((OLD,))
    with desk.database.write() as session:
        session.add_all(
            [
                Escalation(
                    conversation_id=opened.conversation.id, reason="asked", urgent=False, card={},
                    state="ticket", created_at=desk.now, email=old.seal("lin@example.com"),
                ),
                Mail(
                    conversation_id=opened.conversation.id, kind="answer", data={},
                    address=old.seal("lin@example.com"), due_at=desk.now, created_at=desk.now,
                ),
                SecondFactor(agent_id=desk.anna.id, secret=old.seal("JBSWY3DPEHPK3PXP")),
            ]
        )  # fmt: skip
    with desk.database.write() as session:
        assert sealed.reseal(session, Vault((NEW, OLD))) == 3
    alone = Vault((NEW,))
    with desk.database.read() as session:
        assert alone.open(session.query(Escalation).one().email) == "lin@example.com"
        assert alone.open(session.query(Mail).one().address) == "lin@example.com"
        assert alone.open(session.query(SecondFactor).one().secret) == "JBSWY3DPEHPK3PXP"
        with pytest.raises(Unreadable):
            old.open(session.query(Mail).one().address)


def test_every_table_that_says_it_seals_is_reached():
    reached = {model.__name__ for model, _ in sealed.SEALED}
    said = set()
    for path in (ROOT / "web").rglob("*.py"):
        tables = re.split(
            r"^class (?=\w+\((?:Base|Words)\))", path.read_text(encoding="utf-8"), flags=re.M
        )
        for part in tables[1:]:
            doc = part.split('"""')[1] if '"""' in part else ""
            if re.search(r"\bseal", doc):
                said.add(re.match(r"\w+", part)[0])
    assert said - reached <= {"SecondFactor", "Event", "AuditEntry", "Conversation", "Words"}, (
        "sealed under a DataKey"
    )
    assert {"Callback", "Escalation", "Mail"} <= said
