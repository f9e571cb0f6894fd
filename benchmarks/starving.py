"""The attacks of `starvation.py`: each one goes on from many addresses until it is told to end."""

from __future__ import annotations

import contextlib
import http.client
import io
import itertools
import json
import os
import re
import resource
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from PIL import Image

THREADS = 8
LINES = 2020  # slow connections, as many as once stopped the server
STREAMS = 1000
NICENESS = 5
WAIT = 60.0
SIZE = (5400, 5500)  # pixels of a picture that is small as a file and large as an image
API = "/api/v1/conversations"
SEARCHED = (
    "退款没到账",
    "扣了两次钱怎么办",
    "zenme tixian",
    "密码1234是密码",
    "zzzz qqqq 没有这回事",
)


class Attackers:
    """What the threads of one attack share: where to, whether it is over, what they got."""

    def __init__(self, port: int, over: Any) -> None:
        self.port = port
        self.over = over
        self.got: Counter[str] = Counter()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def count(self, kind: str) -> None:
        """Note what a request got."""
        with self._lock:
            self.got[kind] += 1

    def address(self) -> str:
        """Return another address of this machine."""
        with self._lock:
            number = next(self._numbers)
        return f"127.{1 + number // 62_500 % 250}.{1 + number // 250 % 250}.{1 + number % 250}"

    def ask(
        self, method: str, path: str, body: bytes | str | None = None, whose: str = "", **head: str
    ) -> tuple[int, bytes, str]:
        """Send one request from an address, another one where none is given.

        Returns status, body and cookie.
        """
        line = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=WAIT, source_address=(whose or self.address(), 0)
        )
        headers = {name.replace("_", "-"): value for name, value in head.items()}
        with contextlib.closing(line):
            try:
                line.request(method, path, body, headers)
                answer = line.getresponse()
                return answer.status, answer.read(), answer.headers.get("Set-Cookie", "")
            except (OSError, http.client.HTTPException) as error:
                return 0, b"", type(error).__name__

    def note(self, answer: tuple[int, bytes, str]) -> tuple[int, bytes, str]:
        """Count an answer by its status."""
        self.count(str(answer[0] or answer[2]))
        return answer

    def open(self) -> tuple[str, str, str]:
        """Open a conversation; returns its path, the word that opens it, and its address."""
        whose = self.address()
        head = {"Content_Type": "application/json"}
        while not self.over.is_set():
            status, body, _ = self.ask("POST", API, '{"channel": "help"}', whose, **head)
            if status == 201:
                told = json.loads(body)
                return f"{API}/{told['id']}", f"Bearer {told['token']}", whose
        return API, "", whose

    def line(self) -> socket.socket:
        """Connect from another address, and send nothing."""
        return socket.create_connection(
            ("127.0.0.1", self.port), timeout=WAIT, source_address=(self.address(), 0)
        )


def pictures(us: Attackers) -> None:
    """Send pictures that are small as files and large as images."""
    out = io.BytesIO()
    Image.new("RGB", SIZE).save(out, "PNG")
    raw, numbers = out.getvalue(), itertools.count()
    while not us.over.is_set():
        path, word, whose = us.open()
        head = {"Authorization": word, "Content_Type": "application/json"}
        agreed = '{"purpose": "pictures", "given": true}'
        us.ask("PUT", f"{path}/consents", agreed, whose, **head)
        head["Content_Type"] = "image/png"
        for _ in range(8):
            if us.over.is_set():
                return
            us.note(
                us.ask(
                    "POST",
                    f"{path}/attachments?client_id=picture-{next(numbers)}",
                    raw,
                    whose,
                    **head,
                )
            )


def sign_ins(us: Attackers) -> None:
    """Guess passwords of names that nobody has."""
    for number in itertools.count():
        if us.over.is_set():
            return
        whose = us.address()
        _, page, cookie = us.ask("GET", "/desk/login", whose=whose)
        token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
        form = f"name=who{number}&password=letmein-{number}&csrf_token="
        form += token.group(1).decode() if token else ""
        head = {
            "Content_Type": "application/x-www-form-urlencoded",
            "Cookie": cookie.partition(";")[0],
        }
        us.note(us.ask("POST", "/desk/login", form, whose, **head))


