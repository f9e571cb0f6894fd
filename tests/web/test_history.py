"""What is asked again and again looks at no more rows because more was kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event

from tests import desk_database
from tests.desk.conftest import NOW
from web.desk import assignments, estimates, queue, tickets, turns
from web.desk.database import open_database
from web.desk.hours import Hours
from web.desk.transitions import TRANSITIONS
from web.realtime.bus import open_bus
from web.settings import ROOT, Settings
from web.watch import WITH_PEOPLE, sweep

SILENCE = Settings().silence


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
    scans = []
    with database.engine.connect() as connection:
        for statement, given in list(asked):
            if not statement.lstrip().startswith("SELECT"):
                continue
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given):
                if row[3].startswith("SCAN ") and "INDEX" not in row[3]:
                    scans.append(f"{row[3]}: {statement}")
    database.close()
    history = ("conversations", "escalations", "events", "turns", "handlings", "calls")
    assert [one for one in scans if one.split()[1].strip(":") in history] == []
