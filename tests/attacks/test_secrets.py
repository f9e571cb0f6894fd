"""Attacks on the hiding of secrets: spellings that nobody listed, and places where one might stay.

How often a secret stays, and how often a harmless number is hidden, over thousands of made
messages is printed by `python -m benchmarks.secrets`; these were written apart from it.
"""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import httpx
import pytest

from tests.attacks.conftest import csrf
from tests.product import PATIENCE, WEB, Product
from web.desk.masking import Said, listen, mask

HERE = Path(__file__).parent
SECRETS, HARMLESS = (
    [line.replace("⏎", "\n").split("\t") for line in part.strip().splitlines()]
    for part in (HERE / "secrets.txt").read_text(encoding="utf-8").split("\n---\n")
)


def hidden(*messages: str) -> list[str]:
    """Mask a customer's messages in a row, each in the talk that it stands in."""
    said: list[Said] = []
    shown = []
    for text in messages:
        masked = mask(text, *listen(said))[0]
        said.append(Said("customer", text))
        shown.append(masked)
    return shown


def stays(secret: str, shown: list[str]) -> bool:
    """Tell whether more of a secret can be read than the last digits of a card."""
    left = re.sub(r"[\s\-.·,，、_]", "", "".join(shown))
    plain = re.sub(r"[\s\-.·,，、_]", "", secret)
    pieces = [plain[at : at + 5] for at in range(max(1, len(plain) - 4))]
    return any(piece in left for piece in pieces)


def test_secrets_in_new_spellings_are_hidden() -> None:
    missed = [(row, hidden(*row[1:])) for row in SECRETS if stays(row[0], hidden(*row[1:]))]
    print(f"missed {len(missed)} of {len(SECRETS)}: {missed}")
    assert len(missed) / len(SECRETS) <= 0.02, missed


def test_harmless_numbers_stay() -> None:
    false = [(row, hidden(*row)) for row in HARMLESS if hidden(*row) != row]
    assert false == []


CODE, PASSWORD, CARD = "739164", "Qz7-lotus", "6222021234567890128"


@pytest.fixture(scope="module")
def told(product: Product) -> Product:
    """Say secrets in every place that takes words, to the real web and the real bot."""
    with httpx.Client(base_url=f"{product.url}/api/v1", timeout=PATIENCE, trust_env=False) as http:
        page = f"https://shop.example/验证码{CODE}?card={CARD}"
        opened = http.post("/conversations", json={"channel": "help", "page": page}).json()
        base = f"/conversations/{opened['id']}"
        http.headers["Authorization"] = f"Bearer {opened['token']}"

        def say(text: str) -> None:
            body = {"client_id": uuid.uuid4().hex, "text": text}
            assert http.post(f"{base}/messages", json=body).status_code == 201

        for text in (
            f"验证码是{CODE}", f"我的密码是{PASSWORD}", f"卡号{CARD} 付款失败", "付款失败",
            f"我把{PASSWORD}设成了密码", f"短信说：{CODE}为您的登录验证码",
        ):  # fmt: skip
            say(text)
        http.put(f"{base}/card", json={"problem": f"密码是{PASSWORD}"})
        http.post(
            "/faqs/pay-duplicate/feedback", json={"helpful": False, "reason": f"密码{PASSWORD}"}
        )
        http.get("/faqs", params={"q": f"密码是{PASSWORD}怎么办"})
        http.get("/suggestions", params={"q": f"验证码是{CODE}"})
        http.get(f"/faqs/{CARD}")
        site = httpx.Client(base_url=product.url, timeout=PATIENCE, trust_env=False)
        site.get("/search", params={"q": f"卡号{CARD}"})
        site.get(f"/faq/验证码{CODE}")
        site.get(f"/no/{CARD}/such")
        site.post("/verify", data={"asked": CARD})
        form = dict.fromkeys(("time", "place", "steps", "problem", "wish"), f"密码是{PASSWORD}")
        site.post("/complaint", data=form)
        site.post(
            "/desk/login",
            data={
                "name": PASSWORD,
                "password": PASSWORD,
                "csrf_token": csrf(site.get("/desk/login").text),
            },
        )
        http.post(f"{base}/queue", json={})
        say(f"人呢，密码是{PASSWORD}")
        http.post(f"{base}/ticket", json={"text": f"验证码是{CODE}", "client_id": uuid.uuid4().hex})
        http.post(f"{base}/attachments?client_id=card-{CARD}", content=b"x")
        http.post(f"{base}/rating", json={"score": 1, "comment": f"密码是{PASSWORD}"})
    return product


def test_no_secret_lies_in_the_database_the_bots_memory_or_a_log(told: Product) -> None:
    spelled = [
        form.encode()
        for secret in (CODE, PASSWORD, CARD)
        for form in (secret, secret.lower(), secret.replace("-", "%2D"))
    ]
    found = [
        (path.relative_to(told.folder), one)
        for path in told.folder.rglob("*")
        if path.is_file() and not {"index", "models"} & set(path.parts)
        for one in spelled
        if one in path.read_bytes()
    ]
    assert found == []


def test_the_running_bot_holds_no_secret_in_its_memory(told: Product) -> None:
    process = Path("/proc") / str(told.processes["bot"].pid)
    held = set()
    with (process / "maps").open() as maps, (process / "mem").open("rb", 0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            if "rw" not in rights or line.rstrip().endswith(("[vvar]", "[vsyscall]")):
                continue
            low, high = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(low)
                piece = memory.read(high - low)
            except OSError:
                continue
            held |= {one for one in (CODE, PASSWORD, CARD) if one.encode() in piece}
    assert held == set()


def test_reports_and_exports_hold_no_secret(told: Product) -> None:
    copy = told.run(WEB, "-W", "ignore", "-m", "faq", "report")
    assert not any(one in copy for one in (CODE, PASSWORD, CARD))
