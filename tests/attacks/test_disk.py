"""Attacks by who copies the disk: identities, names, words, pictures, the bot's memory."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import httpx
import jwt
from PIL import Image

from tests.product import JWT_SECRET, PATIENCE, Customer, Product

WORD, NAME, WHO = "鹦鹉螺咖啡馆", "欧阳明月", "customer-ouyang-0042"
SOUGHT, REASON = "鹦鹉螺会员卡怎么退", "鹦鹉螺那段没说清"


def lie_in(product: Product, word: str) -> set[str]:
    """Find the files below the product's folder that hold a word, as it is or as JSON writes it."""
    spelled = word.encode(), json.dumps(word)[1:-1].encode()
    return {
        path.name
        for path in product.folder.rglob("*")
        if path.is_file() and not {"index", "learned", "models"} & set(path.parts)
        if any(one in path.read_bytes() for one in spelled)
    }


def test_a_copied_disk_tells_nobody_and_nothing_that_was_said_asked_sent_or_remembered(
    product: Product,
) -> None:
    claims = {"sub": WHO, "name": NAME, "exp": datetime.now(UTC) + timedelta(hours=1)}
    mingyue = Customer(product.url, "app", jwt.encode(claims, JWT_SECRET, "HS256"))
    headers = {"Authorization": mingyue._http.headers["Authorization"]}
    for text in (f"在{WORD}付款扣了两次钱", "128 块", "转人工"):
        mingyue.say(text)
    raw = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(raw, "PNG")
    base = f"{product.url}/api/v1/conversations/{mingyue.id}"
    with httpx.Client(timeout=PATIENCE, trust_env=False, headers=headers) as http:
        http.put(f"{base}/consents", json={"purpose": "pictures", "given": True})
        path = f"{base}/attachments?client_id=picture-0001"
        sent = http.post(path, content=raw.getvalue(), headers={"Content-Type": "image/png"})
        assert sent.status_code == 201, sent.text
        shown = http.get(f"{base}/attachments/{sent.json()['event']['data']['attachment']}")
        assert shown.content[:4] == b"RIFF", "who may see it sees it"
        assert WORD in http.get(f"{base}/events").text
        found = http.get(f"{product.url}/api/v1/faqs", params={"q": SOUGHT})
        assert found.status_code == 200, found.text
        voted = http.post(
            f"{product.url}/api/v1/faqs/refund-how/feedback",
            json={"helpful": False, "reason": REASON},
        )
        assert voted.status_code < 300, voted.text
    for told in (NAME, WHO, WORD, SOUGHT, REASON, "WEBPVP8"):
        assert lie_in(product, told) == set(), told
