"""Drafts: who may publish what, when its time comes, and what is live until then."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from faq.errors import Collision
from faq.findings import Finding
from faq.history import open_history
from faq.store import Store
from tests.desk.conftest import NOW
from web.desk.database import Database
from web.desk.models import Agent
from web.publishing import drafts
from web.publishing.duty import Duty
from web.publishing.gate import Gate
from web.publishing.hand import Hand
from web.publishing.judging import Unfit
from web.publishing.ledger import Ledger
from web.publishing.releases import Releases

NAME, TO = "faq/payment/pay-failed.md", "faq/fee/pay-refused.md"
CHEN, WU, LI = 1, 2, 3  # 小陈 and 小吴 write, 老李 publishes
SHOWN = {CHEN: "小陈", WU: "小吴", LI: "老李"}


class Office:
    """A content folder where changes are reviewed; `bad` is what the checks refuse."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.data, self.database, self.writes = folder / "data", database, 0
        self.write("已发布\n")
        self.ledger = Ledger(database)
        self.gate = Gate(folder / "var" / "index", lambda work: work())
        history = open_history(self.data, self.ledger)
        self.store = Store(self.data, folder / "var", history, admit=self.gate.admit)
        self.bad = "坏"
        self.releases = Releases(database, self.store, self.judge)
        self.duty = self.begin()
        self.duty.carry_out(NOW)

    def begin(self) -> Duty:
        """Start another process's duty."""
        hand = Hand(self.data, self.store, self.ledger, lambda work: work())
        parts = (self.database, self.ledger, self.store, hand, self.releases, self.gate)
        return Duty(*parts, review=True)

    def judge(self, name: str, text: str | None, instead: str | None) -> list[Finding]:
        values = {"why": "写坏了", "fix": "改好"}
        bad = self.bad in ("删掉" if text is None else text)
        return [Finding(self.data / name, 1, "schema", "error", "file", values)] if bad else []

    def write(self, said: str, name: str = NAME) -> None:
        path = self.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said, encoding="utf-8")
        self.writes += 1
        past = NOW.timestamp() - 60 + self.writes
        os.utime(path, (past, past))

    def live(self) -> str:
        return (self.data / NAME).read_text(encoding="utf-8")

    def propose(self, said: str | None, seen: str = "", account: int = CHEN, **more: object):
        base = self.store.read(NAME).version
        given = {"name": NAME, "target": NAME, "text": said, "base": base, "deed": "edit"}
        given |= {
            "who": SHOWN[account],
            "account": account,
            **more,
        }
        state = given.pop("state", "waiting")
        with self.database.write() as session:
            wish = drafts.Proposal(**given)  # type: ignore[arg-type]
            return drafts.put(session, wish, seen, NOW, state)  # type: ignore[arg-type]

    def now(self, draft_id: int):
        with self.database.read() as session:
            return drafts.get(session, draft_id)

    def may(self, draft, account: int, role: str, *, review: bool = True) -> bool:
        with self.database.read() as session:
            agent = Agent(id=account, role=role)
            return drafts.may_publish(session, draft, agent, review=review)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


def test_a_draft_is_not_live_until_somebody_else_publishes_it(office: Office) -> None:
    draft = office.propose("小陈的\n", reason="步骤过时")
    assert office.live() == "已发布\n"
    office.releases.publish(draft.id, draft.edition, "老李", LI, NOW)
    assert office.live() == "小陈的\n"
    newest = office.store.versions(NAME)[0]
    assert (newest.who, newest.reason, newest.live) == ("小陈", "步骤过时", True)
    assert newest.by == "老李"
    assert (office.now(draft.id).state, office.now(draft.id).decided_by) == ("published", "老李")


def test_nobody_publishes_what_they_wrote_themselves(office: Office) -> None:
    draft = office.propose("小陈的\n")
    assert not office.may(draft, CHEN, "editor")
    assert not office.may(draft, WU, "editor")
    assert office.may(draft, LI, "publisher")
    mine = office.propose("老李改的\n", drafts.token(draft), LI)
    assert not office.may(mine, LI, "publisher")  # it is partly theirs now
    assert not office.may(mine, LI, "lead")
    assert office.may(mine, LI, "publisher", review=False)
    assert office.may(mine, CHEN, "editor", review=False)


def test_of_two_who_save_the_same_draft_the_second_is_told(office: Office) -> None:
    draft = office.propose("小陈的\n")
    seen = drafts.token(draft)
    office.propose("小吴的\n", seen, WU)
    with pytest.raises(Collision) as caught:
        office.propose("小陈又改的\n", seen)
    assert caught.value.now == "小吴的\n"
    with pytest.raises(Collision):  # an edition that the publisher did not see
        office.releases.publish(draft.id, draft.edition, "老李", LI, NOW)
    assert office.live() == "已发布\n"
    said = [(item.who, item.live) for item in office.store.versions(NAME)]
    assert said == [("小吴", False), ("小陈", False), ("file", True)]


