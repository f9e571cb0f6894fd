"""How two browsers find each other: STUN and TURN servers, with credentials that run out."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from web.settings import Settings

LIFE = timedelta(hours=2)
RELAYED = re.compile(r" typ relay\b")


def servers(settings: Settings, name: str, now: datetime) -> list[dict[str, Any]]:
    """List the ICE servers for one side of a call, as RTCPeerConnection takes them.

    TURN credentials are coturn's (use-auth-secret): the name is the time at which they run out and
    an id, the password its HMAC-SHA1.
    """
    found: list[dict[str, Any]] = []
    if settings.stun_urls and not settings.video_relay:
        found.append({"urls": list(settings.stun_urls)})
    if settings.turn_urls and settings.turn_secret:
        user = f"{int((now + LIFE).timestamp())}:{name}"
        mac = hmac.new(settings.turn_secret.encode(), user.encode(), hashlib.sha1)
        password = base64.b64encode(mac.digest()).decode()
        found.append({"urls": list(settings.turn_urls), "username": user, "credential": password})
    return found


def shown(settings: Settings, name: str, now: datetime) -> dict[str, Any]:
    """Show {"ice_servers", "relay"}: relay says that sound and picture go over the relay alone."""
    return {"ice_servers": servers(settings, name, now), "relay": settings.video_relay}


def discreet(settings: Settings, kind: str, data: Mapping[str, Any]) -> dict[str, Any] | None:
    """Leave out of a signal what would tell the other side an address; None where nothing is left.

    Only where calls go over the relay alone: a page that is not ours must not get round that.
    """
    if not settings.video_relay:
        return dict(data)
    if kind == "candidate":
        said = str(data.get("candidate", ""))
        return dict(data) if not said or RELAYED.search(said) else None
    if not isinstance(data.get("sdp"), str):
        return dict(data)
    lines = data["sdp"].splitlines(keepends=True)
    kept = [one for one in lines if not one.startswith("a=candidate:") or RELAYED.search(one)]
    return {**data, "sdp": "".join(kept)}
