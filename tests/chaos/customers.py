"""Customers who send one message after the other, each until it is acknowledged."""

from __future__ import annotations

import itertools
import ssl
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

GIVEN_UP = 120.0  # seconds after which a customer stops trying
PATIENCE = 15.0  # seconds for one answer
AGAIN = 0.3  # seconds until the next try
SAYINGS = ("怎么提现", "银行卡绑不上", "怎么修改密码", "红包领不了", "退款多久到账", "怎么充值")
# The proxy shows a certificate of the campaign's own.
ANY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
ANY.check_hostname = False
ANY.verify_mode = ssl.CERT_NONE


@dataclass
class Talk:
    """What one customer sent and how it ended: client ids in their order, those acknowledged.

    places: the addresses that are tried one after the other.
    """

    places: Sequence[str]
    id: str = ""
    token: str = ""
    sent: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    troubles: Counter[str] = field(default_factory=Counter)

    def go_on(self, ended: threading.Event, pace: float) -> None:
        """Send one message after the other until told to end, each until it is acknowledged."""
        with httpx.Client(timeout=PATIENCE, trust_env=False, verify=ANY) as http:
            opening = {"channel": "help", "client_id": uuid.uuid4().hex}
            opened = self._until(http, "", opening)
            if opened is None:
                return
            self.id, self.token = opened["id"], opened["token"]
            for saying in itertools.cycle(SAYINGS):
                if ended.is_set():
                    return
                client_id = uuid.uuid4().hex
                self.sent.append(client_id)
                body = {"client_id": client_id, "text": saying}
                if self._until(http, f"/{self.id}/messages", body) is not None:
                    self.acknowledged.add(client_id)
                ended.wait(pace)

    def read(self) -> list[dict[str, Any]]:
        """Read all events; raises httpx.HTTPError."""
        found: list[dict[str, Any]] = []
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx.Client(timeout=PATIENCE, trust_env=False, verify=ANY) as http:
            while True:
                answer = http.get(
                    f"{self.places[0]}/api/v1/conversations/{self.id}/events",
                    params={"after": found[-1]["id"] if found else 0},
                    headers=headers,
                )
                page = answer.raise_for_status().json()["events"]
                if not page:
                    return found
                found += page

    def _until(self, http: httpx.Client, path: str, body: dict[str, str]) -> Any:
        """Post at one place after the other, as a browser does; None when given up."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        deadline = time.monotonic() + GIVEN_UP
        for place in itertools.cycle(self.places):
            try:
                url = f"{place}/api/v1/conversations{path}"
                answer = http.post(url, json=body, headers=headers)
                if answer.status_code in (200, 201):
                    return answer.json()
                self.troubles[str(answer.status_code)] += 1
            except httpx.HTTPError as error:
                self.troubles[type(error).__name__] += 1
            if time.monotonic() > deadline:
                break
            time.sleep(AGAIN)
        return None
