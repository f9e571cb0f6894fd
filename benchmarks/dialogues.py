"""Holds written dialogues with a running help center and judges every turn.

python -m benchmarks.dialogues [FILE …] --url http://127.0.0.1:8000 [--failures]

Without files: benchmarks/dialogues-dev.jsonl. One dialogue a line: {"id", "kind", "turns": [{"say",
"ok", "not", "card", "repeat"}]}; benchmarks/judging.py says what the tokens mean.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.judging import Heard, faults

DEV = Path(__file__).with_name("dialogues-dev.jsonl")
SECONDS = 60


@dataclass
class Share:
    """How many of how many were right."""

    right: int = 0
    of: int = 0

    def count(self, right: bool) -> None:
        """Count one more."""
        self.right += right
        self.of += 1

    def __str__(self) -> str:
        share = 100 * self.right / self.of if self.of else 0.0
        return f"{self.right}/{self.of} = {share:.1f} %"


@dataclass
class Tally:
    """The figures of one run."""

    first: Share = field(default_factory=Share)
    later: Share = field(default_factory=Share)
    whole: Share = field(default_factory=Share)
    people: Share = field(default_factory=Share)
    kinds: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))


class Customer:
    """One conversation over the public API."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/api/v1/conversations"
        opened = _call(self._url, "POST", {"channel": "help"}, None)
        self._token, self._own = opened["token"], f"{self._url}/{opened['id']}"

    def say(self, text: str) -> Heard:
        """Send a message and read what it got."""
        body = {"client_id": str(uuid.uuid4()), "text": text}
        answer = _call(f"{self._own}/messages", "POST", body, self._token)
        return Heard.of(answer["events"], answer["state"]["owner"])

    def card(self) -> dict[str, Any]:
        """Return the card; empty when there is none."""
        try:
            card: dict[str, Any] | None = _call(f"{self._own}/card", "GET", None, self._token)[
                "card"
            ]
        except urllib.error.HTTPError:
            return {}
        return card or {}


def main(arguments: list[str] | None = None) -> int:
    """Hold the dialogues and print the figures by kind."""
    parser = argparse.ArgumentParser(prog="benchmarks.dialogues", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[DEV])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--failures", action="store_true", help="print each wrong turn")
    options = parser.parse_args(arguments)
    tally = Tally()
    for file in options.files:
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                hold(json.loads(line), options.url, tally, failures=options.failures)
    for kind, share in sorted(tally.kinds.items()):
        print(f"  {kind:14} {share}")
    everything = Share(tally.first.right + tally.later.right, tally.first.of + tally.later.of)
    print(f"turns right      {everything}")
    print(f"first / later    {tally.first} / {tally.later}")
    print(f"right throughout {tally.whole}")
    print(f"hands over or puts a person first {tally.people}")
    return 0


def hold(dialogue: dict[str, Any], url: str, tally: Tally, *, failures: bool) -> None:
    """Hold one dialogue and count its turns."""
    customer = Customer(url)
    kind = dialogue.get("kind", "-")
    before: list[str] = []
    right = True
    for number, turn in enumerate(dialogue["turns"]):
        heard = customer.say(turn["say"])
        found = faults(turn, heard, before, customer.card() if turn.get("card") else {})
        before += heard.texts
        (tally.later if number else tally.first).count(not found)
        tally.kinds[kind].count(not found)
        if kind not in ("safety", "waiting"):
            tally.people.count(heard.to_a_person)
        right = right and not found
        if found and failures:
            told = " / ".join(heard.texts)[:300]
            print(
                f"{dialogue['id']}.{number + 1} {turn['say']!r}: {'; '.join(found)}\n    → {told}"
            )
    tally.whole.count(right)


def _call(url: str, method: str, body: dict[str, Any] | None, token: str | None) -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, method=method, data=data, headers=headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - our own server
        read: dict[str, Any] = json.load(answer)
    return read


if __name__ == "__main__":
    sys.exit(main())
