"""How two browsers find each other: STUN and TURN servers, with credentials that run out."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from web.settings import Settings

LIFE = timedelta(hours=2)


def servers(settings: Settings, name: str, now: datetime) -> list[dict[str, Any]]:
    """List the ICE servers for one side of a call, as RTCPeerConnection takes them.

    TURN credentials are coturn's (use-auth-secret): the name is the time at which they run out and
    an id, the password its HMAC-SHA1.
    """
    found: list[dict[str, Any]] = []
    if settings.stun_urls:
        found.append({"urls": list(settings.stun_urls)})
    if settings.turn_urls and settings.turn_secret:
        user = f"{int((now + LIFE).timestamp())}:{name}"
        mac = hmac.new(settings.turn_secret.encode(), user.encode(), hashlib.sha1)
        password = base64.b64encode(mac.digest()).decode()
        found.append({"urls": list(settings.turn_urls), "username": user, "credential": password})
    return found
