"""A bot that always says the same, for tests of the browser's side alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ENDS = [{"title": "解决了", "payload": "/solved"}, {"title": "没解决", "payload": "/unsolved"}]
CARD = {
    "topic": "pay_failed",
    "problem": "扫码付款一直转圈",
    "amount": "128 元",
    "tried": [{"step": "network", "result": "done"}],
}
ANSWER = {
    "faq_id": "pay-failed-network",
    "text": "请求可能没有送达。换 **Wi-Fi** 再试。\n\n1. 看「交易记录」。\n2. 再付一次。",
    "short": False,
    "buttons": ENDS,
}


def reply(message: str) -> list[dict[str, Any]]:
    """Return the stub's answer to a message or payload."""
    if message.startswith("/start"):
        return [
            {
                "text": "您好，请说说遇到的问题。",
                "buttons": [{"title": "转人工", "payload": "/human"}],
            }
        ]
    if message.startswith("/human_left"):
        return [{"text": "问题解决了吗？", "buttons": ENDS}]
    if message.startswith(("/human", "/unsolved")) or "人工" in message:
        case = {"topic": "pay_failed", "reason": "asked", "urgent": False, "card": CARD}
        return [{"text": "这就为您转接。"}, {"custom": {"command": "escalate", **case}}]
    if message.startswith("/solved"):
        return [{"text": "太好了。"}, {"custom": {"command": "resolve", "topic": "pay_failed"}}]
    if "金额" in message:
        return [{"text": "请问金额是多少？"}, {"custom": {"expects": "amount"}}]
    return [{"custom": {"answer": ANSWER}}]


class _Webhook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = json.dumps(reply(json.loads(body)["message"].strip())).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    """Serve the stub; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Webhook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
