"""How many questions lie before the right next step, for each flow: by hand, and with the wallet.

    python -m benchmarks.wallet_questions [--told]

Starts web, bot and the sandbox, holds each dialogue of wallet_questions.yml twice, by a stranger
and by a customer whom the sandbox knows, and prints a table. Both begin with the same words and are
answered truthfully, by buttons where one is true. The right next step is a piece of the answer, or
its FAQ, or a person who has the case. --told prints what was said. Ends with 1 where the wallet
asks more than half of what is asked by hand in any flow.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from werkzeug.serving import make_server

from benchmarks.load import ROOT, Tree
from sandbox.__main__ import Quiet, link
from sandbox.app import create_app
from sandbox.store import Store

SITUATIONS = Path(__file__).with_name("wallet_questions.yml")
MOST = 14  # questions in one dialogue
SECONDS = 60
SECRETS = {
    "XIAOHU_WALLET_SECRET": "between the sandbox and the help center",
    "XIAOHU_JWT_SECRET": "what the sandbox signs its customers with",
}
Event = dict[str, Any]


class NoWay(Exception):
    """A dialogue did not reach its next step; the message is what was said."""


@dataclass(frozen=True)
class Situation:
    """One dialogue.

    flow: what it is about. like: a customer of the sandbox. says: what they write. picks: a piece
    of the transaction that they tap, None where none is offered. step: a piece of the right next
    step as the wallet leads to it, "" for a person. by_hand: the FAQ that says it without one, "-"
    for a person. presses: titles of the buttons that are true for them.
    """

    flow: str
    name: str
    like: str
    says: str
    picks: str | None
    step: str
    by_hand: str
    presses: tuple[str, ...]


def read(path: Path = SITUATIONS) -> tuple[list[Situation], dict[str, str]]:
    """Read the situations, and what is typed where no button is true, by what the bot asks for."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    situations = [
        Situation(**{**one, "presses": tuple(one["presses"])}) for one in found["situations"]
    ]
    return situations, found["typed"]


@dataclass
class Talk:
    """One customer's conversation over the public API. lines: what was said so far."""

    url: str
    identity: str | None = None
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        body = {"channel": "app" if self.identity else "help"}
        body |= {"identity": self.identity} if self.identity else {}
        opened = self._call("", body)
        self._own, self._token = opened["id"], opened["token"]
        self.owner = opened["state"]["owner"]

    def send(self, text: str, payload: str | None = None) -> list[Event]:
        """Type a message, or press a button with its payload; returns the events it caused."""
        body = {"client_id": uuid.uuid4().hex, "text": text}
        body |= {"payload": payload} if payload else {}
        answer = self._call(f"/{self._own}/messages", body)
        self.owner = answer["state"]["owner"]
        events: list[Event] = answer["events"]
        self.lines += [f"客户：{text}", *(f"小狐：{said}" for said in _texts(events))]
        return events

    def _call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        head = {"Content-Type": "application/json"}
        if path:
            head["Authorization"] = f"Bearer {self._token}"
        address = f"{self.url}/api/v1/conversations{path}"
        sent = urllib.request.Request(address, json.dumps(body).encode(), head)  # noqa: S310
        with urllib.request.urlopen(sent, timeout=SECONDS) as answer:  # noqa: S310
            told: dict[str, Any] = json.load(answer)
        return told


def count(talk: Talk, one: Situation, typed: dict[str, str], *, wallet: bool) -> int:
    """Count the questions until the right next step, or a person; raises NoWay."""
    events = talk.send(one.says)
    for asked in range(MOST):
        answered = [event["data"].get("faq_id") for event in events]
        step = one.step if wallet else ""
        reached = step in "\n".join(_texts(events)) if step else False
        if not wallet:
            reached = one.by_hand in answered
        if reached or talk.owner != "bot":
            return asked
        buttons = [
            (button["title"], button["payload"])
            for event in events
            for button in event["data"].get("buttons", [])
        ]
        picked = [pair for pair in buttons if wallet and one.picks and one.picks in pair[0]]
        true = [pair for title in one.presses for pair in buttons if pair[0] == title]
        asks = [event["data"].get("expects") for event in events]
        words = next((typed[kind] for kind in reversed(asks) if kind in typed), "是的")
        events = talk.send(*(picked or true or [(words,)])[0])
    raise NoWay("\n".join([*talk.lines, f"✗ 没有走到下一步：{one.name}"]))


def _texts(events: list[Event]) -> list[str]:
    return [
        event["data"]["text"]
        for event in events
        if event["type"] == "message" and event["actor"]["kind"] == "bot"
    ]


@contextmanager
def served_sandbox() -> Iterator[tuple[str, Store]]:
    """Serve a sandbox on a free port: its address and its books."""
    store = Store()
    store.fill(datetime.now(UTC))
    app = create_app(store, SECRETS["XIAOHU_WALLET_SECRET"])
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", store
    finally:
        server.shutdown()
        server.server_close()
        store.close()


def table(rows: list[tuple[Situation, int, int]]) -> str:
    """Write the dialogues flow by flow, with a sum of each flow and of all."""
    lines = ["| 流程 | 情形 | 手工 | 有钱包 |", "| --- | --- | --- | --- |"]
    for flow in dict.fromkeys(one.flow for one, _, _ in rows):
        own = [row for row in rows if row[0].flow == flow]
        lines += [f"| {flow} | {one.name} | {hand} | {known} |" for one, hand, known in own]
        if len(own) > 1:
            sums = [sum(row[side] for row in own) for side in (1, 2)]
            lines.append(f"| {flow} | 小计 | {sums[0]} | {sums[1]} |")
    sums = [sum(row[side] for row in rows) for side in (1, 2)]
    return "\n".join([*lines, f"| 合计 | | {sums[0]} | {sums[1]} |"])


def main() -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wallet_questions")
    parser.add_argument("--told", action="store_true", help="print what was said, too")
    told = parser.parse_args().told
    situations, typed = read()
    rows = []
    with tempfile.TemporaryDirectory(prefix="xiaohu-wallet-") as folder, served_sandbox() as served:
        tree = Tree(ROOT, Path(folder) / "var")
        tree.env |= {**SECRETS, "XIAOHU_WALLET_URL": served[0]}
        tree.start()
        try:
            for one in situations:
                talks = Talk(tree.url), Talk(tree.url, _identity(served[1], one))
                counts = [
                    count(talk, one, typed, wallet=bool(side)) for side, talk in enumerate(talks)
                ]
                rows.append((one, counts[0], counts[1]))
                if told:
                    for title, talk in zip(("手工", "有钱包"), talks, strict=True):
                        print("\n".join([f"## {one.name} · {title}", *talk.lines, ""]))
        finally:
            tree.stop()
    print(table(rows))
    flows = [[row for row in rows if row[0].flow == flow] for flow in {row[0].flow for row in rows}]
    return int(any(sum(row[2] for row in own) * 2 > sum(row[1] for row in own) for own in flows))


def _identity(store: Store, one: Situation) -> str:
    """Sign in somebody new, in the situation of a customer of the sandbox."""
    customer = store.newcomer(one.like, uuid.uuid4().hex[:6])
    address = link("", customer, "小林", SECRETS["XIAOHU_JWT_SECRET"], datetime.now(UTC))
    return address.partition("token=")[2]


if __name__ == "__main__":
    sys.exit(main())