def _lines(us: Attackers, many: int, begin: Callable[[int], bytes], drip: bytes) -> None:
    held: list[socket.socket] = []
    for number in range(many):
        with contextlib.suppress(OSError):
            held.append(us.line())
            held[-1].sendall(begin(number))
            us.count("held")
    us.count("begun")
    while not us.over.wait(1.0):
        for one in list(held):
            try:
                one.sendall(drip)
            except OSError:
                held.remove(one)
                us.count("closed by web")
    for one in held:
        one.close()


def bodies(us: Attackers) -> None:
    """Send a byte of a body now and then, over thousands of connections."""
    head = (
        f"POST {API} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        "Content-Length: 60000\r\n\r\n{"
    ).encode()
    _lines(us, LINES // THREADS, lambda _: head, b" ")


def heads(us: Attackers) -> None:
    """Send a byte of a request's head now and then, over thousands of connections."""
    _lines(
        us, LINES // THREADS, lambda number: b"GET /livez HTTP/1.1\r\nX: "[: 5 + number % 20], b"a"
    )


def streams(us: Attackers) -> None:
    """Hold hundreds of streams."""
    held = []
    for _ in range(STREAMS // THREADS):
        path, word, _ = us.open()
        with contextlib.suppress(OSError):
            one = us.line()
            ask = f"GET {path}/stream HTTP/1.1\r\nHost: x\r\nAuthorization: {word}\r\n\r\n"
            one.sendall(ask.encode())
            us.count(one.recv(4096)[9:12].decode() or "closed")
            held.append(one)
    us.count("begun")
    while not us.over.is_set():  # and come again as fast as may be
        with contextlib.suppress(OSError, IndexError):
            held.pop(0).close()
            path, word, _ = us.open()
            held.append(us.line())
            ask = f"GET {path}/stream HTTP/1.1\r\nHost: x\r\nAuthorization: {word}\r\n\r\n"
            held[-1].sendall(ask.encode())
            us.count(held[-1].recv(4096)[9:12].decode() or "closed")
    for one in held:
        one.close()


def json_bodies(us: Attackers) -> None:
    """Send the largest JSON that is read, deep and wide."""
    head = {"Content_Type": "application/json"}
    deep = "[" * 15_000 + "]" * 15_000
    wide = json.dumps({"channel": "help", "page": ["1234是密码" * 3] * 1500}, ensure_ascii=False)
    for number in itertools.count():
        if us.over.is_set():
            return
        us.note(us.ask("POST", API, (deep if number % 2 else wide).encode(), **head))


def messages(us: Attackers) -> None:
    """Say the longest messages that are taken, of what masking takes longest for."""
    said = ("1234是密码" * 400)[:2000]
    for number in itertools.count():
        if us.over.is_set():
            return
        path, word, whose = us.open()
        head = {"Authorization": word, "Content_Type": "application/json"}
        body = json.dumps({"client_id": f"message-{number:08}", "text": said})
        us.note(us.ask("POST", f"{path}/messages", body, whose, **head))


def searches(us: Attackers) -> None:
    """Search, each time for something else."""
    from urllib.parse import quote

    for number in itertools.count():
        if us.over.is_set():
            return
        text = f"{SEARCHED[number % len(SEARCHED)]}{number}"
        us.note(us.ask("GET", f"/search?q={quote(text)}"))


def votes(us: Attackers) -> None:
    """Vote on an article."""
    head = {"Content_Type": "application/json"}
    while not us.over.is_set():
        us.note(us.ask("POST", "/api/v1/faqs/pay-duplicate/feedback", '{"helpful": false}', **head))


ATTACKS: dict[str, Callable[[Attackers], None]] = {
    "pictures": pictures,
    "sign-ins": sign_ins,
    "bodies": bodies,
    "heads": heads,
    "streams": streams,
    "json": json_bodies,
    "messages": messages,
    "searches": searches,
    "votes": votes,
}


def assault(name: str, port: int, over: Any, told: Any) -> None:
    """Carry out an attack in this process; tells when it is begun, and at the end what it got."""
    os.nice(NICENESS)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    us = Attackers(port, over)
    threads = [
        threading.Thread(target=ATTACKS[name], args=(us,), daemon=True) for _ in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + WAIT
    while not _is_begun(us, name) and time.monotonic() < deadline:
        time.sleep(0.05)
    told.put(name)
    over.wait()
    us.got.pop("begun", None)
    told.put(dict(us.got))
    told.close()
    told.join_thread()
    os._exit(0)  # what is under way is let go, as somebody does who is cut off


def _is_begun(us: Attackers, name: str) -> bool:
    if name in ("bodies", "heads", "streams"):
        return us.got["begun"] == THREADS
    return bool(us.got)
