"""What pages and calls cost in a whole web application, for `benchmarks.history`.

Each is asked as a browser does it, by somebody who is signed in for it; the bot is away, so that
messages are answered by search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

import search
from web.app import create_app
from web.assistant.owed import sweep as finish_owed
from web.desk import agents
from web.desk.handout import offers
from web.desk.handout.rule import Rule
from web.desk.models import Conversation
from web.desk.rota import arrivals
from web.health import metrics
from web.notifications import tips
from web.privacy import retention, seal
from web.settings import Settings
from web.wallet import notices
from web.watch import sweep

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "only for this benchmark"  # noqa: S105
SECRET = "of this benchmark only"  # noqa: S105
ROLES = {"anna": "agent", "lao-zhou": "lead", "chen": "editor", "audit": "auditor"}
MINUTE = timedelta(minutes=1)
Job = Callable[[], Any]


@dataclass
class Site:
    """A running application on a database of its own, and who is signed in."""

    folder: Path
    engine: search.Engine
    url: str = ""  # of the database, SQLite in the folder when unset
    clients: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings = Settings(
            data=ROOT / "data",
            var=self.folder,
            database_url=self.url,
            secret_key=SECRET,
            bot_url="http://127.0.0.1:9",
            ops_token="of this benchmark only",  # noqa: S106
        )
        self.app = create_app(settings, self.engine)
        self.parts = self.app.extensions["services"]
        self.parts.messages.take = lambda *_: None  # more than a person writes
        for name, role in ROLES.items():
            with self.parts.database.write() as session:
                agents.add(session, name, name, PASSWORD, datetime.now(UTC), role=role)
            client = self.clients[name] = self.app.test_client()
            page = client.get("/desk/login").get_data(as_text=True)
            found = re.search(r'csrf[^<>]*?(?:content|value)="([^"]+)"', page)
            form = {"name": name, "password": PASSWORD, "csrf_token": found[1] if found else ""}
            _check(client.post("/desk/login", data=form), 303)
        self.customer = self.app.test_client()
        opened = self.customer.post("/api/v1/conversations", json={"channel": "app"}).get_json()
        self.path = f"/api/v1/conversations/{opened['id']}"
        self.headers = {"Authorization": f"Bearer {opened['token']}"}
        self.said = 0

    def jobs(self) -> dict[str, Job]:
        """Name what people ask for, and what is done every few seconds."""
        today = datetime.now(UTC).date()
        month = f"first={today - timedelta(days=27)}&last={today}"
        parts, now = self.parts, lambda: datetime.now(UTC)
        waiting = self._waiting()
        rule = Rule(rings=20 * MINUTE / 60, overflow=90 * MINUTE / 60)
        return {
            "customer: opens": lambda: self._ok(
                self.customer.post("/api/v1/conversations", json={"channel": "app"})
            ),
            "customer: writes": self._write,
            "customer: reads events": lambda: self._mine("/events"),
            "customer: cases": lambda: self._ok(
                self.customer.get("/api/v1/cases", headers=self.headers)
            ),
            "customer: transcript": lambda: self._mine("/transcript"),
            "customer: copy of all": lambda: self._mine("/copy"),
            "customer: consents": lambda: self._mine("/consents"),
            "customer: callback's times": lambda: self._mine("/callback/slots"),
            "desk: page": self._page("anna", "/desk/"),
            "desk: queue": self._page("anna", "/desk/api/queue"),
            "desk: tickets": self._page("anna", "/desk/api/tickets"),
            "desk: contacts": self._page("anna", "/desk/api/board"),
            "desk: a case": self._page("anna", f"/desk/api/conversations/{waiting}"),
            "desk: their cases of before": self._page(
                "anna", f"/desk/api/conversations/{waiting}/history"
            ),
            "desk: cases by words": self._page("anna", "/desk/api/cases?q=退款"),
            "desk: own reviews": self._page("anna", "/desk/reviews"),
            "desk: own rota": self._page("anna", "/desk/rota"),
            "desk: tags": self._page("anna", "/desk/api/tags"),
            "desk: colleagues": self._page("anna", "/desk/api/agents"),
            "lead: board": self._page("lao-zhou", "/console/api/board"),
            "lead: reports of 28 days": self._page("lao-zhou", f"/console/reports?{month}"),
            "lead: words of ratings": self._page(
                "lao-zhou", f"/console/reports/{today - timedelta(days=27)}_{today}/words"
            ),
            "lead: reviews": self._page("lao-zhou", "/console/reviews"),
            "lead: rota": self._page("lao-zhou", "/console/rota"),
            "lead: accounts": self._page("lao-zhou", "/accounts"),
            "editor: list": self._page("chen", "/editor"),
            "editor: report of 28 days": self._page("chen", "/editor/report?days=28"),
            "editor: drafts": self._page("chen", "/editor/drafts"),
            "editor: what was deleted": self._page("chen", "/editor/deleted"),
            "auditor: list": self._page("audit", "/audit"),
            "operator: metrics": lambda: metrics.render(parts),
            "job: the desk": lambda: sweep(
                parts.database, parts.bus, parts.contacts.hours, parts.settings.silence,
                self._later(),
            ),
            "job: owed answers": lambda: finish_owed(
                parts.database, parts.assistant, self._later()
            ),
            "job: handing out": lambda: offers.step(
                parts.database, now(), rule, parts.settings.silence
            ),
            "job: deletion": lambda: retention.carry_out(
                parts.database, retention.read(ROOT / "data" / "retention.yml"),
                self.folder / "attachments", parts.settings.bot_memory, now(),
            ),
            "job: sealing": lambda: seal.catch_up(parts.database),
            "job: who came to a shift": lambda: arrivals.note(
                parts.database, parts.contacts.hours, parts.settings.silence, self._later()
            ),
            "job: what was not seen": lambda: parts.follower.look(now()),
            "job: outages that are over": lambda: parts.crier.look(self._later()),
            "job: kept news": lambda: notices.deliver(parts.database, parts.bus, now()),
            "job: content": lambda: parts.duty.look(self._later()),
            "job: tips": lambda: tips.send(
                parts.database, parts.bus, parts.tips(), self._zone, notices.NEVER, lambda _: True,
                self._noon(),
            ),
            "job: letters": lambda: parts.mail.deliver(now()),
        }  # fmt: skip

    def close(self) -> None:
        """Stop."""
        self.parts.close()

    def _later(self) -> datetime:
        """Give times that are apart enough for one process to be allowed each."""
        self.said += 1
        return datetime.now(UTC) + self.said * MINUTE / 20

    def _noon(self) -> datetime:
        """Give middays, each of another day."""
        self.said += 1
        day = datetime.now(self._zone()) + timedelta(days=self.said)
        return day.replace(hour=12)

    def _zone(self) -> ZoneInfo:
        return self.parts.contacts.hours.zone

    def _waiting(self) -> str:
        """Find a conversation in the queue."""
        with self.parts.database.read() as session:
            return session.scalars(
                select(Conversation.id).where(Conversation.owner == "queue").limit(1)
            ).one()

    def _write(self) -> None:
        self.said += 1
        body = {"client_id": f"history-{self.said:06d}", "text": "怎么提现到银行卡"}
        self._ok(self.customer.post(f"{self.path}/messages", json=body, headers=self.headers))

    def _mine(self, what: str) -> None:
        self._ok(self.customer.get(self.path + what, headers=self.headers))

    def _page(self, who: str, path: str) -> Job:
        return lambda: self._ok(self.clients[who].get(path))

    @staticmethod
    def _ok(answer: Any) -> None:
        _check(answer, 200, 201)


def _check(answer: Any, *statuses: int) -> None:
    if answer.status_code not in statuses:
        raise SystemExit(f"{answer.request.path} answers {answer.status}")


@contextmanager
def site(folder: Path, url: str = "") -> Iterator[Site]:
    """Run an application on the folder's database."""
    where = search.Settings(data=ROOT / "data", index=ROOT / "var" / "index")
    running = Site(folder, search.open_engine(where), url)
    try:
        yield running
    finally:
        running.close()
