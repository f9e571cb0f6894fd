"""What is asked again and again looks at no more rows because more was kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import event

from benchmarks.history import wait
from benchmarks.pages import Site
from tests import desk_database
from tests.desk.conftest import NOW
from web.desk import assignments, estimates, queue, tickets, turns
from web.desk.database import Database, open_database
from web.desk.hours import Hours
from web.desk.transitions import TRANSITIONS
from web.realtime.bus import open_bus
from web.services import utc_now
from web.settings import ROOT, Settings
from web.watch import WITH_PEOPLE, sweep

SILENCE = Settings().silence
KEY = re.compile(r"\(SELECT data_keys\.sealed [^()]*\) AS \w+")
HISTORY = (
    *("conversations", "events", "turns", "tokens", "offers", "attachments", "asked", "feedback"),
    *("escalations", "handlings", "promises", "rings", "calls", "callbacks", "opinions", "misses"),
    *("wallet_looks", "audit_entries", "consents", "tips_sent", "customers", "data_keys"),
)


def test_every_owner_but_the_bot_is_looked_for() -> None:
    owners = {rule.target for rule in TRANSITIONS.values()}
    assert set(WITH_PEOPLE) == owners - {"bot"}


@pytest.mark.parametrize("job", ["sweep", "queue", "silent", "owed", "tickets", "waits"])
def test_a_periodic_job_reads_no_table_of_history_from_end_to_end(job: str, tmp_path: Path) -> None:
    desk_database.lay_out(tmp_path / "desk.db")
    database = open_database(f"sqlite:///{tmp_path / 'desk.db'}")
    bus = open_bus("")
    asked: list[tuple[str, tuple]] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _c, _k, statement, given, *_: asked.append((statement, given)),
    )
    jobs = {
        "sweep": lambda s: sweep(database, bus, Hours.read(ROOT / "data/hours.yml"), SILENCE, NOW),
        "queue": queue.waiting,
        "silent": lambda s: assignments.silent(s, NOW),
        "owed": turns.owed,
        "tickets": tickets.count,
        "waits": lambda s: estimates.load(s, NOW, SILENCE),
    }
    with database.read() as session:
        jobs[job](session)
    assert asked
    found = scans(database, asked)
    database.close()
    assert found == []


def test_no_page_reads_a_table_of_history_from_end_to_end(tmp_path: Path, engine) -> None:
    desk_database.lay_out(tmp_path / "xiaohu.db")
    site = Site(tmp_path, engine)
    database = site.parts.database
    wait(database, utc_now())  # a list of nobody asks for less
    found: dict[str, list[str]] = {}
    try:
        for name, job in site.jobs().items():
            asked: list[tuple[str, tuple]] = []

            def note(_c, _k, statement, given, *_rest, asked=asked):
                asked.append((statement, given))

            event.listen(database.engine, "before_cursor_execute", note)
            job()
            event.remove(database.engine, "before_cursor_execute", note)
            assert asked or name == "job: letters", f"{name} asked nothing"
            found[name] = scans(database, asked)
    finally:
        site.close()
    assert {name: one for name, one in found.items() if one} == {}


def scans(database: Database, asked: list[tuple[str, tuple]]) -> list[str]:
    """List what would read a table of history from one end on, without a limit.

    An index of a few open rows among many (`WHERE state = …`) may be read from one end on.
    """
    found = []
    with database.engine.connect() as connection:
        few = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
        partial = {row[0] for row in connection.exec_driver_sql(few)}
        for statement, given in list(asked):
            verb = statement.lstrip().split(" ", 1)[0].split("\n")[0]
            if verb not in ("SELECT", "WITH", "UPDATE", "DELETE"):
                continue
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given):
                step, _, table = row[3].partition(" ")
                # Whoever looks for a few among all may look through all to find none.
                filtered = " WHERE " in KEY.sub("", " ".join(statement.split()))
                bounded = "LIMIT" in statement and not filtered
                bounded |= table.split(" ")[-1] in partial
                # every message there ever was, every conversation that is over
                everything = "ix_events_type (type=?)" in table or (
                    "(owner=?)" in table and "bot" in given
                )
                if everything or (
                    step == "SCAN" and table.split(" ")[0] in HISTORY and not bounded
                ):
                    found.append(f"{row[3]}: {statement}")
    return found