def test_a_scheduled_one_goes_live_at_its_time_and_not_before(office: Office) -> None:
    draft = office.propose("节日的\n", state="scheduled", due=NOW + timedelta(hours=2))
    office.duty.carry_out(NOW + timedelta(hours=2) - timedelta(seconds=1))
    assert office.live() == "已发布\n"
    office.duty.carry_out(NOW + timedelta(hours=2))
    assert office.live() == "节日的\n"
    assert office.now(draft.id).state == "published"
    office.duty.carry_out(NOW + timedelta(hours=3))
    assert len([item for item in office.store.versions(NAME) if item.live]) == 2


@pytest.mark.parametrize("hinder", ["bad", "changed"])
def test_one_that_cannot_go_live_at_its_time_waits_again_with_the_reason(
    office: Office, hinder: str
) -> None:
    draft = office.propose("节日的\n", state="scheduled", due=NOW)
    if hinder == "bad":
        office.bad = "节日"
    else:
        version = office.store.read(NAME).version
        office.store.write(NAME, "急改\n", version, "老李", NOW, lambda _: None)
    office.duty.carry_out(NOW)
    assert office.live() != "节日的\n"
    assert office.now(draft.id).state == "waiting"
    with office.database.read() as session:
        (said,) = drafts.comments(session, draft.id)
    assert said.who == "clock"
    assert hinder == "changed" or "写坏了" in said.text
    office.bad = "节日"
    with pytest.raises((Unfit, Collision)):
        office.releases.publish(draft.id, office.now(draft.id).edition, "老李", LI, NOW)


def test_a_process_that_died_after_the_file_was_written_leaves_nothing_half(
    office: Office,
) -> None:
    draft = office.propose("小陈的\n", state="scheduled", due=NOW)
    version = office.store.read(NAME).version
    office.store.write(NAME, "小陈的\n", version, "小陈", NOW, lambda _: None)  # … and it died
    office.duty.carry_out(NOW)
    assert (office.live(), office.now(draft.id).state) == ("小陈的\n", "published")


def test_deletions_and_moves_wait_too(office: Office) -> None:
    gone = office.propose(None, deed="delete")
    assert office.live() == "已发布\n"
    office.bad = "删掉"  # something leads to it
    with pytest.raises(Unfit):
        office.releases.publish(gone.id, gone.edition, "老李", LI, NOW)
    assert office.live() == "已发布\n"
    with office.database.write() as session:
        drafts.decide(session, drafts.get(session, gone.id), 1, "rejected", "老李", LI, NOW)
    moved = office.propose("已发布\n", target=TO, deed="move")
    office.releases.publish(moved.id, moved.edition, "老李", LI, NOW)
    assert not (office.data / NAME).exists()
    assert (office.data / TO).read_text(encoding="utf-8") == "已发布\n"
    assert [item.deed for item in office.store.versions(TO)][:1] == ["move"]


def test_a_change_by_hand_is_a_draft_and_the_published_text_comes_back(office: Office) -> None:
    office.write("手改的\n")
    office.write("手写的\n", "faq/fee/by-hand.md")
    assert len(office.duty.carry_out(NOW)) == 2
    assert office.live() == "已发布\n"
    assert not (office.data / "faq/fee/by-hand.md").exists()
    with office.database.read() as session:
        waiting = {item.name: item for item in drafts.waiting(session)}
        said = {name: drafts.text_of(session, item) for name, item in waiting.items()}
    assert said == {NAME: "手改的\n", "faq/fee/by-hand.md": "手写的\n"}
    assert {item.author for item in waiting.values()} == {"file"}
    assert office.may(waiting[NAME], LI, "publisher")
    (office.data / NAME).unlink()
    office.duty.carry_out(NOW)
    assert office.live() == "已发布\n"
    assert office.begin().carry_out(NOW) == []  # another process finds nothing more


def test_a_change_by_hand_beside_a_colleagues_draft_is_kept_and_told(office: Office) -> None:
    draft = office.propose("小陈的\n")
    office.write("手改的\n")
    office.duty.carry_out(NOW)
    assert office.live() == "已发布\n"
    with office.database.read() as session:
        assert drafts.text_of(session, drafts.get(session, draft.id)) == "小陈的\n"
        assert [item.who for item in drafts.comments(session, draft.id)] == ["file"]
    newest = office.store.versions(NAME)[0]
    assert office.store.text_of(NAME, newest.revision) == "手改的\n"
