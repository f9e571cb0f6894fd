"""The log as JSON: what happened to whose request, and nothing that anybody wrote."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import httpx
import pytest

from tests.product import Product
from web.logs import JsonFormatter

SAID = "我的秘密问题四十二"


def test_the_log_names_request_conversation_and_duration_and_no_words(tmp_path: Path) -> None:
    settings = {"XIAOHU_LOG": "json", "XIAOHU_BOT_TIMEOUT": "0.5", "XIAOHU_PROXIES": "1"}
    product = Product(tmp_path / "web", settings)
    product.start_web()
    try:
        with httpx.Client(base_url=product.url, trust_env=False, timeout=15) as http:
            opened = http.post("/api/v1/conversations", json={"channel": "help"}).json()
            answer = http.post(
                f"/api/v1/conversations/{opened['id']}/messages",
                json={"client_id": "client-0001", "text": SAID},
                headers={
                    "Authorization": f"Bearer {opened['token']}",
                    "X-Request-Id": "from-the-proxy-7",
                },
            )
            assert answer.headers["X-Request-Id"] == "from-the-proxy-7"
            http.get("/search", params={"q": SAID})
            forged = http.get("/livez", headers={"X-Request-Id": 'a"b\tc-long-enough'})
            assert len(forged.headers["X-Request-Id"]) == 32
    finally:
        product.stop("web")
    text = product.log("web")
    assert SAID not in text
    lines = [json.loads(line) for line in text.splitlines()]
    (line,) = [one for one in lines if one.get("request") == "from-the-proxy-7" and "ms" in one]
    assert line["conversation"] == opened["id"]
    assert (line["method"], line["status"]) == ("POST", 201)
    assert line["ms"] > 0
    assert [one["path"] for one in lines if one.get("path") == "/search"] == ["/search"]


def test_of_an_exception_the_place_is_written_and_not_its_message() -> None:
    with pytest.raises(ValueError, match=SAID) as caught:
        raise ValueError(SAID)
    where = (ValueError, caught.value, caught.tb)
    record = logging.LogRecord("web", logging.ERROR, "", 0, "not answered", (), where)
    written = json.loads(JsonFormatter().format(record))
    assert SAID not in json.dumps(written, ensure_ascii=False)
    assert written["exception"] == "ValueError"
    assert __file__ in written["where"][0]
