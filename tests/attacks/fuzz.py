"""Any request against every operation of the document: `python -m tests.attacks.fuzz [cases]`.

Each case takes an operation and makes its parameters, body, headers and token up: fitting, nearly
fitting, or rubbish. No answer may be a fault of ours (5xx), every refusal is a problem document;
503 with Retry-After is a refusal as well. Seeded: the same number of cases asks the same.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask

CASES = 10_000
SEED = 20261129
RUBBISH: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1.5, float("inf"), "", " ", "\x00", "\ud800", "a" * 3000, "密码",
    "../../etc/passwd", "%00", "'; DROP TABLE x; --", "{{7*7}}", "${jndi:ldap://x}", [], {}, [[]],
    {"$ne": None}, "2026-13-45T99:99:99Z", "2026-11-30T10:00:00Z", "/human", "\u202e", "-0", "NaN",
)  # fmt: skip
HEADERS = (
    {}, {"Last-Event-ID": "99999999999999999999"}, {"Last-Event-ID": "-1"}, {"Range": "bytes=9-1"},
    {"Xiaohu-Identity": "x" * 300}, {"If-None-Match": '"x'}, {"Accept-Encoding": "br;q=x"},
    {"Content-Encoding": "gzip"}, {"Cookie": "desk=x; desk=y"}, {"X-Request-Id": "\u00ff"},
    {"Accept": "text/html"}, {"Expect": "100-continue"}, {"X-HTTP-Method-Override": "DELETE"},
)  # fmt: skip


@dataclass
class Fuzz:
    """Asks an app; counts answers by status, and keeps what was wrong."""

    app: Flask
    rng: random.Random = field(default_factory=lambda: random.Random(SEED))
    got: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        self.document = self.client.get("/api/v1/openapi.json").get_json()
        self.operations = [
            (method.upper(), path, told)
            for path, methods in self.document["paths"].items()
            for method, told in methods.items()
        ]
        parts = self.app.extensions["services"]
        for limit in (parts.openings, parts.messages, parts.signals, parts.votes, parts.uploads,
                      parts.all_uploads):  # fmt: skip
            limit._burst = 1e9  # limits have tests of their own, and would hide what lies behind
        self._open()

    def run(self, cases: int) -> None:
        """Ask so many times."""
        for at in range(cases):
            if at % 200 == 199:
                self._open()
            self._ask(*self.rng.choice(self.operations))

    def _open(self) -> None:
        opened = self.client.post("/api/v1/conversations", json={"channel": "help"})
        assert opened.status_code == 201, opened.get_data(as_text=True)
        told = opened.get_json()
        self.conversation, self.token = told["id"], told["token"]

    def _ask(self, method: str, path: str, told: dict[str, Any]) -> None:
        address, query = "/api/v1" + path, {}
        for one in told.get("parameters", ()):
            value = self._text(one["name"])
            if one["in"] == "path":
                address = address.replace(f"{{{one['name']}}}", quote(value, safe=""))
            elif one["in"] == "query" and self.rng.random() < 0.8:
                query[one["name"]] = value
        headers = dict(self.rng.choice(HEADERS))
        ours = self.rng.random() < 0.9
        if ours:
            headers["Authorization"] = f"Bearer {self.token}"
        data, kind = self._body(told)
        got = self.client.open(
            address, method=method, query_string=query, headers=headers, data=data,
            content_type=kind, buffered=False,
        )  # fmt: skip
        try:
            self._judge(method, address, got, data)
        finally:
            got.close()
        if ours and (got.status_code == 401 or (method == "DELETE" and got.status_code == 204)):
            self._open()  # it was signed out, or erased

    def _judge(self, method: str, address: str, got: Any, data: Any) -> None:
        self.got[got.status_code] += 1
        asked = f"{method} {address} {data!r:.200}"
        refusal = got.status_code == 503 and "Retry-After" in got.headers
        if got.status_code >= 500 and not refusal:
            self.faults.append(f"{got.status_code}: {asked}")
        elif got.status_code >= 400:
            if got.mimetype != "application/problem+json":
                self.faults.append(f"{got.status_code} without a problem document: {asked}")
            elif json.loads(got.get_data())["status"] != got.status_code:
                self.faults.append(f"{got.status_code} tells another status: {asked}")

    def _text(self, name: str) -> str:
        if name == "conversation_id" and self.rng.random() < 0.8:
            return str(self.conversation)
        if name == "faq_id" and self.rng.random() < 0.7:
            return "pay-duplicate"
        if name == "client_id" and self.rng.random() < 0.7:
            return f"client-{self.rng.randrange(10**6):06}"
        value = self.rng.choice(RUBBISH)
        return str(value).encode("utf-8", "replace").decode() or "x"

    def _body(self, told: dict[str, Any]) -> tuple[Any, str | None]:
        content = told.get("requestBody", {}).get("content", {})
        if not content:
            raw = self.rng.choice((None, b"", b"x" * 100, b"\x89PNG\r\n\x1a\n", b"{}"))
            return raw, self.rng.choice((None, "image/png", "application/json"))
        dice = self.rng.random()
        if dice < 0.05:
            return self.rng.choice(
                (b"", b"{", b"\xff", b"[" * 5000, b"1" * 5000)
            ), "application/json"
        if dice < 0.08:
            return "text=a", self.rng.choice(("text/plain", "application/x-www-form-urlencoded"))
        schema = next(iter(content.values()))["schema"]
        return json.dumps(self._made(schema, 0)), "application/json"

    def _made(self, schema: dict[str, Any], depth: int) -> Any:
        """Make a value for a schema: often fitting, sometimes not."""
        if self.rng.random() < 0.12 or depth > 5:
            return self.rng.choice(RUBBISH)
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            return self._made(self.document["components"]["schemas"][name], depth)
        for key in ("anyOf", "oneOf", "allOf"):
            if key in schema:
                return self._made(self.rng.choice(schema[key]), depth)
        if "enum" in schema:
            return self.rng.choice(schema["enum"])
        if "const" in schema:
            return schema["const"]
        kind = schema.get("type")
        if kind == "object":
            return {
                name: self._made(one, depth + 1)
                for name, one in schema.get("properties", {}).items()
                if name in schema.get("required", ()) or self.rng.random() < 0.6
            }
        if kind == "array":
            most = self.rng.choice((0, 1, 3))
            return [self._made(schema.get("items", {}), depth + 1) for _ in range(most)]
        if kind in ("integer", "number"):
            low, high = schema.get("minimum", -5), schema.get("maximum", 10**12)
            return self.rng.choice((low, high, self.rng.randint(int(low), int(high))))
        if kind == "boolean":
            return self.rng.random() < 0.5
        if kind == "null":
            return None
        if "pattern" in schema:
            return f"client-{self.rng.randrange(10**6):06}"
        return self.rng.choice(
            ("怎么退款", "转人工", "2026-12-01T10:00:00+08:00", "13812345678", "a")
        )


def main() -> int:
    """Ask an app of its own, and print what came of it; 1 where anything was wrong."""
    from tests import desk_database
    from web.app import create_app
    from web.settings import ROOT, Settings

    cases = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        (var / "index").symlink_to(ROOT / "var" / "index")
        desk_database.lay_out(var / "xiaohu.db")
        settings = Settings(
            data=ROOT / "data",
            var=var,
            secret_key="a secret of the fuzz",
            bot_url="http://127.0.0.1:9",
        )
        app = create_app(settings)
        app.testing = False
        fuzz = Fuzz(app)
        fuzz.run(cases)
        app.extensions["services"].close()
    print(f"{cases} cases: {dict(sorted(fuzz.got.items()))}")
    for fault in fuzz.faults[:50]:
        print(fault)
    print(f"{len(fuzz.faults)} faults")
    return 1 if fuzz.faults else 0


if __name__ == "__main__":
    sys.exit(main())
