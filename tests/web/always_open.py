"""A help center whose every channel is open, for the tests of callbacks, calls and pictures."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from tests.web.conftest import Customer
from web.desk import attendance
from web.desk.models import AgentSession
from web.services import utc_now

ALWAYS = "{mon-sun: '00:00-24:00'}"
OPEN = f"channels: {{chat: {ALWAYS}, callback: {ALWAYS}, video: {ALWAYS}}}\n"
ESCALATE = {"custom": {"command": "escalate", "topic": "human", "reason": "asked", "urgent": False}}


@pytest.fixture
def open_always(tmp_path: Path) -> Path:
    path = tmp_path / "hours.yml"
    path.write_text(OPEN, encoding="utf-8")
    return path


@pytest.fixture
def app(make, open_always):
    return make(hours=open_always, turn_urls=("turn:turn.example:3478",), turn_secret="coturn's")


def at_the_desk(app) -> None:
    """Every signed-in agent's console has just shown a sign of life."""
    with app.extensions["database"].write() as session:
        for row in session.query(AgentSession):
            attendance.here(session, row.token_hash, utc_now())


def call(customer: Customer, verb: str, path: str, **body):
    method = getattr(customer.client, verb)
    return method(f"{customer.base}{path}", json=body or None, headers=customer.headers)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (50, 30), "orange").save(out, "PNG")
    return out.getvalue()


def frames(response) -> list[tuple[str, dict]]:
    """Read a finished event stream."""
    found = []
    for block in response.get_data(as_text=True).split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found
