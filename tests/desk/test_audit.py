"""The chain on both databases, with many who write at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from web.audit import chain
from web.audit.chain import Deed


def test_entries_written_at_once_stand_in_one_chain(desk):
    def write(number: int) -> None:
        with desk.database.write() as session:
            chain.append(session, Deed("anna", "read", str(number)), desk.now)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(24)))
    with desk.database.read() as session:
        verdict = chain.verify(session)
    assert (verdict.entries, verdict.wrong) == (24, None)
    with pytest.raises(DBAPIError), desk.database.write() as session:
        session.execute(text("DELETE FROM audit_entries"))
